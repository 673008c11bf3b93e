import type { Connection } from "./connection.ts";

/** Drops that are remembered; the oldest are forgotten first. */
const REMEMBERED_DROPS = 20_000;

/** A transfer as it is kept. */
export interface KeptTransfer {
  /** keccak256 of its encoding. */
  readonly hash: string;
  /** Account. */
  readonly sender: number;
  readonly nonce: bigint;
  /** `encodeTransfer` */
  readonly encoded: string;
}

/** Why a transfer has left without a block. */
export interface KnownDrop extends Omit<KeptTransfer, "encoded"> {
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What a mempool holds, and what it has dropped. Nothing is promised by it, so a write may wait for the next one that
 * is synced: a crash of the machine loses the last ones, a crash of the process none.
 */
export class MempoolTable {
  readonly #connection: Connection;
  readonly #now: () => number;
  readonly #remembered: number;

  /** @param connection that does not wait for the disk @param remembered drops; for tests */
  constructor(connection: Connection, now: () => number, remembered = REMEMBERED_DROPS) {
    this.#connection = connection;
    this.#now = now;
    this.#remembered = remembered;
  }

  /** Of each account in the order of the nonces. */
  transfers(): KeptTransfer[] {
    return this.#connection.all("SELECT * FROM transfers ORDER BY sender, nonce").map((row) => ({
      hash: String(row.hash),
      sender: Number(row.sender),
      nonce: BigInt(row.nonce as number),
      encoded: String(row.encoded),
    }));
  }

  /** Adds a transfer, in the place of its rival if there is one. */
  put({ hash, sender, nonce, encoded }: KeptTransfer): void {
    this.#connection.run("INSERT OR REPLACE INTO transfers VALUES (?, ?, ?, ?)", sender, Number(nonce), hash, encoded);
  }

  /** A transfer has left, or was never taken. */
  drop({ hash, sender, nonce }: Omit<KeptTransfer, "encoded">, reason: string): void {
    this.#connection.transaction(() => {
      this.#connection.run("DELETE FROM transfers WHERE hash = ?", hash);
      this.#connection.run(
        "INSERT INTO drops (hash, sender, nonce, reason, at) VALUES (?, ?, ?, ?, ?)",
        ...[hash, sender, Number(nonce), reason, this.#now()],
      );
      this.#connection.run("DELETE FROM drops WHERE number <= (SELECT max(number) FROM drops) - ?", this.#remembered);
    });
  }

  /** Why a transfer was dropped, each time, the last one first. */
  drops(hash: string): KnownDrop[] {
    return this.#connection.all("SELECT * FROM drops WHERE hash = ? ORDER BY number DESC", hash).map((row) => ({
      hash: String(row.hash),
      sender: Number(row.sender),
      nonce: BigInt(row.nonce as number),
      reason: String(row.reason),
      at: Number(row.at),
    }));
  }
}
