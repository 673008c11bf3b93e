import { poseidon } from "../../../src/protocol/poseidon.ts";
import { bits, tag } from "./encodings.ts";
import { isSigned, keyOf, type OraclePoint, type OracleSignature } from "./signatures.ts";

export interface OracleVote {
  readonly packed: bigint;
  readonly key: OraclePoint;
  readonly signature: OracleSignature;
}

/** A slot and what its transcript, block and bid say. */
export interface OracleSlot {
  readonly arity: number;
  readonly depth: number;
  readonly index: number;
  /** Key of its prover, 0 if none. */
  readonly key: bigint;
  readonly assigned: bigint;
  readonly burnBid: bigint;
  readonly proposalId: bigint;
}

/** `Poseidon(TAG_VOTE, proposalId, packed)`. */
export const voteMessage = (proposalId: bigint, packed: bigint): bigint => poseidon([tag("vote"), proposalId, packed]);

/** Whether the vote counts for the slot. */
export function isCounted({ packed, key, signature }: OracleVote, slot: OracleSlot): boolean {
  if (packed >= 2n ** 120n || slot.key === 0n || keyOf(key) !== slot.key) return false;
  const depth = Number(bits(packed, 112, 8));
  const index = Number(bits(packed, 80, 32));
  const covers = slot.depth >= depth && Math.floor(slot.index / slot.arity ** (slot.depth - depth)) === index;
  const capacity = bits(packed, 64, 16);
  const minBurnBid = bits(packed, 0, 64);
  if (!covers || capacity < slot.assigned || minBurnBid > slot.burnBid) return false;
  return isSigned(key, voteMessage(slot.proposalId, packed), signature);
}
