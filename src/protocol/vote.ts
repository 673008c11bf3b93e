import { isOnCurve, publicKey, sign, verify, type PublicKey, type SecretKey, type Signature } from "./eddsa.ts";
import { OutOfRangeError } from "./errors.ts";
import { assertUint, TAG } from "./field.ts";
import { keyHash } from "./keys.ts";
import { type Forest, isWithin, type Node } from "./nodes.ts";
import { poseidon } from "./poseidon.ts";

/** "I will prove up to `capacity` nodes at or below `(depth, index)` if at least `minBurnBid` is bid." */
export interface VoteTerms {
  readonly proposalId: bigint;
  readonly depth: number;
  readonly index: number;
  readonly capacity: number;
  /** In {@link BID_UNIT}. */
  readonly minBurnBid: bigint;
}

/** A signed promise of a prover. */
export interface Vote extends VoteTerms {
  readonly key: PublicKey;
  readonly signature: Signature;
}

/** The slot that a vote is to be counted for. */
export interface VoteSlot {
  readonly forest: Forest;
  readonly proposalId: bigint;
  readonly node: Node;
  /** Key of the slot's assigned prover, 0 for none. */
  readonly key: bigint;
  /** How many slots that prover holds in all. */
  readonly assigned: number;
  readonly burnBid: bigint;
}

/** Why a vote does not count for a slot. */
export type VoteProblem =
  | "slot unassigned"
  | "another proposal"
  | "another prover"
  | "another node"
  | "over capacity"
  | "bid too low"
  | "bad signature";

/** `depth (8) << 112 | index (32) << 80 | capacity (16) << 64 | minBurnBid (64)`. @throws {OutOfRangeError} */
export function packVote({ depth, index, capacity, minBurnBid }: VoteTerms): bigint {
  return (
    (assertUint(depth, 8, "depth") << 112n) |
    (assertUint(index, 32, "index") << 80n) |
    (assertUint(capacity, 16, "capacity") << 64n) |
    assertUint(minBurnBid, 64, "minBurnBid")
  );
}

/** The signed field element. */
export function voteMessage(terms: VoteTerms): bigint {
  return poseidon([TAG.vote, terms.proposalId, packVote(terms)]);
}

export function signVote(secret: SecretKey, terms: VoteTerms): Vote {
  const { proposalId, depth, index, capacity, minBurnBid } = terms;
  const signature = sign(secret, voteMessage(terms));
  return { proposalId, depth, index, capacity, minBurnBid, key: publicKey(secret), signature };
}

/**
 * Whether the signature is the key's. Says nothing about where the vote counts. Malformed votes give false, never an
 * error.
 */
export function verifyVote(vote: Vote): boolean {
  try {
    return verify(vote.key, voteMessage(vote), vote.signature);
  } catch (error) {
    if (error instanceof OutOfRangeError) return false;
    throw error;
  }
}

/** Why `vote` does not count for `slot`, undefined if it does. The costly signature check comes last. */
export function voteProblem(vote: Vote, slot: VoteSlot): VoteProblem | undefined {
  return voteMismatch(vote, slot) ?? (verifyVote(vote) ? undefined : "bad signature");
}

/** {@link voteProblem} of a vote whose signature is known to be good. */
export function voteMismatch(vote: Vote, slot: VoteSlot): VoteProblem | undefined {
  if (slot.key === 0n) return "slot unassigned";
  if (vote.proposalId !== slot.proposalId) return "another proposal";
  if (!isOnCurve(vote.key) || keyHash(vote.key) !== slot.key) return "another prover";
  if (!isWithin(slot.forest, slot.node, vote)) return "another node";
  if (vote.capacity < slot.assigned) return "over capacity";
  return vote.minBurnBid > slot.burnBid ? "bid too low" : undefined;
}
