import { type Answer, answerOf, isOfTransport } from "./answer.ts";
import type { Book, Entry } from "./book.ts";
import { CANCELLATION_GAS } from "./fees.ts";
import type { Attempt, Fees, TransactionRow } from "./journal.ts";
import type { Key, Sendable } from "./key.ts";
import { carriesBlobs, isLate, next, type TransactionAction, type TransactionView } from "./next.ts";
import { inclusionOf, isKnown, type L1Block, latestBlock, receiptOf, type Standing, standingAt } from "./reading.ts";

/** What nodes may say in a row that is neither yes nor no, before a transaction is given up. */
const MAX_FAULTS = 5;

/** Steps that one transaction takes within a pass at most. */
const MAX_STEPS = 4;

/** Where nothing is to be sent. */
const NOTHING: Standing = { count: 0, balance: 0n, market: { baseFee: 0n, tip: 0n, blobFee: 0n } };

export interface CarrierOptions {
  readonly book: Book;
  readonly key: Key;
  readonly confirmations: number;
  /** A transaction is mined, or it is not open any more. */
  readonly onChange: (entry: Entry) => void;
}

/** Carries out what is decided of an account's transactions: reads L1, signs, writes down, sends. */
export class Carrier {
  readonly #options: CarrierOptions;
  #block: L1Block | undefined;
  /** Of the last two blocks that were seen, how long L1 took for each, seconds. */
  #secondsPerBlock: number | undefined;

  constructor(options: CarrierOptions) {
    this.#options = options;
  }

  get block(): L1Block | undefined {
    return this.#block;
  }

  get secondsPerBlock(): number | undefined {
    return this.#secondsPerBlock;
  }

  /**
   * Looks at L1, and does what is due of each transaction.
   * @returns whether anything was sent, so that looking again at once may show more
   */
  async pass(): Promise<boolean> {
    const { book, key } = this.#options;
    const block = await latestBlock(key.provider);
    const before = this.#block;
    const { entries } = book;
    if (block.hash === before?.hash && !entries.some((entry) => isRestless(entry, block))) return false;
    this.#see(block);
    const isSameBranch = before !== undefined && (block.hash === before.hash || block.parentHash === before.hash);
    // What only waits for more blocks on top of it needs nothing else.
    const isQuiet = isSameBranch && entries.every(({ row }) => row.state === "mined");
    const isOfBlobs = entries.some(({ row }) => carriesBlobs(row.intent));
    const standing = isQuiet ? NOTHING : await standingAt(key.provider, key.address, block, isOfBlobs);
    let hasSent = false;
    for (const entry of entries) {
      entry.lookedAt = block.hash;
      for (let step = 0; step < MAX_STEPS && book.has(entry); step++) {
        const action = next(entry.row, await this.#view(entry, block, standing, isSameBranch));
        if (action.kind === "wait") break;
        hasSent ||= action.kind !== "become";
        if (!(await this.#perform(entry, action, block))) break;
      }
    }
    return hasSent;
  }

  #see(block: L1Block): void {
    const before = this.#block;
    if (before !== undefined && block.number > before.number)
      this.#secondsPerBlock = Number(block.timestamp - before.timestamp) / (block.number - before.number);
    this.#block = block;
  }

  /** @param isSameBranch whether nothing that was in a block before can have left it */
  async #view(entry: Entry, block: L1Block, standing: Standing, isSameBranch: boolean): Promise<TransactionView> {
    const { book, key, confirmations } = this.#options;
    const { row } = entry;
    const isUsed = row.nonce !== undefined && row.nonce < standing.count;
    const mayHaveMoved = row.state === "mined" ? !isSameBranch : isUsed;
    if (mayHaveMoved) entry.receipt = await receiptOf(key.provider, row);
    const mayBeDropped =
      row.state === "pending" &&
      !isUsed &&
      carriesBlobs(row.intent) &&
      (isLate(row, block.timestamp) || block.number > row.attempts.at(-1)!.block);
    return {
      ...{ block, confirmations, ...standing },
      inclusion: mayHaveMoved ? entry.receipt && inclusionOf(entry.receipt) : row.inclusion,
      isKnown: mayBeDropped ? await isKnown(key.provider, row) : undefined,
      others: book.entries.filter((other) => other !== entry).map((other) => other.row),
    };
  }

  /** @returns whether more may be due at once */
  async #perform(entry: Entry, action: Exclude<TransactionAction, { kind: "wait" }>, block: L1Block): Promise<boolean> {
    const { book, onChange } = this.#options;
    switch (action.kind) {
      case "become":
        await book.write(entry, action.row);
        if (action.row.state === "mined" || !book.has(entry)) onChange(entry);
        return true;
      case "send":
      case "cancel":
        return this.#send(entry, action, block);
      case "repeat":
        return this.#repeat(entry, block);
    }
  }

  /** Signs, writes down, and then sends. */
  async #send(
    entry: Entry,
    { kind, nonce, fees }: { kind: "send" | "cancel"; nonce: number; fees: Fees },
    block: L1Block,
  ): Promise<boolean> {
    const { book } = this.#options;
    const before = entry.row;
    // After a restart blobs come back with whoever wants the transaction again.
    if (isWithoutBlobs(entry)) return false;
    const isCancellation = kind === "cancel";
    const sendable = await this.#sign(entry, nonce, fees, isCancellation);
    const attempt: Attempt = {
      ...(sendable.hash !== undefined && { hash: sendable.hash }),
      ...{ fees, block: block.number, isCancellation },
    };
    await book.write(entry, { ...before, state: "pending", nonce, attempts: [...before.attempts, attempt] });
    const answer = await this.#submit(entry, sendable);
    // With this nonce there has been nothing before, so it is free again.
    if (before.attempts.length === 0 && ["used", "reserved"].includes(answer)) {
      await book.write(entry, before);
      if (answer === "used") entry.lookedAt = undefined;
    }
    return false;
  }

  async #repeat(entry: Entry, block: L1Block): Promise<boolean> {
    if (isWithoutBlobs(entry)) return false;
    const { row } = entry;
    const last = row.attempts.at(-1)!;
    entry.row = { ...row, attempts: [...row.attempts.slice(0, -1), { ...last, block: block.number }] };
    await this.#submit(entry, await this.#sign(entry, row.nonce!, last.fees, last.isCancellation));
    return false;
  }

  async #sign({ row, sidecars }: Entry, nonce: number, fees: Fees, isCancellation: boolean): Promise<Sendable> {
    const { key } = this.#options;
    const { to, data, value, gasLimit } = row.intent;
    const what = isCancellation
      ? { to: key.address, data: "0x", value: 0n, gasLimit: CANCELLATION_GAS, sidecars: [] }
      : { to, data, value, gasLimit, sidecars };
    return key.sign({ chainId: row.chainId, nonce, fees, ...what });
  }

  /** Sends what was written down last, and takes note of the answer. */
  async #submit(entry: Entry, sendable: Sendable): Promise<Answer> {
    let answer: Answer = "taken";
    let hash: string | undefined;
    try {
      hash = await sendable.submit();
    } catch (failure) {
      answer = answerOf(failure);
      entry.trouble = failure;
      if (answer === "unclear" && !isOfTransport(failure) && ++entry.faults >= MAX_FAULTS) answer = "never";
    }
    const { row } = entry;
    const last = row.attempts.at(-1)!;
    if (answer === "taken" || answer === "underpriced") {
      entry.faults = 0;
      const answered = { ...last, answer, ...(hash !== undefined && { hash }) };
      const changed = { ...row, attempts: [...row.attempts.slice(0, -1), answered] };
      // What the node signed has a hash only now. All else is known again after it is sent once more.
      if (last.hash === undefined) await this.#options.book.write(entry, changed);
      else entry.row = changed;
      if (answer === "taken") await this.#release(entry);
    }
    if (answer === "never" && last.answer !== "taken") await this.#refuse(entry);
    return answer;
  }

  /** What was too late has lost its nonce to this one. */
  async #release(entry: Entry): Promise<void> {
    const { book, onChange } = this.#options;
    for (const other of book.entries) {
      if (other === entry || other.row.nonce !== entry.row.nonce || other.row.state !== "pending") continue;
      await book.write(other, { ...other.row, state: "expired" });
      onChange(other);
    }
  }

  /** The last attempt never was one. What was sent before stays. */
  async #refuse(entry: Entry): Promise<void> {
    const { book, onChange } = this.#options;
    const { row } = entry;
    const earlier = row.attempts.slice(0, -1);
    const { block } = row.attempts.at(-1)!;
    if (earlier.length > 0) {
      const kept: TransactionRow = { ...row, attempts: earlier.map((attempt) => ({ ...attempt, block })) };
      return book.write(entry, kept);
    }
    await book.write(entry, { ...row, state: "refused" });
    onChange(entry);
  }
}

/** Whether something may be due of it without a new block. */
const isRestless = ({ row, lookedAt }: Entry, block: L1Block): boolean =>
  row.state === "pending" ? row.attempts.at(-1)!.answer === undefined : lookedAt !== block.hash;

const isWithoutBlobs = ({ row, sidecars }: Entry): boolean => carriesBlobs(row.intent) && sidecars.length === 0;
