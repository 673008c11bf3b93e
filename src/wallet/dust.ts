import type { ChainClient } from "../chain/client.ts";

/** What the wallet could take and leaves, because it is worth too little. */
export interface Left {
  readonly count: number;
  /** Wei, of all together. */
  readonly amount: bigint;
}

/**
 * Parts items that are worth a proof and a transaction, the largest first, from dust. Anybody can send an address 1 wei
 * as often as they like, and taking each costs its owner ether; the fee that the bridge takes for an operation is the
 * deployment's own measure of what is dust. With `isAll` nothing is dust.
 */
export async function partDust<T>(
  { bridge }: ChainClient,
  found: readonly T[],
  amountOf: (item: T) => bigint,
  isAll: boolean,
): Promise<{ worthy: T[]; left: Left }> {
  const least = isAll ? 0n : await bridge.operationFee();
  const dust = found.map(amountOf).filter((amount) => amount < least);
  const worthy = found
    .filter((item) => amountOf(item) >= least)
    .sort((a, b) => Number(amountOf(a) < amountOf(b)) - Number(amountOf(a) > amountOf(b)));
  return { worthy, left: { count: dust.length, amount: dust.reduce((sum, amount) => sum + amount, 0n) } };
}
