import { baseContent, type Content, mergeContent, rootContent } from "../protocol/content.ts";
import { isOnCurve } from "../protocol/eddsa.ts";
import { keyHash } from "../protocol/keys.ts";
import { childSlots, firstSlot, nodeAt, slotCount } from "../protocol/nodes.ts";
import type { Profile } from "../protocol/profile.ts";
import type { Transcript } from "../protocol/transcript.ts";
import { verifyVote, type Vote, voteMismatch } from "../protocol/vote.ts";
import type { BaseTrace } from "../state/executor.ts";

/** Everything that decides what the nodes of a block prove. */
export interface PlannedBlock {
  readonly profile: Profile;
  readonly bases: readonly BaseTrace[];
  readonly domain: bigint;
  readonly proposalId: bigint;
  readonly orderCommitment: string;
  /** In BID_UNIT. */
  readonly burnBid: bigint;
  readonly roundSeed: bigint;
  readonly transcript: Transcript;
  /** Registered key of each slot's prover, 0 if unassigned or not eligible in this round. */
  readonly keys: readonly bigint[];
  /** All that were heard, valid or not. Who has heard others proves the same contents with another mask. */
  readonly votes: readonly Vote[];
}

/** The contents of all nodes, in slot order. */
export function contentsOf({ profile, bases, keys }: PlannedBlock, z: bigint): Content[] {
  const contents: Content[] = [];
  const firstBase = firstSlot(profile, profile.levels);
  for (let slot = slotCount(profile) - 1; slot >= 0; slot--) {
    if (slot >= firstBase) {
      contents[slot] = baseContent(profile.levels, bases[slot - firstBase]!, z);
      continue;
    }
    const children = childSlots(profile, slot);
    const childContents = children.map((child) => contents[child]!);
    const childKeys = children.map((child) => keys[child]!);
    contents[slot] =
      slot === 0 ? rootContent(childContents, childKeys, keys[0]!) : mergeContent(childContents, childKeys);
  }
  return contents;
}

/** For each slot a vote that counts there, if there is one. Every signature is checked once. */
export function countedVotes(
  { profile, proposalId, burnBid, keys, votes }: PlannedBlock,
  assigned: readonly number[],
): (Vote | undefined)[] {
  const wanted = new Set(keys);
  const byKey = new Map<bigint, Vote[]>();
  for (const vote of votes) {
    if (vote.proposalId !== proposalId || !isOnCurve(vote.key)) continue;
    const key = keyHash(vote.key);
    if (wanted.has(key) && verifyVote(vote)) byKey.set(key, [...(byKey.get(key) ?? []), vote]);
  }
  return keys.map((key, slot) => {
    const place = { forest: profile, proposalId, node: nodeAt(profile, slot), key, assigned: assigned[slot]!, burnBid };
    return byKey.get(key)?.find((vote) => voteMismatch(vote, place) === undefined);
  });
}
