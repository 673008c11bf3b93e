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
  /** Whether the journal has it: then whoever reads that sends it. */
  isWritten: boolean;
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

  private constructor(account: Account, journal: TransactionJournal, rows: readonly TransactionRow[]) {
    this.account = account;
    this.#journal = journal;
    for (const row of rows) this.#entries.set(row.id, entryOf(row, true));
  }

  static async open(account: Account, journal: TransactionJournal): Promise<Book> {
    return new Book(account, journal, await journal.open(account));
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
    return this.entries.find(({ row, isWaitedFor, isOwed }) => {
      const isWanted = row.state === "mined" ? isOwed : !row.attempts.some(({ isCancellation }) => isCancellation);
      return isWanted && !isWaitedFor && identityOf(row.intent) === wanted;
    });
  }

  /** One that was sent under this name, and may be or is mined. */
  async named(once: string): Promise<Entry | undefined> {
    const open = this.entries.find(({ row }) => row.intent.once === once);
    if (open !== undefined) return open;
    const row = await this.#journal.doneOnce(this.account, once);
    return row && entryOf(row, true);
  }

  /** L1 has dropped the block of one that was done: it is looked after again. */
  async reopen(entry: Entry, row: TransactionRow): Promise<void> {
    await this.write(entry, row);
    this.#entries.set(row.id, entry);
  }

  /** Adds one that is written down with its nonce, before it is sent. */
  add(intent: Intent, sidecars: readonly BlobSidecar[]): Entry {
    const row: TransactionRow = { ...this.account, id: randomUUID(), intent, state: "waiting", attempts: [] };
    const entry = { ...entryOf(row, false), sidecars };
    this.#entries.set(row.id, entry);
    return entry;
  }

  /** Of one that was never sent, nothing remains. What has a name and was, goes on: it must not be sent beside it. */
  forget({ row, isWritten }: Entry): void {
    if (row.intent.once === undefined || !isWritten) this.#entries.delete(row.id);
  }

  /** Writes down where a transaction stands; what has ended is looked after no more. */
  async write(entry: Entry, row: TransactionRow): Promise<void> {
    await this.#journal.write(row);
    entry.row = row;
    entry.isWritten = true;
    if (isOpen(row)) return;
    this.#entries.delete(row.id);
  }
}

const entryOf = (row: TransactionRow, isLeft: boolean): Entry => ({
  ...{ row, isLeft, isWritten: isLeft, sidecars: [], receipt: undefined, lookedAt: undefined },
  ...{ isWaitedFor: false, isOwed: false, faults: 0, trouble: undefined },
});

/** Equal for transactions that do the same. */
const identityOf = ({ to, data, value, blobHashes, once = "" }: Intent): string =>
  id([to, data, String(value), ...blobHashes, once].join());
