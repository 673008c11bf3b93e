import type { WalletView } from "./context.ts";

/** Heights that are looked at. */
const HEIGHTS = 8;

/** How full the last blocks are. */
export interface Crowd {
  readonly blocks: number;
  /** Those of them that had no room for another transfer. */
  readonly full: number;
  /** In those, wei. */
  readonly lowestFee: bigint;
}

/** What transfers pay where blocks are full; undefined: none of the last blocks was, as far as the wallet has them. */
export function crowdOf({ synced }: Pick<WalletView, "synced">): Crowd | undefined {
  const { height } = synced.head;
  const blocks = Math.min(height, HEIGHTS);
  const lowest = Array.from({ length: blocks }, (_, i) => synced.lowestFeeOf(height - i) ?? []).flat();
  if (lowest.length === 0) return undefined;
  return { blocks, full: lowest.length, lowestFee: lowest.reduce((least, fee) => (fee < least ? fee : least)) };
}

/** @param tokens shows wei */
export const describeCrowd = ({ blocks, full, lowestFee }: Crowd, tokens: (wei: bigint) => string): string =>
  `${full} of the last ${blocks} blocks had no room for another transfer; the lowest fee in them is ` +
  tokens(lowestFee);
