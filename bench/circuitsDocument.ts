import { DEFINITIONS, type CircuitBench } from "../src/proving/benchCircuits.ts";
import { table } from "./document.ts";

/** What `bench circuits` says to people. */
export function describeCircuits({ profile, constraints, accounts, perTransfer, perVote }: CircuitBench): string {
  const circuits = table([`circuit (profile ${profile})`, "constraints"], Object.entries(constraints));
  const marginals = table(
    [`at ${accounts.toLocaleString("en")} accounts`, "constraints", "reach", "how it is counted"],
    [
      ["one more transfer", perTransfer, "16,000", DEFINITIONS.perTransfer],
      ["one more vote", perVote, "4,900", DEFINITIONS.perVote],
    ],
  );
  return `${circuits}\n\n${marginals}`;
}
