import type { ContractTransactionReceipt, TransactionReceipt } from "ethers";
import { B52Error } from "../../protocol/errors.ts";
import { NotMinedError, reasonOf, TransactionError, TransactionExpiredError } from "../errors.ts";
import { decodeRevert } from "../revert.ts";
import { lacksEther } from "./answer.ts";
import type { Entry } from "./book.ts";
import { refusalOf } from "./intent.ts";
import type { TransactionRow } from "./journal.ts";
import type { Key } from "./key.ts";
import { isLate } from "./next.ts";

interface Waiter {
  /** Of this machine's clock, ms. */
  since: number;
  readonly resolve: (receipt: ContractTransactionReceipt) => void;
  readonly reject: (error: unknown) => void;
}

/** A transaction that was reverted, where the same call is not refused any more. */
class RevertedError extends B52Error {
  constructor({ hash, gasUsed }: TransactionReceipt, gasLimit: bigint) {
    super(`transaction ${hash} was reverted with ${gasUsed} of its ${gasLimit} gas used`, { hash, gasUsed, gasLimit });
  }
}

/** Those who wait for transactions, and what they are told. */
export class Waiters {
  readonly #key: Key;
  readonly #timeoutMs: number;
  readonly #waiters = new Map<Entry, Waiter>();

  /** @param timeoutMs how long one waits for a transaction without a deadline; with one, for the next block */
  constructor(key: Key, timeoutMs: number) {
    this.#key = key;
    this.#timeoutMs = timeoutMs;
  }

  get count(): number {
    return this.#waiters.size;
  }

  add(entry: Entry): Promise<ContractTransactionReceipt> {
    entry.isWaitedFor = true;
    return new Promise((resolve, reject) => {
      this.#waiters.set(entry, { since: performance.now(), resolve, reject });
      if (entry.receipt !== undefined && ["mined", "done"].includes(entry.row.state)) void this.settle(entry, 0n);
    });
  }

  remove(entry: Entry): void {
    this.#waiters.delete(entry);
    entry.isWaitedFor = false;
  }

  /**
   * Tells whoever waits what has become of a transaction.
   * @param now of L1's clock
   */
  async settle(entry: Entry, now: bigint): Promise<void> {
    const waiter = this.#waiters.get(entry);
    const { row, receipt, trouble } = entry;
    entry.isOwed &&= waiter === undefined;
    if (waiter === undefined) return;
    if (row.state === "expired") return this.#expire(entry, now);
    this.#waiters.delete(entry);
    const { call } = row.intent;
    if (receipt === undefined) return waiter.reject(this.errorOf(call, trouble));
    if (receipt.status !== 0) return waiter.resolve(receipt as ContractTransactionReceipt);
    const refusal = await refusalOf(this.#key, row.intent).catch(() => undefined);
    waiter.reject(refusal ?? this.errorOf(call, new RevertedError(receipt, row.intent.gasLimit)));
  }

  /** There is a new block: who has a deadline waits on. */
  onBlock(): void {
    for (const [{ row }, waiter] of this.#waiters)
      if (row.intent.deadline !== undefined) waiter.since = performance.now();
  }

  /** Ends the patience of whoever waits for what is too late, or for a node that makes no blocks. */
  giveUp(now: bigint): void {
    for (const [entry, { since }] of this.#waiters) {
      const { row, trouble } = entry;
      if (row.state !== "mined" && isLate(row, now)) this.#expire(entry, now);
      else if (performance.now() - since > this.#timeoutMs)
        this.#fail(entry, new NotMinedError(nameOf(row, trouble), this.#timeoutMs / 1_000));
    }
  }

  /** L1 cannot be asked, or nothing can be written down. */
  failAll(failure: unknown): void {
    for (const entry of this.#waiters.keys()) this.#fail(entry, failure);
  }

  errorOf(call: string, failure: unknown): Error {
    const cause = { cause: failure };
    const reason = reasonOf(failure);
    const said = lacksEther(reason) ? "it has too little ether for the gas, expected more: send it some" : reason;
    return decodeRevert(call, failure) ?? new TransactionError(call, this.#key.address, said, cause);
  }

  #expire(entry: Entry, now: bigint): void {
    const { call, deadline = 0n } = entry.row.intent;
    this.#waiters.get(entry)?.reject(new TransactionExpiredError(call, this.#key.address, deadline, now));
    this.#waiters.delete(entry);
  }

  #fail(entry: Entry, failure: unknown): void {
    entry.isOwed = true;
    this.#waiters.get(entry)?.reject(this.errorOf(entry.row.intent.call, failure));
    this.#waiters.delete(entry);
  }
}

/** For messages. */
function nameOf({ attempts }: TransactionRow, trouble: unknown): string {
  const hash = attempts.at(-1)?.hash;
  if (hash !== undefined) return `transaction ${hash}`;
  return `a transaction ${trouble === undefined ? "that is too dear now" : `(${reasonOf(trouble)})`}`;
}
