import { isFulfilled } from "../../protocol/flags.ts";
import { nodeAt } from "../../protocol/nodes.ts";
import { paidUncles, rank, type Standing } from "../../protocol/ranking.ts";
import { blockReward, slotReward, splitReward, uncleReward } from "../../protocol/reward.ts";
import { revealWindow } from "../../protocol/roundClock.ts";
import { BID_UNIT } from "../../protocol/terms.ts";
import type { Block } from "./block.ts";
import type { Lane } from "./lane.ts";
import type { Mechanism } from "./mechanism.ts";
import type { Round } from "./round.ts";
import type { GameRules } from "./rules.ts";

/** How a height was decided. */
export interface Decided {
  readonly height: number;
  /** Winner first, then paid uncles. */
  readonly paid: readonly Block[];
  /** The lowest score that was paid. */
  readonly lowestScore: bigint;
  /** Wei. */
  readonly minted: bigint;
  readonly tip: bigint;
}

/** What a decision changes. */
export interface Treasury {
  readonly rules: GameRules;
  readonly mechanism: Mechanism;
  readonly now: number;
  /** Wei, by seat. */
  readonly rewards: bigint[];
  tips: bigint;
  laneOf(seat: number, height: number): Lane;
  burnBid(lane: Lane, amount: bigint): void;
}

/** Ranks a round's candidates, burns their bids and fixes what they earn. */
export function payRound(game: Treasury, { height, moments, candidates }: Round): Decided {
  const { rules, mechanism } = game;
  const { maxUncles, uncleMinScoreBps, uncleRewardBps, advanceTip } = rules.economics;
  const ranked = rank(candidates.map(standingOf), 1 + maxUncles);
  const uncles = paidUncles(ranked, rules.policy.fraction(ranked[0]!.score, BigInt(uncleMinScoreBps)));
  const paid = ranked.slice(0, 1 + uncles);
  const reward = blockReward(rules.issuance, height);
  const ofUncle = uncleReward(reward, BigInt(uncleRewardBps), uncles);
  let [minted, tip] = [0n, 0n];
  for (const [place, { block }] of paid.entries()) {
    const burnt = mechanism.burnAtPayment(rules, block, place);
    minted += payBlock(game, block, place, place === 0 ? reward : ofUncle, burnt);
    if (place !== 0 || game.now >= moments.acceptanceEnds + revealWindow(rules.economics)) continue;
    tip = min(advanceTip, block.paid!.proposer);
    game.rewards[block.seat]! -= tip;
    game.tips += tip;
  }
  return { height, paid: paid.map(({ block }) => block), lowestScore: paid.at(-1)!.score, minted, tip };
}

function payBlock(game: Treasury, block: Block, place: number, whole: bigint, burnt: bigint): bigint {
  const { rules, mechanism } = game;
  const cap = place === 0 ? undefined : mechanism.uncleCap(rules, block);
  const reward = cap === undefined ? whole : min(whole, cap * BID_UNIT);
  const { fulfilledWeight, provers } = block.proven!;
  const parts = rules.economics.fairShareBps === 0 ? fulfilledWeight : BigInt(provers);
  const divisor = mechanism.rewardWeight(rules, block);
  const split =
    fulfilledWeight === 0n
      ? { effective: 0n, proverUnit: 0n, proposer: 0n }
      : splitReward(reward, block.shareBps, fulfilledWeight, divisor, parts);
  block.paid = { place, burnt, proverUnit: split.proverUnit, proposer: split.proposer };
  game.rewards[block.seat]! += split.proposer;
  const lane = game.laneOf(block.seat, block.height);
  game.burnBid(lane, burnt);
  lane.isSettled = true;
  return split.effective;
}

/** Wei that a prover earned with its slots of a paid block. */
export function earnedBy({ economics, profile, weights }: GameRules, block: Block, prover: number): bigint {
  const { paid, proven, held } = block;
  if (!paid || !proven) return 0n;
  const slots = held.flatMap((other, slot) => (other === prover && isFulfilled(proven.flags, slot) ? [slot] : []));
  if (economics.fairShareBps !== 0) return slots.length === 0 ? 0n : paid.proverUnit;
  const split = { effective: 0n, proverUnit: paid.proverUnit, proposer: 0n };
  return slots.reduce((sum, slot) => sum + slotReward(split, weights, nodeAt(profile, slot).depth), 0n);
}

interface Ranked extends Standing {
  readonly block: Block;
}

const standingOf = (block: Block): Ranked => ({
  ...{ block, score: block.proven!.score, committedAt: block.committedAt, id: block.id },
});

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
