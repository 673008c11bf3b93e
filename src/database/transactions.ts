import { type Account, isOpen, type TransactionJournal, type TransactionRow } from "../chain/tx/journal.ts";
import type { Connection, Row } from "./connection.ts";
import { decode, encode } from "./json.ts";

/**
 * Rows of an account that have ended and are kept for operators, and as many of those with names, which are not sent
 * again while they are known; the oldest are forgotten first.
 */
const KEPT = 1_000;

const WRITE =
  "INSERT INTO transactions (id, chainId, sender, isOpen, number, row) " +
  "VALUES (?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM transactions), ?) " +
  "ON CONFLICT (id) DO UPDATE SET isOpen = excluded.isOpen, row = excluded.row";
const ENDED = "chainId = ?1 AND sender = ?2 AND isOpen = 0 AND (json_extract(row, '$.intent.once') IS NULL) = ?3";
const FORGET =
  `DELETE FROM transactions WHERE ${ENDED} AND number <= (` +
  `SELECT number FROM transactions WHERE ${ENDED} ORDER BY number DESC LIMIT 1 OFFSET ?4)`;

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

  doneOnce(account: Account, once: string): Promise<TransactionRow | undefined> {
    const isIt = ({ intent, state }: TransactionRow): boolean => intent.once === once && state === "done";
    return Promise.resolve(this.ended(account).findLast(isIt));
  }

  /** @throws {DatabaseError} @throws {DiskFullError} */
  async write(row: TransactionRow): Promise<void> {
    const { id, chainId, sender } = row;
    this.#connection.transaction(() => {
      this.#connection.run(WRITE, id, `${chainId}`, sender, isOpen(row) ? 1 : 0, encode(row));
      const isUnnamed = row.intent.once === undefined ? 1 : 0;
      if (!isOpen(row)) this.#connection.run(FORGET, `${chainId}`, sender, isUnnamed, this.#kept);
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
