import { firstSlot, keyOf, type Profile, vrfBeta } from "../../src/protocol/index.ts";
import type { CircuitName } from "../../src/proving/circuitInstance.ts";
import type { CircuitInput } from "../../src/proving/circuitInput.ts";
import { escapeClaimJob, exitClaimJob } from "../../src/proving/claims.ts";
import { keyOwnershipInput } from "../../src/proving/inputs.ts";
import { deposit, forcedExit } from "../state/fixtures.ts";
import { executed, payment, plan, proverSecret, vote } from "./forestFixture.ts";

/** An input for each circuit of a profile with merges, as blocks bring them. */
export function profileInputs(profile: Profile): Readonly<Record<CircuitName, () => CircuitInput>> {
  const base = firstSlot(profile, profile.levels);
  const forest =
    (slot: number, operations: Parameters<typeof executed>[1] = []) =>
    (): CircuitInput => {
      const payments = operations.length > 0 ? [] : [payment(1, 0, 0, 7n), payment(4, 0, 0)];
      const of = plan(profile, { roundSeed: 77n, votes: [vote(1)] }, executed(profile, operations, payments));
      return of.job(slot, proverSecret(of.block.transcript[slot]!)).input;
    };
  return {
    BaseRollup: forest(base),
    OperationRollup: forest(base, [deposit(6), forcedExit(2)].slice(0, profile.operationsPerBase)),
    MergeRollup: forest(1),
    RootRollup: forest(0),
    KeyOwnership() {
      const secret = proverSecret(1);
      const statement = { key: keyOf(secret), owner: 9n, domain: 5n, seed: 6n, beta: vrfBeta(secret, 6n) };
      return keyOwnershipInput(statement, secret);
    },
    ExitClaim() {
      const { exits } = executed(profile, [forcedExit(1)], [payment(4, 0, 0)]);
      return exitClaimJob(profile, [{ exits, position: exits[0]!.position }]).input;
    },
    EscapeClaim: () => escapeClaimJob(executed(profile, [deposit(200)], []).state, 200).input,
  };
}
