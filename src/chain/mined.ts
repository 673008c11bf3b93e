import { setTimeout as sleep } from "node:timers/promises";
import type { Provider, TransactionReceipt } from "ethers";
import { B52Error } from "../protocol/errors.ts";
import type { ContractError } from "./errors.ts";
import { decodeRevert } from "./revert.ts";
import type { Waiting } from "./waiting.ts";

/** How long a transaction may wait to be mined. */
export const MINING_TIMEOUT_MS = 120_000;

/** How often a node is asked for a receipt. */
const POLLING_MS = 250;

/**
 * The receipt of a transaction once it is mined, reverted or not; null when the time is over. Ethers' own
 * `waitForTransaction` looks when a block comes: where each transaction has a block of its own, none may come after the
 * one that was mined while it began to look.
 */
export async function receiptOf(
  provider: Provider,
  hash: string,
  timeoutMs: number,
): Promise<TransactionReceipt | null> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const receipt = await provider.getTransactionReceipt(hash);
    if (receipt !== null || performance.now() >= end) return receipt;
    await sleep(POLLING_MS);
  }
}

/** A transaction that a node has, and no block. */
export class NotMinedError extends B52Error {
  constructor(hash: string, timeoutMs: number, options?: ErrorOptions) {
    const seconds = timeoutMs / 1_000;
    super(
      `transaction ${hash} was not mined in ${seconds} s, expected a node that makes blocks: it may still be mined`,
      { hash, seconds },
      options,
    );
  }
}

/** What is waited for. */
export interface Mining<Receipt> {
  readonly hash: string;
  /** What it calls, for messages. */
  readonly call: string;
  readonly timeoutMs: number;
  /** Comes within that time; null, or a time-out of ethers', where it does not. */
  readonly receipt: Promise<Receipt | null>;
}

/**
 * Waits until a transaction is mined.
 * @throws {NotMinedError} @throws the signal's reason @throws what ethers says of a transaction that was reverted
 */
export async function mined<Receipt>(
  waiting: Waiting,
  { hash, call, timeoutMs, receipt }: Mining<Receipt>,
): Promise<Receipt> {
  let found: Receipt | null;
  try {
    found = await waiting.until(receipt, () => `transaction ${hash} (${call}) to be mined`);
  } catch (failure) {
    if ((failure as { code?: unknown }).code !== "TIMEOUT") throw failure;
    throw new NotMinedError(hash, timeoutMs, { cause: failure });
  }
  if (found === null) throw new NotMinedError(hash, timeoutMs);
  return found;
}

/**
 * Why a mined transaction was reverted: the receipt does not tell, the same call right after it usually does.
 * @param again makes that call
 */
export async function whyReverted(call: string, again: () => Promise<unknown>): Promise<ContractError | undefined> {
  try {
    await again();
  } catch (failure) {
    return decodeRevert(call, failure);
  }
}
