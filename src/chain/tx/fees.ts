import { bidFor, GAS_PER_BLOB, type Market, MAX_COST, MAX_TIP } from "./blobBid.ts";
import type { Fees, Intent } from "./journal.ts";

/** Most gas that one transaction may have (EIP-7825). */
export const MAX_TRANSACTION_GAS = 2n ** 24n;

/** What a transaction costs that does nothing. */
export const CANCELLATION_GAS = 21_000n;

/** Two checkpoints of the registry that the block of the estimate had already, and a later one has not. */
const NEW_STORAGE_GAS = 50_000n;

/**
 * What the gas limit is above an estimate: a quarter, and what new storage takes. What a call costs depends on the
 * block that it gets into: others may fill or free storage before it. A new checkpoint costs 22,400 more than one of
 * the same second, for a small call more than a quarter; nodes estimate as of the latest block, so that is what a
 * second command meets right after a first one. What is not used is not paid.
 */
export function withHeadroom(estimate: bigint): bigint {
  return least((estimate * 5n) / 4n + NEW_STORAGE_GAS, MAX_TRANSACTION_GAS);
}

/** Most that a base fee grows in a block, and least by which a pool wants both fees raised (geth: 10 %). */
const STEP = { numerator: 9n, denominator: 8n };

/** geth wants all three fees of a transaction with blobs doubled. */
const BLOB_STEP = { numerator: 2n, denominator: 1n };

/** What fees depend on besides the market. */
export interface Offer {
  readonly intent: Intent;
  /** The highest that were sent with the nonce before, if any. */
  readonly floor?: Fees | undefined;
  /** Of the sender, wei. */
  readonly balance: bigint;
}

/**
 * Fees for the next block, and for the one after it: twice the base fee. Above what was sent with the nonce before,
 * they are raised by as much as pools ask for.
 * @returns undefined if that is more than the intent is worth
 */
export function feesFor(market: Market, offer: Offer): Fees | undefined {
  return offer.intent.blobHashes.length > 0 ? blobFees(market, offer) : plainFees(market, offer);
}

function plainFees({ baseFee, tip }: Market, { intent, floor }: Offer): Fees | undefined {
  const most = (intent.worth ?? MAX_COST) / intent.gasLimit;
  const lowest = floor && raised(floor, STEP);
  const tipNow = least(tip, MAX_TIP);
  const maxPriorityFeePerGas = greatest(tipNow, lowest?.maxPriorityFeePerGas ?? 0n);
  const needed = greatest(up(baseFee, STEP) + maxPriorityFeePerGas, lowest?.maxFeePerGas ?? 0n);
  if (needed > most) return undefined;
  return { maxFeePerGas: least(greatest(2n * baseFee + maxPriorityFeePerGas, needed), most), maxPriorityFeePerGas };
}

function blobFees(market: Market, { intent, floor, balance }: Offer): Fees | undefined {
  const { gasLimit, blobHashes, slots = 1, worth = MAX_COST } = intent;
  const blobs = blobHashes.length;
  const bid = bidFor(market, { gasLimit, blobs, slots, balance: least(balance, worth) });
  const lowest = floor && raised(floor, BLOB_STEP);
  const fees = {
    maxPriorityFeePerGas: greatest(bid.maxPriorityFeePerGas, lowest?.maxPriorityFeePerGas ?? 0n),
    maxFeePerGas: greatest(bid.maxFeePerGas, lowest?.maxFeePerGas ?? 0n),
    maxFeePerBlobGas: greatest(bid.maxFeePerBlobGas, lowest?.maxFeePerBlobGas ?? 0n),
  };
  const cost = gasLimit * fees.maxFeePerGas + BigInt(blobs) * GAS_PER_BLOB * fees.maxFeePerBlobGas;
  return cost > worth ? undefined : fees;
}

/** The highest of several transactions with one nonce. */
export function highest(all: readonly Fees[]): Fees | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const most = (of: (fees: Fees) => bigint): bigint => all.map(of).reduce(greatest);
  const blob = most(({ maxFeePerBlobGas = 0n }) => maxFeePerBlobGas);
  return {
    maxFeePerGas: most(({ maxFeePerGas }) => maxFeePerGas),
    maxPriorityFeePerGas: most(({ maxPriorityFeePerGas }) => maxPriorityFeePerGas),
    ...(blob > 0n && { maxFeePerBlobGas: blob }),
  };
}

type Step = typeof STEP;

/** Rounded up, and more by a wei at least: a pool compares before it calculates. */
const up = (fee: bigint, { numerator, denominator }: Step): bigint =>
  greatest((fee * numerator + denominator - 1n) / denominator, fee + 1n);

function raised({ maxFeePerGas, maxPriorityFeePerGas, maxFeePerBlobGas }: Fees, step: Step): Fees {
  return {
    maxFeePerGas: up(maxFeePerGas, step),
    maxPriorityFeePerGas: up(maxPriorityFeePerGas, step),
    ...(maxFeePerBlobGas !== undefined && { maxFeePerBlobGas: up(maxFeePerBlobGas, step) }),
  };
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b);
