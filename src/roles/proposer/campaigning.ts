import { assignProvers, type Assignment } from "../../block/assign.ts";
import { isAccepting } from "../../protocol/phase.ts";
import { laneAt, roundId } from "../../protocol/round.ts";
import { type Wait, waitUntil } from "../action.ts";
import { type L1Commit, type L1View, ranking } from "../l1View.ts";
import { type Campaign, campaignOf } from "../schedule.ts";
import { committedBid, contestOf, isOutbidByOffer, offeredNext } from "./contest.ts";
import { bidOf, type DraftEntry, draftIn, intentOn, isAt, type Place, type ProposerOwn } from "./own.ts";
import { offerKey, type ProposerAction, type ProposerPolicy, type ProposerView } from "./view.ts";

/** Proposals that peers pass on in a round are few: so many drafts and raises, and the rest is for further parents. */
const MOST_OFFERS = 3;

/** Offers blocks for the round that takes commits, and commits to them. */
export function* campaigning(
  view: ProposerView,
  own: ProposerOwn,
  policy: ProposerPolicy,
): Generator<ProposerAction | Wait> {
  const { l1, me } = view;
  const { phase, commitRound, commitRoundNumber } = l1.round;
  if (commitRound === undefined || phase === "Advanceable") return;
  const isAhead = isAccepting(phase);
  if (isAhead && !policy.ahead) return;
  const committed = (isAhead ? l1.next : phase === "Expired" ? [] : l1.open).filter(
    ({ commitment }) => commitment.proposer === me,
  );
  const campaign = campaignOf(l1.round);
  if (campaign !== undefined && l1.now < campaign.draft) {
    yield waitUntil(campaign.draft);
    return;
  }

  // What was written to the journal is what is sent, whatever has become of the votes: one commit on a parent.
  const isOnL1 = (parent: bigint): boolean => committed.some((commit) => commit.parent === parent);
  const meant = own.commits.filter(({ roundNumber }) => roundNumber === commitRoundNumber);
  for (const { proposalId, transcript, burnBid } of meant) {
    const draft = draftIn(own, proposalId);
    const { parent } = draft;
    // Who was too late for a pipelined round finds other operations due in the fresh one.
    if (isOnL1(parent) || !isAlive(l1, parent, isAhead) || !isAt(placeOn(l1, parent), draft)) continue;
    yield { kind: "commit", proposalId, transcript, burnBid };
    // A branch names the first one, which L1 has to show.
    return;
  }
  const lane = laneAt(commitRound.height);
  if (committed.length === 0 && view.lanesInUse[lane]) return;
  // Nobody passes on what no deposit covers, and L1 takes no commit to it.
  if (view.deposits[lane] < policy.burnBid) return;
  for (const parent of parentsFor(view, policy, isAhead)) {
    if (isOnL1(parent) || intentOn(own, commitRoundNumber, placeOn(l1, parent)) !== undefined) continue;
    yield* proposing(view, own, policy, parent, campaign);
  }
}

/**
 * proposalIds of what it may build on: the final block, or those that can still win, the best first, as many as it is
 * told.
 */
function parentsFor({ l1, buildable }: ProposerView, { branches }: ProposerPolicy, isAhead: boolean): bigint[] {
  if (!isAhead) return buildable.has(l1.round.parent) ? [l1.round.parent] : [];
  // What only promises to be proven is passed over where it cannot be built on; what is proven leads.
  const canLead = ({ proposalId, candidate }: L1Commit): boolean =>
    candidate !== undefined || buildable.has(proposalId);
  return ranking(l1)
    .filter(canLead)
    .slice(0, branches)
    .map(({ proposalId }) => proposalId)
    .filter((proposalId) => buildable.has(proposalId));
}

/** Drafts, offers, raises, and commits on one parent. */
function* proposing(
  view: ProposerView,
  own: ProposerOwn,
  policy: ProposerPolicy,
  parent: bigint,
  campaign: Campaign | undefined,
): Generator<ProposerAction | Wait> {
  const { l1, sent } = view;
  const { commitRound, commitRoundNumber: roundNumber } = l1.round;
  const place = placeOn(l1, parent);
  const draft = own.drafts.find((entry) => entry.roundNumber === roundNumber && isAt(place, entry));
  if (draft === undefined) {
    yield { kind: "draft", roundNumber, roundId: roundId(commitRound!), parent };
    return;
  }
  const { proposalId } = draft;
  const burnBid = bidOf(own, draft);
  if (!sent.has(offerKey(proposalId, burnBid))) yield { kind: "offer", proposalId, burnBid };
  const contest = contestOf(view, own, draft);
  const commitAt = commitTime(draft, policy, campaign);
  const raiseAt = raiseTime(draft, commitAt, campaign);
  const raised = offeredNext(contest, policy);
  const offers = [...own.drafts, ...own.raises].filter((entry) => entry.roundNumber === roundNumber).length;
  if (raised > burnBid && offers < MOST_OFFERS) {
    if (l1.now < raiseAt) yield waitUntil(raiseAt);
    else yield { kind: "raise", roundNumber, proposalId, burnBid: raised };
  }
  if (l1.now < commitAt) {
    yield waitUntil(commitAt);
    return;
  }
  const last = campaign?.last ?? commitAt + BigInt(policy.patience);
  if (l1.now < last && isOutbidByOffer(contest)) {
    yield waitUntil(last);
    return;
  }
  // A raise in the commit itself needs no offer: votes ask for a bid at least.
  const bid = committedBid(contest, policy);
  const { transcript } = transcriptFor(view, draft, bid);
  const provers = new Set(transcript.filter((index) => index !== 0)).size;
  if (provers >= policy.minProvers) yield { kind: "commit", proposalId, transcript, burnBid: bid };
}

/**
 * Provers vote for what is offered by then at one moment. For a draft that came later, on a parent that took the lead,
 * they get their time as far as the window has it.
 */
function commitTime({ draftedAt }: DraftEntry, { patience }: ProposerPolicy, campaign: Campaign | undefined): bigint {
  const patient = draftedAt + BigInt(patience);
  if (campaign === undefined) return patient;
  const { vote, commit, last } = campaign;
  if (draftedAt <= vote || patient <= commit) return commit;
  return patient < last ? patient : last;
}

/** When half of the time for votes is over: it shows who has them by then, and a raise may still win some. */
function raiseTime({ draftedAt }: DraftEntry, commitAt: bigint, campaign: Campaign | undefined): bigint {
  const from = campaign !== undefined && campaign.vote > draftedAt ? campaign.vote : draftedAt;
  return (from + commitAt) / 2n;
}

/** Where a block of the round that takes commits is, on a parent. */
const placeOn = ({ round: { commitDue } }: L1View, parent: bigint): Place => ({ parent, due: commitDue });

/** The assembler's part: who proves what, from the votes for a draft. Knows nothing of the order. */
export function transcriptFor(
  { forest, votes, l1 }: Pick<ProposerView, "forest" | "votes"> & { readonly l1: Pick<L1View, "maxSlotsPerProver"> },
  { proposalId }: DraftEntry,
  burnBid: bigint,
): Assignment {
  return assignProvers(forest, votes.get(proposalId) ?? [], burnBid, l1.maxSlotsPerProver);
}

/** Whether the block that a draft builds on is final, or may still become it. */
const isAlive = (l1: L1View, parent: bigint, isAhead: boolean): boolean =>
  isAhead ? ranking(l1).some(({ proposalId }) => proposalId === parent) : parent === l1.round.parent;
