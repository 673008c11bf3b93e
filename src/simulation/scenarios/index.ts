import { SimulationConfigError } from "../errors.ts";
import type { Scenario } from "../scenario.ts";
import { biddingWars } from "./biddingWars.ts";
import { builders } from "./builders.ts";
import { censorship } from "./censorship.ts";
import { driftToCentre } from "./driftToCentre.ts";
import { exponentControl } from "./exponentControl.ts";
import { griefing } from "./griefing.ts";
import { l1Cost } from "./l1Cost.ts";
import { redundantProving } from "./redundantProving.ts";
import { rightsForBlocks } from "./rightsForBlocks.ts";
import { scoreSurface } from "./scoreSurface.ts";
import { severalVotesOfProvers } from "./severalVotes.ts";
import { sybilSplitting } from "./sybilSplitting.ts";
import { uncleSpam } from "./uncleSpam.ts";
import { unequalHardware } from "./unequalHardware.ts";
import { votesAndCapacity } from "./votesAndCapacity.ts";
import { votesOnL1 } from "./votesOnL1.ts";
import { windowLengths } from "./windowLengths.ts";

/** All questions, by number. */
export const SCENARIOS: readonly Scenario[] = [
  scoreSurface,
  driftToCentre,
  sybilSplitting,
  exponentControl,
  windowLengths,
  biddingWars,
  uncleSpam,
  redundantProving,
  censorship,
  griefing,
  l1Cost,
  votesOnL1,
  rightsForBlocks,
  builders,
  unequalHardware,
  severalVotesOfProvers,
  votesAndCapacity,
];

/** @throws {SimulationConfigError} listing those that there are */
export function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name || String(scenario.number) === name);
  if (found === undefined)
    throw new SimulationConfigError("scenario", name, SCENARIOS.map((scenario) => scenario.name).join(", "));
  return found;
}
