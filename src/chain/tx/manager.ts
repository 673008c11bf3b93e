import { setTimeout as sleep } from "node:timers/promises";
import type { ContractTransactionReceipt, Provider, Signer } from "ethers";
import { waitingOf } from "../provider.ts";
import type { Waiting } from "../waiting.ts";
import { Book, type Entry } from "./book.ts";
import { Carrier } from "./carrier.ts";
import { gasLimitOf, intentOf } from "./intent.ts";
import { type Intent, MemoryJournal, type TransactionJournal, type TransactionRow } from "./journal.ts";
import { type Key, keyOf, NoBlobSignerError } from "./key.ts";
import { dropped } from "./next.ts";
import { receiptOf } from "./reading.ts";
import type { Call, Sender, Wanted } from "./sender.ts";
import { Waiters } from "./waiters.ts";

export interface TxManagerOptions {
  /** In memory by default: then nothing is known after a restart. */
  readonly journal?: TransactionJournal;
  /** Blocks, its own included, after which a transaction is looked after no more. */
  readonly confirmations?: number;
  /** Wei that the gas of a transaction may cost at most, where it does not say. */
  readonly worth?: bigint;
  /** How long one without a deadline may wait to be mined; one with a deadline, for the next block. */
  readonly timeoutMs?: number;
  /** Told of what was sent before, and is taken instead of sending it again. */
  readonly onTaken?: (row: TransactionRow) => void;
  /** Told of the number of each block that a transaction is in, before whoever waits for it. */
  readonly onMined?: (block: number) => void;
  /** Told of every failure that may pass: a node that is gone, a refusal that is tried again. */
  readonly onTrouble?: (error: Error) => void;
}

const MINING_TIMEOUT_MS = 120_000;

/**
 * How often L1 is looked at: eight times a block, within these. Chains that mine on demand have what was just sent at
 * once, whatever their clock says: the first looks after it are sooner, each pause twice as long as the one before.
 * Nothing that is only to be confirmed is in a hurry.
 */
const LOOKS_PER_BLOCK = 8;
const POLLING_MS = { first: 20, least: 250, most: 1_500, confirming: 6_000 };

/** Passes in a row, as each may show more. */
const MAX_PASSES = 3;

/**
 * Sends all transactions of one key. There is one for each key and node in a process, and one process for each key. It
 * takes nonces from its journal and from the latest block, offers more with every block that goes by, gives up at a
 * deadline of L1's clock, and sends again what a reorganisation has dropped.
 */
export class TxManager implements Sender {
  readonly #key: Key;
  readonly #book: Book;
  readonly #carrier: Carrier;
  readonly #waiting: Waiting;
  readonly #onTrouble: (error: Error) => void;
  readonly #onTaken: (row: TransactionRow) => void;
  readonly #usual: Wanted;
  readonly #waiters: Waiters;
  /** What is to be sent once and is under way, by its name. */
  readonly #named = new Map<string, Promise<ContractTransactionReceipt>>();
  #running: AbortSignal | undefined;
  #isDriving = false;
  /** Whether something has come up since the last look. */
  #isWoken = false;
  /** Pauses since anything was sent. */
  #pauses = 0;
  readonly #sleepers = new Set<AbortController>();

  private constructor(key: Key, book: Book, options: TxManagerOptions) {
    const { confirmations = 1, timeoutMs, onTrouble, onTaken, onMined, worth } = options;
    this.#usual = worth === undefined ? {} : { worth };
    this.#key = key;
    this.#book = book;
    const onChange = (entry: Entry): void => {
      if (entry.row.inclusion !== undefined) onMined?.(entry.row.inclusion.block.number);
      void this.#waiters.settle(entry, this.#now);
    };
    this.#carrier = new Carrier({ book, key, confirmations, onChange });
    this.#waiting = waitingOf(key.provider);
    this.#waiters = new Waiters(key, timeoutMs ?? MINING_TIMEOUT_MS);
    this.#onTrouble = onTrouble ?? (() => undefined);
    this.#onTaken = onTaken ?? (() => undefined);
  }

  /** @throws {NoProviderError} */
  static async open(signer: Signer, options: TxManagerOptions = {}): Promise<TxManager> {
    const key = await keyOf(signer);
    const { chainId } = await key.provider.getNetwork();
    const account = { chainId, sender: key.address };
    const journal = options.journal ?? new MemoryJournal();
    return new TxManager(key, await Book.open(account, journal), options);
  }

  get provider(): Provider {
    return this.#key.provider;
  }

  /** What is open, by nonces. */
  get rows(): readonly TransactionRow[] {
    return this.#book.entries.map(({ row }) => row);
  }

  getAddress(): Promise<string> {
    return Promise.resolve(this.#key.address);
  }

  async send(call: Call, wanted: Wanted = {}): Promise<ContractTransactionReceipt> {
    const { sidecars = [] } = call;
    const { address, isHere } = this.#key;
    if (sidecars.length > 0 && !isHere) throw new NoBlobSignerError(address);
    this.#waiting.signal?.throwIfAborted();
    const { once } = wanted;
    if (once !== undefined) return this.#sendOnce(once, call, wanted);
    const known = this.#book.orphan(this.#intentOf(call, wanted));
    if (known === undefined) return this.#sendNew(call, wanted);
    known.sidecars = sidecars;
    known.row = { ...known.row, intent: { ...known.row.intent, ...wanted } };
    return this.#waitFor(known);
  }

  /** What was sent under a name (`Wanted.once`) and may be mined, or is. */
  async sentOnce(once: string): Promise<TransactionRow | undefined> {
    return (await this.#book.named(once))?.row;
  }

  /** Waits until everything is mined or given up that an earlier process has left. @returns that */
  async settleLeft(): Promise<readonly TransactionRow[]> {
    const left = this.#book.entries.filter(({ isLeft }) => isLeft);
    await Promise.allSettled(left.map((entry) => this.#waitFor(entry)));
    this.#waiting.signal?.throwIfAborted();
    return left.map(({ row }) => row);
  }

  /** Looks at L1 at once, instead of when it is due: there is a new block. */
  look(): void {
    this.#wake();
  }

  /** Looks after what is open until the signal is aborted: also what nobody waits for, and what is mined already. */
  async run(signal: AbortSignal): Promise<void> {
    this.#running = signal;
    const wake = (): void => this.#wake();
    signal.addEventListener("abort", wake, { once: true });
    try {
      while (this.#isRunning()) {
        await this.#drive();
        if (this.#isRunning()) await this.#sleep(POLLING_MS.confirming);
      }
    } finally {
      signal.removeEventListener("abort", wake);
      this.#running = undefined;
    }
  }

  /** Whoever asks for it meanwhile waits for the same one. */
  async #sendOnce(once: string, call: Call, wanted: Wanted): Promise<ContractTransactionReceipt> {
    const underWay = this.#named.get(once);
    if (underWay !== undefined) return underWay;
    const outcome = this.#takeOrSend(once, call, wanted);
    this.#named.set(once, outcome);
    try {
      return await outcome;
    } finally {
      this.#named.delete(once);
    }
  }

  async #takeOrSend(once: string, call: Call, wanted: Wanted): Promise<ContractTransactionReceipt> {
    const known = await this.#book.named(once);
    if (known === undefined) return this.#sendNew(call, wanted);
    this.#onTaken(known.row);
    known.row = { ...known.row, intent: { ...known.row.intent, ...wanted } };
    if (known.row.state === "done") {
      known.receipt = await receiptOf(this.#key.provider, known.row);
      if (known.receipt === undefined) await this.#book.reopen(known, dropped(known.row));
    }
    return this.#waitFor(known);
  }

  async #sendNew(call: Call, wanted: Wanted): Promise<ContractTransactionReceipt> {
    const { sidecars = [] } = call;
    const intent = this.#intentOf(call, wanted);
    const gasLimit = await this.#gasLimit(call);
    return this.#waitFor(this.#book.add({ ...intent, gasLimit }, sidecars));
  }

  #intentOf(call: Call, wanted: Wanted): Intent {
    return { ...intentOf(call), ...this.#usual, ...wanted };
  }

  async #gasLimit(call: Call): Promise<bigint> {
    try {
      return await gasLimitOf(this.#key, call);
    } catch (failure) {
      this.#waiting.signal?.throwIfAborted();
      throw this.#waiters.errorOf(call.call, failure);
    }
  }

  async #waitFor(entry: Entry): Promise<ContractTransactionReceipt> {
    const outcome = this.#waiters.add(entry);
    this.#wake();
    void this.#drive();
    try {
      return await this.#waiting.until(outcome, () => {
        const { attempts, intent } = entry.row;
        const hash = attempts.at(-1)?.hash;
        return `transaction${hash === undefined ? "" : ` ${hash}`} (${intent.call}) to be mined`;
      });
    } finally {
      this.#waiters.remove(entry);
      if (entry.row.state === "waiting") this.#book.forget(entry);
    }
  }

  /** Makes passes while somebody wants them. */
  async #drive(): Promise<void> {
    if (this.#isDriving) return;
    this.#isDriving = true;
    try {
      while (this.#isWanted()) {
        await this.#passes();
        this.#waiters.giveUp(this.#now);
        if (this.#isWanted()) await this.#sleep(this.#pauseMs());
      }
    } finally {
      this.#isDriving = false;
    }
  }

  #isWanted(): boolean {
    if (this.#waiting.signal?.aborted) return false;
    return this.#waiters.count > 0 || (this.#isRunning() && this.#book.entries.length > 0);
  }

  #isRunning(): boolean {
    return this.#running?.aborted === false && !this.#waiting.signal?.aborted;
  }

  async #passes(): Promise<void> {
    const before = this.#carrier.block?.hash;
    try {
      for (let i = 0; i < MAX_PASSES && (await this.#carrier.pass()); i++) this.#pauses = 0;
    } catch (failure) {
      this.#onTrouble(failure as Error);
      this.#waiters.failAll(failure);
    }
    if (this.#carrier.block?.hash !== before) this.#waiters.onBlock();
  }

  /** Of L1's clock, as far as it is known. */
  get #now(): bigint {
    return this.#carrier.block?.timestamp ?? 0n;
  }

  #pauseMs(): number {
    const { first, least, most, confirming } = POLLING_MS;
    if (this.#waiters.count === 0 && this.rows.every(({ state }) => state === "mined")) return confirming;
    const block = (this.#carrier.secondsPerBlock ?? 0) * 1_000;
    return Math.min(most, Math.max(least, block / LOOKS_PER_BLOCK), first * 2 ** this.#pauses++);
  }

  #wake(): void {
    this.#isWoken = true;
    for (const sleeper of this.#sleepers) sleeper.abort();
  }

  async #sleep(ms: number): Promise<void> {
    if (!this.#isWoken) {
      const sleeper = new AbortController();
      this.#sleepers.add(sleeper);
      const { signal } = this.#waiting;
      const either = signal ? AbortSignal.any([sleeper.signal, signal]) : sleeper.signal;
      await sleep(ms, undefined, { signal: either }).catch(() => undefined);
      this.#sleepers.delete(sleeper);
    }
    this.#isWoken = false;
  }
}
