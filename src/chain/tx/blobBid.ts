/** What L1 asks for gas now, wei a unit. */
export interface Market {
  /** Of the latest block. */
  readonly baseFee: bigint;
  /** What the node suggests. */
  readonly tip: bigint;
  /** For blob gas in the next block. */
  readonly blobFee: bigint;
}

/** What a transaction takes, and when. */
export interface Bidder {
  readonly gasLimit: bigint;
  /** How many it carries. */
  readonly blobs: number;
  /** Slots in which it may be mined. */
  readonly slots: number;
  /** Of its sender, wei. */
  readonly balance: bigint;
}

/** Wei a unit, as the transaction names it. */
export interface BlobBid {
  readonly maxPriorityFeePerGas: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxFeePerBlobGas: bigint;
}

/** Most that a base fee grows from slot to slot, in thousandths: of gas (EIP-1559) and of blobs (EIP-4844). */
const GAS_GROWTH = 1_125n;
const BLOB_GROWTH = 1_082n;

/** Slots of full blocks in a row that a bid for gas is made for: 6.6 times the fee. */
const MAX_GAS_SLOTS = 16;

/** Wei for a unit of gas. What a node says beyond that, no block's maker asks for. */
export const MAX_TIP = 5n * 10n ** 9n;

/** Wei. Nodes refuse transactions whose gas may cost more than an ether. */
export const MAX_COST = 9n * 10n ** 17n;

/** EIP-4844's. */
export const GAS_PER_BLOB = 131_072n;

/**
 * Bids for as many slots of full blocks as the balance and `MAX_COST` pay for, and for the next one at any rate: a pool
 * asks for the whole bid at once, whatever the transaction costs in the end.
 */
export function bidFor({ baseFee, tip, blobFee }: Market, { gasLimit, blobs, slots, balance }: Bidder): BlobBid {
  const maxPriorityFeePerGas = least(tip, MAX_TIP);
  const budget = least(balance, MAX_COST);
  for (let covered = Math.max(slots, 1); ; covered--) {
    const maxFeePerGas = feeAfter(baseFee, GAS_GROWTH, Math.min(covered, MAX_GAS_SLOTS)) + maxPriorityFeePerGas;
    const maxFeePerBlobGas = feeAfter(blobFee, BLOB_GROWTH, covered);
    const cost = gasLimit * maxFeePerGas + BigInt(blobs) * GAS_PER_BLOB * maxFeePerBlobGas;
    if (covered === 1 || cost <= budget) return { maxPriorityFeePerGas, maxFeePerGas, maxFeePerBlobGas };
  }
}

/** What a base fee can have become after so many slots. */
export function feeAfter(fee: bigint, growth: bigint, slots: number): bigint {
  let after = fee;
  for (let i = 0; i < slots; i++) after = (after * growth + 999n) / 1_000n;
  return after;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
