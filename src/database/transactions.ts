import { type Account, isOpen, type TransactionJournal, type TransactionRow } from "../chain/tx/journal.ts";
import type { Connection, Row } from "./connection.ts";
import { decode, encode } from "./json.ts";

/** Rows of an account that have ended and are kept for operators; the oldest are forgotten first. */
const KEPT = 1_000;

const WRITE =
  "INSERT INTO transactions (id, chainId, sender, isOpen, number, row) " +
  "VALUES (?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM transactions), ?) " +
  "ON CONFLICT (id) DO UPDATE SET isOpen = excluded.isOpen, row = excluded.row";
const FORGET =
  "DELETE FROM transactions WHERE chainId = ?1 AND sender = ?2 AND isOpen = 0 AND number <= (" +
  "SELECT number FROM transactions WHERE chainId = ?1 AND sender = ?2 AND isOpen = 0 ORDER BY number DESC " +
  "LIMIT 1 OFFSET ?3)";

/** Transactions in a database, across restarts. */
export class TransactionTable implements TransactionJournal {
  readonly #connection: Connection;
  readonly #kept: number;

  /** @param kept rows of an account that have ended; for tests */
  constructor(connection: Connection, kept = KEPT) {
    this.#connection = connection;
    this.#kept = kept;
  }

  open(account: Account): Promise<readonly TransactionRow[]> {
    return Promise.resolve(this.#rows(account, true));
  }

  /** Those that have ended, in the order in which they were written first. */
  ended(account: Account): readonly TransactionRow[] {
    return this.#rows(account, false);
  }

  /** @throws {DatabaseError} @throws {DiskFullError} */
  async write(row: TransactionRow): Promise<void> {
    const { id, chainId, sender } = row;
    this.#connection.transaction(() => {
      this.#connection.run(WRITE, id, `${chainId}`, sender, isOpen(row) ? 1 : 0, encode(row));
      if (!isOpen(row)) this.#connection.run(FORGET, `${chainId}`, sender, this.#kept);
    });
  }

  #rows({ chainId, sender }: Account, areOpen: boolean): TransactionRow[] {
    return this.#connection
      .all(
        "SELECT row FROM transactions WHERE chainId = ? AND sender = ? AND isOpen = ? ORDER BY number",
        ...[`${chainId}`, sender, areOpen ? 1 : 0],
      )
      .map(({ row }: Row) => decode(String(row)) as TransactionRow);
  }
}
