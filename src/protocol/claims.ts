import { type CompressedInputs, compressInputs } from "./compressedInputs.ts";
import { MalformedError } from "./errors.ts";
import { assertField } from "./field.ts";
import { CLAIMS_PER_PROOF } from "./profile.ts";

/** That an exit is one of a block's. */
export interface ExitStatement {
  /** Of the block. */
  readonly withdrawalsRoot: bigint;
  /** {@link exitPosition} */
  readonly position: number;
  /** {@link packExit} */
  readonly packed: bigint;
}

/** What an account holds under a state root. */
export interface EscapeStatement {
  readonly stateRoot: bigint;
  readonly index: number;
  /** An address as a number. */
  readonly l1Owner: bigint;
  /** Wei. */
  readonly balance: bigint;
}

/**
 * The vector that ExitClaim opens. Unused places are 0.
 * @throws {MalformedError} unless there are 1 to `CLAIMS_PER_PROOF` claims, each for an exit
 */
export function exitClaimVector(claims: readonly ExitStatement[]): bigint[] {
  if (claims.length < 1 || claims.length > CLAIMS_PER_PROOF) {
    throw new MalformedError("count of claims", claims.length, `1 to ${CLAIMS_PER_PROOF}`);
  }
  return Array.from({ length: CLAIMS_PER_PROOF }, (_, i) => {
    const claim = claims[i];
    if (claim === undefined) return [0n, 0n, 0n];
    if (claim.packed === 0n) throw new MalformedError(`exit of claim ${i}`, 0, "an exit");
    const { withdrawalsRoot, position, packed } = claim;
    return [assertField(withdrawalsRoot, "withdrawalsRoot"), BigInt(position), assertField(packed, "packed exit")];
  }).flat();
}

/** What a proof of ExitClaim is compressed to. @throws {MalformedError} as {@link exitClaimVector} */
export function exitClaimInputs(claims: readonly ExitStatement[]): CompressedInputs {
  return compressInputs(exitClaimVector(claims));
}
