import { setImmediate as nextTurn } from "node:timers/promises";
import { proofVerifier, type ProofVerifier } from "../proving/verifyProof.ts";
import type { NodeVerifier } from "./ports.ts";

/** Verifying keys of a forest's circuits as L1 has them, hexadecimal. */
export interface ForestKeys {
  readonly common: string;
  readonly base: string;
  readonly operations: string;
  /** `0x` when there are no merges. */
  readonly merge: string;
  readonly root: string;
}

/** Checks the proofs of a forest's nodes by the keys that L1 has. */
export function nodeVerifier({ common, base, operations, merge, root }: ForestKeys): NodeVerifier {
  const keys: Readonly<Record<string, string>> = {
    BaseRollup: base,
    OperationRollup: operations,
    MergeRollup: merge,
    RootRollup: root,
  };
  const verifiers = new Map<string, ProofVerifier>();
  return {
    async verify(name, publicInputs, proof) {
      const circuit = keys[name];
      if (circuit === undefined) return false;
      // Many may be checked in a row: others have their turn in the event loop in between.
      await nextTurn();
      const verifier = verifiers.get(name) ?? proofVerifier({ common, circuit });
      verifiers.set(name, verifier);
      return verifier.verify(publicInputs, proof);
    },
  };
}
