import { randomUUID } from "node:crypto";
import { id, type TransactionReceipt } from "ethers";
import type { BlobSidecar } from "../blobSidecar.ts";
import { type Account, type Intent, isOpen, type TransactionJournal, type TransactionRow } from "./journal.ts";

/** An open transaction, with what is known of it while the process lives. */
export interface Entry {
  row: TransactionRow;
  /** Missing after a restart, until somebody wants the transaction again. */
  sidecars: readonly BlobSidecar[];
  /** Where it is mined. */
  receipt: TransactionReceipt | undefined;
  /** Hash of the L1 block at which it was considered last. */
  lookedAt: string | undefined;
  /** Whether an earlier process has sent it. */
  readonly isLeft: boolean;
  /** Whether it was asked for again in this one. */
  isTaken: boolean;
  /** Whether somebody waits for it. */
  isWaitedFor: boolean;
  /** Whether somebody has waited for it and does not know what became of it. */
  isOwed: boolean;
  /** What nodes have said in a row that is neither yes nor no. */
  faults: number;
  /** The last of these, or why it was refused. */
  trouble: unknown;
}

/** The open transactions of one account, as the journal has them. */
export class Book {
  readonly account: Account;
  readonly #journal: TransactionJournal;
  readonly #entries = new Map<string, Entry>();
  /** Left by an earlier process, and done since. */
  readonly #done: Entry[] = [];
  readonly #isRerun: boolean;

  private constructor(
    account: Account,
    journal: TransactionJournal,
    rows: readonly TransactionRow[],
    isRerun: boolean,
  ) {
    this.account = account;
    this.#journal = journal;
    this.#isRerun = isRerun;
    for (const row of rows) this.#entries.set(row.id, entryOf(row, true));
  }

  /** @param isRerun see {@link TxManagerOptions} */
  static async open(account: Account, journal: TransactionJournal, isRerun = false): Promise<Book> {
    return new Book(account, journal, await journal.open(account), isRerun);
  }

  /** Those with a nonce by their nonces, then the others in the order in which they came. */
  get entries(): readonly Entry[] {
    const order = ({ row }: Entry): number => row.nonce ?? Number.MAX_SAFE_INTEGER;
    return [...this.#entries.values()].sort((a, b) => order(a) - order(b));
  }

  has({ row }: Entry): boolean {
    return this.#entries.has(row.id);
  }

  /** One that does the same, that may still be mined, and for which nobody waits. */
  orphan(intent: Intent): Entry | undefined {
    const wanted = identityOf(intent);
    const open = this.entries.find((entry) => {
      const { row, isWaitedFor, isOwed } = entry;
      const isWanted =
        row.state === "mined"
          ? isOwed || this.#isAskedAgain(entry)
          : !row.attempts.some(({ isCancellation }) => isCancellation);
      return isWanted && !isWaitedFor && identityOf(row.intent) === wanted;
    });
    const done = this.#done.findIndex(({ row }) => identityOf(row.intent) === wanted);
    return open ?? (done === -1 ? undefined : this.#done.splice(done, 1)[0]);
  }

  /** Adds one that is written down with its nonce, before it is sent. */
  add(intent: Intent, sidecars: readonly BlobSidecar[]): Entry {
    const row: TransactionRow = { ...this.account, id: randomUUID(), intent, state: "waiting", attempts: [] };
    const entry = { ...entryOf(row, false), sidecars };
    this.#entries.set(row.id, entry);
    return entry;
  }

  /** Of one that was never sent, nothing remains. */
  forget({ row }: Entry): void {
    this.#entries.delete(row.id);
  }

  /** Writes down where a transaction stands; what has ended is looked after no more. */
  async write(entry: Entry, row: TransactionRow): Promise<void> {
    await this.#journal.write(row);
    entry.row = row;
    if (isOpen(row)) return;
    this.#entries.delete(row.id);
    if (row.state === "done" && this.#isAskedAgain(entry)) this.#done.push(entry);
  }

  /** Whether it may still be asked for although it is mined. */
  #isAskedAgain({ isLeft, isTaken }: Entry): boolean {
    return this.#isRerun && isLeft && !isTaken;
  }
}

const entryOf = (row: TransactionRow, isLeft: boolean): Entry => ({
  ...{ row, isLeft, isTaken: false, sidecars: [], receipt: undefined, lookedAt: undefined },
  ...{ isWaitedFor: false, isOwed: false, faults: 0, trouble: undefined },
});

/** Equal for transactions that do the same. */
const identityOf = ({ to, data, value, blobHashes }: Intent): string =>
  id([to, data, String(value), ...blobHashes].join());
