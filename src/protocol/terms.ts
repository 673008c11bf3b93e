import { assertUint } from "./field.ts";

/** One burn bid unit in wei. */
export const BID_UNIT = 10n ** 14n;
export const BPS = 10_000n;

/** What a proposer stakes its seat on, packed into one word of the commit. */
export interface Terms {
  readonly roundId: bigint;
  readonly proverShareBps: number;
  /** In {@link BID_UNIT}. */
  readonly burnBid: bigint;
  /** The seat of the block that a commit to the next height builds on; 0 in any other commit. */
  readonly parentRef: number;
}

/** @throws {OutOfRangeError} if a field does not fit its bits: fields never overflow into each other */
export function packTerms(terms: Terms): bigint {
  return (
    (assertUint(terms.roundId, 64, "roundId") << 104n) |
    (assertUint(terms.proverShareBps, 16, "proverShareBps") << 88n) |
    (assertUint(terms.burnBid, 64, "burnBid") << 24n) |
    assertUint(terms.parentRef, 24, "parentRef")
  );
}

/** The inverse of {@link packTerms}. @throws {OutOfRangeError} if unused bits are set */
export function unpackTerms(packed: bigint): Terms {
  assertUint(packed, 168, "terms");
  return {
    roundId: packed >> 104n,
    proverShareBps: Number((packed >> 88n) & 0xffffn),
    burnBid: (packed >> 24n) & 0xffff_ffff_ffff_ffffn,
    parentRef: Number(packed & 0xff_ffffn),
  };
}
