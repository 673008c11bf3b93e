import { assertUint } from "./field.ts";

/** `N^3 B^2`, below 2^176. @param provers distinct fulfilled provers @param burnBid in BID_UNIT */
export function score(provers: number, burnBid: bigint): bigint {
  return assertUint(provers, 16, "provers") ** 3n * assertUint(burnBid, 64, "burnBid") ** 2n;
}
