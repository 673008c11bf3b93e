import { isAccepting } from "../../protocol/phase.ts";
import { slotCount } from "../../protocol/nodes.ts";
import { type Wait, waitUntil } from "../action.ts";
import { rewardOf } from "../economy.ts";
import type { L1View } from "../l1View.ts";
import { campaignOf } from "../schedule.ts";
import { castBallot, isRival } from "./ballot.ts";
import { freeSlots } from "./capacity.ts";
import { CERTAIN, chancesOf } from "./chances.ts";
import { trustIn } from "./lapses.ts";
import type { ProverOwn } from "./own.ts";
import { type ProverAction, type ProverPolicy, type ProverView, voteKey } from "./view.ts";

/** Votes for what pays, within what it can prove; and says again what it has written down and nobody may have heard. */
export function* voting(view: ProverView, own: ProverOwn, policy: ProverPolicy): Generator<ProverAction | Wait> {
  const { l1, offers, sent } = view;
  const { commitRound, commitRoundNumber } = l1.round;
  if (commitRound === undefined || offers.length === 0) return;
  const campaign = campaignOf(l1.round);
  if (campaign !== undefined && l1.now < campaign.vote) {
    yield waitUntil(campaign.vote);
    return;
  }
  const cast = own.votes.filter(({ roundNumber }) => roundNumber === commitRoundNumber);
  const isCommitted = (id: bigint): boolean => [...l1.open, ...l1.next].some(({ proposalId }) => proposalId === id);
  for (const { proposalId } of cast)
    if (!sent.has(voteKey(proposalId)) && !isCommitted(proposalId)) yield { kind: "sayVote", proposalId };
  // Who is not eligible has nothing to promise, and who leaves promises nothing more.
  if (policy.exit || !isEligible(view)) return;
  const open = offers.filter((offer) => !isCommitted(offer.proposalId) && !cast.some((vote) => isRival(vote, offer)));
  const parentChances = chancesOf(l1);
  const isAhead = isAccepting(l1.round.phase);
  const pledges = castBallot(open, {
    ...{ blockReward: rewardOf(view.economy, commitRound.height), fairShareBps: view.economy.fairShareBps },
    ...{ slots: slotCount(view.forest), maxSlots: l1.maxSlotsPerProver, costPerSlot: policy.costPerSlot },
    eligible: l1.provers.filter((prover) => prover.isEligible).length,
    voters: view.voters,
    committed: [...rivalsOnL1(l1), ...votedFor(view, own)],
    parentChance: (parent) => (isAhead ? (parentChances.get(parent) ?? 0n) : CERTAIN),
    trust: (proposer) => trustIn(view.lapses, proposer),
    free: (parent) => freeSlots(view, own, policy, parent),
  });
  for (const pledge of pledges) yield { kind: "vote", roundNumber: commitRoundNumber, ...pledge };
}

const isEligible = ({ l1, index }: ProverView): boolean => l1.provers[index - 1]?.isEligible ?? false;

/** Blocks of the round that takes commits that are committed already. */
const rivalsOnL1 = (l1: L1View) =>
  (isAccepting(l1.round.phase) ? l1.next : l1.open).map(({ parent, provers, commitment }) => ({
    ...{ parent, provers, burnBid: commitment.terms.burnBid },
  }));

/** Offers that the prover has voted for: they stand against what it has not voted for yet. */
const votedFor = ({ l1, offers, voters }: ProverView, { votes }: ProverOwn) =>
  offers
    .filter(
      ({ proposalId }) =>
        votes.some((vote) => vote.proposalId === proposalId) &&
        ![...l1.open, ...l1.next].some((commit) => commit.proposalId === proposalId),
    )
    .map(({ parent, proposalId, burnBid }) => ({ parent, burnBid, provers: voters.get(proposalId) ?? 1 }));
