import { BPS } from "./terms.ts";

/**
 * Whose bids burn, as in `Burns.sol`. Either the winner's bid, a part of each paid uncle's and a part of each that was
 * not proven; or each bid whose parent won.
 */
export const BURN_RULE = { winner: 0, everyCommit: 1 } as const;

export type BurnRule = (typeof BURN_RULE)[keyof typeof BURN_RULE];

/** BID_UNITs that burn as soon as a candidate is proven. */
export function burnAtProof(rule: BurnRule, burnBid: bigint): bigint {
  return rule === BURN_RULE.everyCommit ? burnBid : 0n;
}

/** BID_UNITs that burn when a candidate is paid. @param place 0: the winner, else a paid uncle */
export function burnAtPayment(rule: BurnRule, burnBid: bigint, place: number, uncleBurnBps: bigint): bigint {
  if (rule === BURN_RULE.everyCommit) return 0n;
  return place === 0 ? burnBid : part(burnBid, uncleBurnBps, BPS);
}

/**
 * BID_UNITs that a commit loses if its parent won and it was not paid: for the provers that it names and of whom no
 * vote is proven. Without any proof that is all of them.
 * @param silent of `named`, which is above 0
 */
export function burnAtForfeit(
  rule: BurnRule,
  burnBid: bigint,
  forfeitBps: bigint,
  { silent, named }: { readonly silent: bigint; readonly named: bigint } = { silent: 1n, named: 1n },
): bigint {
  return rule === BURN_RULE.everyCommit ? burnBid : part(burnBid, forfeitBps * silent, BPS * named);
}

function part(burnBid: bigint, numerator: bigint, denominator: bigint): bigint {
  return (burnBid * numerator + denominator - 1n) / denominator;
}
