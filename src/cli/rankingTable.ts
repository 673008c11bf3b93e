import { formatEther } from "ethers";
import type { RankedCommit } from "../chain/actions/rankCommits.ts";
import { roundOf } from "../protocol/round.ts";
import { BID_UNIT } from "../protocol/terms.ts";

const HEADINGS = ["place", "height", "proposer", "bid (B52)", "provers' share", "provers", "size factor", "score"];

export interface SizedCommit extends RankedCommit {
  /** What the size of its block multiplies its score by; undefined where the score policy does not say. */
  readonly sizeFactor: bigint | undefined;
}

/**
 * Commits as lines of text, best first and from place 1 at each height; no lines where there are none. Provers and
 * score are the most that each can reach; scores count bids in 0.0001 B52 and have the size factor in them, which is 1
 * until a block is revealed.
 */
export function rankingTable(ranked: readonly SizedCommit[]): string[] {
  if (ranked.length === 0) return [];
  const heights = ranked.map(({ commitment }) => roundOf(commitment.terms.roundId).height);
  const rows = ranked.map(({ commitment: { proposer, terms }, provers, sizeFactor, score }, i) => [
    String(i - heights.indexOf(heights[i]!) + 1),
    String(heights[i]),
    proposer,
    formatEther(terms.burnBid * BID_UNIT),
    `${terms.proverShareBps / 100} %`,
    String(provers),
    String(sizeFactor ?? "unknown"),
    String(score),
  ]);
  const widths = HEADINGS.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)));
  return [
    "",
    ...[HEADINGS, ...rows].map((row) => row.map((cell, column) => cell.padStart(widths[column]!)).join("  ")),
  ];
}
