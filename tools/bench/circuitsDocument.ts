import { DEFINITIONS, type CircuitBench } from "../../src/proving/benchCircuits.ts";
import { table } from "./document.ts";

/** What `bench circuits` says to people. */
export function describeCircuits({
  profile,
  constraints,
  devBase,
  accounts,
  perTransfer,
  perOperation,
  perClaim,
  perVote,
}: CircuitBench): string {
  const circuits = table([`circuit (profile ${profile})`, "constraints"], Object.entries(constraints));
  const marginals = table(
    [`at ${accounts.toLocaleString("en")} accounts`, "constraints", "reach", "how it is counted"],
    [
      ["one more transfer", perTransfer, "12,000", DEFINITIONS.perTransfer],
      ["one more L1 operation", perOperation, "9,000", DEFINITIONS.perOperation],
      ["one more exit claimed", perClaim, "1,200", DEFINITIONS.perClaim],
      ["one more vote", perVote, "4,000", DEFINITIONS.perVote],
    ],
  );
  const base = `The base node of transfers of dev has ${devBase.toLocaleString("en")} constraints (reach 25,000).`;
  return `${circuits}\n\n${base}\n\n${marginals}`;
}
