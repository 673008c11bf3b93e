import { concat, keccak256 } from "ethers";
import { assertField, FIELD, TAG } from "./field.ts";
import { toHex32 } from "./hex.ts";
import { hashMany } from "./poseidon.ts";

/** Everything that L1 knows of a root proof. */
export interface RootStatement {
  readonly prevStateRoot: bigint;
  readonly nextStateRoot: bigint;
  readonly txsRoot: bigint;
  readonly fees: bigint;
  readonly l1OpCount: bigint;
  readonly txCount: bigint;
  readonly withdrawalsRoot: bigint;
  readonly dataEval: bigint;
  readonly proversRoot: bigint;
  readonly domain: bigint;
  readonly proposalId: bigint;
  readonly burnBid: bigint;
  readonly workerKey: bigint;
  readonly roundSeed: bigint;
  readonly beta: bigint;
  readonly ownKey: bigint;
  /** {@link packAssigned} of the children and, at position `arity`, the root. */
  readonly assigned: bigint;
  /** Bit i: child i voted; bit `arity`: the root's prover voted. */
  readonly mask: bigint;
  readonly childContent: readonly bigint[];
  readonly childKey: readonly bigint[];
}

/** The three public inputs that a root proof is compressed to. */
export interface RootInputs {
  /** The commitment C that is sent to L1. */
  readonly commitment: bigint;
  readonly x: bigint;
  readonly y: bigint;
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
    s.dataEval,
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

/** Compresses V: a fingerprint at a point that depends on V and on its Poseidon commitment. */
export function rootInputs(vector: readonly bigint[]): RootInputs {
  const commitment = hashMany(TAG.root, vector);
  const x = BigInt(keccak256(concat([commitment, ...vector].map(toHex32)))) % FIELD;
  const y = vector.reduceRight((sum, value) => (sum * x + value) % FIELD, 0n);
  return { commitment, x, y };
}
