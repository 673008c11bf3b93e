import { type CompressedInputs, compressInputs } from "./compressedInputs.ts";
import { toLimbs } from "./blobField.ts";
import { assertField } from "./field.ts";
import type { Statement, Worker } from "./forest.ts";

/** Everything that L1 knows of a root proof. */
export interface RootStatement extends Omit<Statement, "z">, Worker {
  readonly ownKey: bigint;
  /** {@link packAssigned} of the children and, at position `arity`, the root. */
  readonly assigned: bigint;
  /** Bit i: child i voted; bit `arity`: the root's prover voted. */
  readonly mask: bigint;
  readonly childContent: readonly bigint[];
  readonly childKey: readonly bigint[];
}

/** The vector V, in order. @throws {OutOfRangeError} if a value is not canonical */
export function rootVector(s: RootStatement): bigint[] {
  const vector = [
    s.prevStateRoot,
    s.nextStateRoot,
    s.txsRoot,
    s.fees,
    s.l1OpCount,
    s.txCount,
    s.withdrawalsRoot,
    ...toLimbs(s.dataEval, "dataEval"),
    s.proversRoot,
    s.domain,
    s.proposalId,
    s.burnBid,
    s.workerKey,
    s.roundSeed,
    s.beta,
    s.ownKey,
    s.assigned,
    s.mask,
    ...s.childContent,
    ...s.childKey,
  ];
  return vector.map((value, i) => assertField(value, `V[${i}]`));
}

/** What a root proof is compressed to. @param vector {@link rootVector} */
export function rootInputs(vector: readonly bigint[]): CompressedInputs {
  return compressInputs(vector);
}
