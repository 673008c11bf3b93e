import type { FastRules } from "./rules.ts";

/** A proven block, in doubles. */
export interface FastBlock {
  /** Distinct provers with a fulfilled slot, or what stands for them. */
  readonly provers: number;
  /** Tokens. */
  readonly bid: number;
  /** Of the reward, for provers. */
  readonly share: number;
  /** Fulfilled weight over that of all slots. */
  readonly fulfilled: number;
}

/** What a block comes to, tokens. */
export interface FastPay {
  /** 0: the winner; -1: unpaid. */
  readonly place: number;
  readonly burnt: number;
  readonly proposer: number;
  /** All provers together. */
  readonly provers: number;
}

export const fastScore = ({ provers, bid }: Pick<FastBlock, "provers" | "bid">): number => provers ** 3 * bid ** 2;

const UNPAID: FastPay = { place: -1, burnt: 0, proposer: 0, provers: 0 };

/** Decides a round: the plain score, the winner's bid and parts of the uncles' burn. Earlier blocks win ties. */
export function decideFast(rules: FastRules, blocks: readonly FastBlock[]): FastPay[] {
  const order = blocks
    .map((block, i) => ({ i, score: fastScore(block) }))
    .sort((a, b) => b.score - a.score || a.i - b.i)
    .slice(0, 1 + rules.maxUncles);
  const best = order[0]?.score ?? 0;
  const uncles =
    best === 0 ? 0 : order.slice(1).findLastIndex(({ score }) => score > 0 && score >= rules.uncleMinScore * best) + 1;
  const pays = blocks.map(() => UNPAID);
  for (const [place, { i }] of order.slice(0, 1 + uncles).entries()) {
    const { bid, share, fulfilled } = blocks[i]!;
    const burnt = place === 0 ? bid : rules.uncleBurn * bid;
    const reward = place === 0 ? rules.reward : Math.min((rules.reward * rules.uncleReward) / uncles, burnt);
    const earned = reward * fulfilled;
    pays[i] = { place, burnt, proposer: earned * (1 - share), provers: earned * share };
  }
  return pays;
}
