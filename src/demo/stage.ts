import type { Economics } from "../deploy/economics.ts";
import { PROFILES } from "../protocol/profile.ts";
import { castOf, type CastNames, type Proposer, type User } from "../sim/cast.ts";
import { openL1 } from "../sim/l1.ts";
import { realProver } from "../sim/realProver.ts";
import { economicsFor } from "../sim/windows.ts";
import { createWorld, type World } from "../sim/world.ts";
import { count, tokens } from "./format.ts";
import type { DemoOptions } from "./options.ts";
import { Tally } from "./tally.ts";

/** A world that somebody watches. */
export interface Stage extends World {
  readonly tally: Tally;
  readonly output: DemoOptions["output"];
  readonly bob: Proposer;
  readonly sally: Proposer;
  /** Comes later, with a deposit. */
  readonly newcomer: User;
}

const NAMES: CastNames = {
  provers: ["Ada", "Blaise", "Carl", "Dorothy", "Emmy"],
  proposers: ["Bob", "Sally"],
  users: ["Ines", "Juan", "Kofi", "Lena", "Mei", "Noor"],
  newcomers: ["Otto"],
};

/** A rollup with real proofs and the whole cast. */
export async function openStage(
  { profile: name, seed, rpc, prover: given, engine, output, signal }: DemoOptions,
  policies: Partial<Economics> = {},
): Promise<Stage> {
  const note = (line: string): void => output.note(line);
  const l1 = await openL1({ url: rpc, signal, onWait: note, onTime: note });
  const profile = PROFILES[name];
  const prover = given ?? (await realProver(profile, { engine }));
  try {
    const world = await createWorld({
      ...{ l1, profile, prover, signal },
      cast: castOf(seed, l1.provider, NAMES),
      economics: economicsFor(l1, profile, policies),
      // Every run has a rollup of its own, also on a node that has seen the demo before.
      label: `demo-${await l1.provider.getBlockNumber()}`,
      note,
    });
    const { cast, economics, stake } = world;
    const tally = new Tally();
    for (const _ of cast.provers) tally.registered(stake, economics.registrationFee);
    output.print(
      `\n${count(cast.provers.length, "prover")} registered: each staked ${tokens(stake)} and burned a fee of ` +
        `${tokens(economics.registrationFee)}.`,
    );
    const [bob, sally] = cast.proposers as unknown as [Proposer, Proposer];
    const [newcomer] = cast.newcomers as [User];
    return Object.assign(world, { tally, output, bob, sally, newcomer });
  } catch (error) {
    await prover.close();
    throw error;
  }
}
