import type { EscapeStatement } from "./claims.ts";
import type { CompressedInputs } from "./compressedInputs.ts";
import { assertField } from "./field.ts";

/** What every node proof but the root's says of itself. */
export interface OwnStatement {
  readonly content: bigint;
  readonly domain: bigint;
  readonly proposalId: bigint;
  /** {@link nodeNumber} */
  readonly node: bigint;
  /** 0 = anonymous. */
  readonly workerKey: bigint;
  readonly roundSeed: bigint;
  readonly beta: bigint;
}

export interface BaseStatement extends OwnStatement {
  /** {@link dataPoint} */
  readonly z: bigint;
}

export interface MergeStatement extends OwnStatement {
  readonly childContent: readonly bigint[];
  readonly childKey: readonly bigint[];
  /** {@link packAssigned} */
  readonly childAssigned: bigint;
  readonly mask: bigint;
  readonly burnBid: bigint;
}

export interface KeyOwnershipStatement {
  readonly key: bigint;
  /** An address as a number. */
  readonly owner: bigint;
  readonly domain: bigint;
  readonly seed: bigint;
  readonly beta: bigint;
}

/** Public inputs of BaseRollup and OperationRollup, in order. */
export function basePublicInputs(s: BaseStatement): bigint[] {
  return canonical([s.content, s.domain, s.z, s.proposalId, s.node, s.workerKey, s.roundSeed, s.beta]);
}

/** Public inputs of MergeRollup, in order. */
export function mergePublicInputs(s: MergeStatement): bigint[] {
  return canonical([
    s.content,
    ...s.childContent,
    ...s.childKey,
    s.childAssigned,
    s.mask,
    s.burnBid,
    s.domain,
    s.proposalId,
    s.node,
    s.workerKey,
    s.roundSeed,
    s.beta,
  ]);
}

/** Public inputs of RootRollup, in order. */
export function rootPublicInputs(inputs: CompressedInputs): bigint[] {
  return compressedPublicInputs(inputs);
}

/** Public inputs of ExitClaim, in order. */
export function exitClaimPublicInputs(inputs: CompressedInputs): bigint[] {
  return compressedPublicInputs(inputs);
}

/** Public inputs of EscapeClaim, in order. */
export function escapeClaimPublicInputs({ stateRoot, index, l1Owner, balance }: EscapeStatement): bigint[] {
  return canonical([stateRoot, BigInt(index), l1Owner, balance]);
}

/** Public inputs of KeyOwnership, in order. */
export function keyOwnershipPublicInputs(s: KeyOwnershipStatement): bigint[] {
  return canonical([s.key, s.owner, s.domain, s.seed, s.beta]);
}

function compressedPublicInputs({ commitment, x, y }: CompressedInputs): bigint[] {
  return canonical([commitment, x, y]);
}

function canonical(inputs: readonly bigint[]): bigint[] {
  return inputs.map((input, i) => assertField(input, `public input ${i}`));
}
