import { isAccepting } from "../../protocol/phase.ts";
import { slotCount } from "../../protocol/nodes.ts";
import { laneAt } from "../../protocol/round.ts";
import { rewardOf } from "../economy.ts";
import {
  beats,
  type Bidder,
  bidIn,
  type BidPolicy,
  ceiling,
  freeBid,
  type Means,
  strongest,
  type UncleTerms,
} from "./bidding.ts";
import { bidOf, type DraftEntry, type ProposerOwn } from "./own.ts";
import type { ProposerView } from "./view.ts";

/** A draft among its rivals in the same round, on the same parent. */
export interface DraftContest extends Means {
  readonly own: Bidder;
  /** On L1: whoever has committed there means it, or pays for it. */
  readonly committed: readonly Bidder[];
  /** Of proposers without a commit, those for which votes were heard. An offer costs nothing, and may be no more. */
  readonly offered: readonly Bidder[];
  readonly uncle: UncleTerms;
}

/** Who competes with a draft. Offers without a vote do not: nobody can prove them. */
export function contestOf(view: ProposerView, own: ProposerOwn, draft: DraftEntry): DraftContest {
  const { l1, me, offers, voters, votes, values, deposits, economy, forest } = view;
  const { proposalId, parent, roundId, proverShareBps } = draft;
  const { height } = l1.round.commitRound!;
  const committed = (isAccepting(l1.round.phase) ? l1.next : l1.open).filter(
    (commit) => commit.parent === parent && commit.commitment.proposer !== me,
  );
  const hasCommitted = (proposer: string): boolean =>
    committed.some(({ commitment }) => commitment.proposer === proposer);
  const offered = offers.filter(
    ({ proposer, ...offer }) =>
      offer.roundId === roundId &&
      offer.parent === parent &&
      proposer !== me &&
      !hasCommitted(proposer) &&
      (voters.get(offer.proposalId) ?? 0) > 0,
  );
  // A block has a slot for so many.
  const inForest = (provers: number): number => Math.min(provers, slotCount(forest));
  return {
    own: {
      burnBid: bidOf(own, draft),
      provers: inForest(new Set((votes.get(proposalId) ?? []).map(({ prover }) => prover)).size),
    },
    committed: committed.map(({ provers, commitment }) => ({ provers, burnBid: commitment.terms.burnBid })),
    offered: offered.map((offer) => ({ burnBid: offer.burnBid, provers: inForest(voters.get(offer.proposalId)!) })),
    value: values.get(proposalId) ?? 0n,
    deposit: deposits[laneAt(height)],
    uncle: { ...economy, blockReward: rewardOf(economy, height), proverShareBps },
  };
}

/**
 * What the draft is offered with next. An offer binds who makes it, as votes ask for its bid, and not who only outbids
 * it: so it is raised where that may bring votes, because a rival has twice as many. All else can wait for the commit.
 */
export function offeredNext({ own, committed, offered, ...means }: DraftContest, policy: BidPolicy): bigint {
  const rivals = [...committed, ...offered];
  const best = strongest(rivals);
  return best === undefined || best.provers <= 2 * own.provers ? own.burnBid : bidIn({ own, rivals, ...means }, policy);
}

/** Whether an offer that may never be committed is ahead of the draft and of all that is on L1. */
export function isOutbidByOffer({ own, committed, offered }: DraftContest): boolean {
  const best = strongest([own, ...committed])!;
  return offered.some((offer) => !beats(best, offer));
}

/**
 * What is committed: against commits alone. Behind one that it cannot beat it stays with the most that costs nothing if
 * that one is real: if it is not, the least bid would lose to another one of the same proposer's.
 */
export function committedBid({ own, committed, uncle, ...means }: DraftContest, policy: BidPolicy): bigint {
  const bid = bidIn({ own, rivals: committed, ...means }, policy);
  const leader = strongest(committed);
  if (leader === undefined || beats({ ...own, burnBid: bid }, leader)) return bid;
  const [most, free] = [ceiling(means, policy), freeBid(own, leader, uncle)];
  const stayed = free < most ? free : most;
  return stayed > bid ? stayed : bid;
}
