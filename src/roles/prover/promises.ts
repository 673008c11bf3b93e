import { hasFlag, type Flags } from "../../protocol/flags.ts";
import { decodeVote } from "../../protocol/messages.ts";
import type { L1Commit } from "../l1View.ts";
import type { ProverOwn, VoteEntry } from "./own.ts";
import type { ProverView } from "./view.ts";

/** Slots of a block that are the prover's. */
export const slotsHeld = (
  { index, key }: Pick<ProverView, "index" | "key">,
  { transcript, keys }: L1Commit,
): number[] => [...transcript.keys()].filter((slot) => transcript[slot] === index && keys[slot] === key);

/**
 * Slots that the prover has promised in a committed block: those that it holds, if its vote counts there. A proposer
 * can name whomever it likes, as often as it likes: what nobody has promised is neither paid nor owed.
 */
export function slotsPromised(
  who: Pick<ProverView, "index" | "key">,
  commit: L1Commit,
  { votes }: Pick<ProverOwn, "votes">,
): number[] {
  const entry = votes.find((vote) => vote.proposalId === commit.proposalId);
  const slots = slotsHeld(who, commit);
  return entry !== undefined && isCounted(entry, commit, slots.length) ? slots : [];
}

const isCounted = ({ capacity, vote }: VoteEntry, { commitment }: L1Commit, slots: number): boolean =>
  capacity >= slots && decodeVote(vote).minBurnBid <= commitment.terms.burnBid;

/** What L1 knows of a block's slots. */
export const knownOf = ({ candidate, handedIn }: L1Commit): Flags => candidate?.flags ?? handedIn;

export const isDelivered = (commit: L1Commit, slot: number): boolean => hasFlag(knownOf(commit), "delivered", slot);
