import { type EscapeStatement, exitClaimInputs, type ExitStatement } from "../protocol/claims.ts";
import { blockWithdrawalsRoot, exitPath, type PlacedExit } from "../protocol/exit.ts";
import { CLAIMS_PER_PROOF, exitsPerBase, type Profile } from "../protocol/profile.ts";
import { escapeClaimPublicInputs, exitClaimPublicInputs } from "../protocol/publicInputs.ts";
import type { State } from "../state/state.ts";
import type { CircuitInput } from "./circuitInput.ts";

/** An exit to be claimed. */
export interface ClaimedExit {
  /** All exits of its block, as executing or replaying the block gives them. */
  readonly exits: readonly PlacedExit[];
  readonly position: number;
}

/** A proof of ExitClaim to be made. */
export interface ExitClaimJob {
  /** What it shows, in the order of the claims. */
  readonly statements: readonly ExitStatement[];
  /** C, which goes to L1 with the proof. */
  readonly commitment: bigint;
  readonly publicInputs: readonly bigint[];
  readonly input: CircuitInput;
}

/** A proof of EscapeClaim to be made. */
export interface EscapeClaimJob {
  /** What it shows. */
  readonly statement: EscapeStatement;
  readonly publicInputs: readonly bigint[];
  readonly input: CircuitInput;
}

/**
 * Proves that up to `CLAIMS_PER_PROOF` exits are exits of their blocks, one block or several.
 * @throws {MalformedError} for no or too many claims, or one of no exit
 */
export function exitClaimJob(profile: Profile, claims: readonly ClaimedExit[]): ExitClaimJob {
  const paths = claims.map(({ exits, position }) => exitPath(profile, exits, position));
  const statements = claims.map(({ exits, position }): ExitStatement => {
    const { packed } = exits.find((exit) => exit.position === position)!;
    return { withdrawalsRoot: blockWithdrawalsRoot(profile, exits), position, packed };
  });
  const compressed = exitClaimInputs(statements);
  const { commitment, x, y } = compressed;
  const places = Array.from({ length: CLAIMS_PER_PROOF }, (_, i) => i);
  const noLeaves = new Array<bigint>(exitsPerBase(profile)).fill(0n);
  const noChildren = Array.from({ length: profile.levels }, () => new Array<bigint>(profile.arity).fill(0n));
  const input = {
    C: commitment,
    x,
    y,
    root: places.map((i) => statements[i]?.withdrawalsRoot ?? 0n),
    position: places.map((i) => BigInt(statements[i]?.position ?? 0)),
    exit: places.map((i) => statements[i]?.packed ?? 0n),
    leaves: places.map((i) => paths[i]?.leaves ?? noLeaves),
    children: places.map((i) => paths[i]?.children ?? noChildren),
  };
  return { statements, commitment, publicInputs: exitClaimPublicInputs(compressed), input };
}

/** The proof of what account `index` of `state` holds. @throws {OutOfRangeError} if the tree has no such index */
export function escapeClaimJob(state: State, index: number): EscapeClaimJob {
  const { key, nonce, l1Owner, balance } = state.account(index);
  const statement = { stateRoot: state.root, index, l1Owner, balance };
  const input = { ...statement, index: BigInt(index), key, nonce, children: state.path(index) };
  return { statement, publicInputs: escapeClaimPublicInputs(statement), input };
}
