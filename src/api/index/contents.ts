import { blockTransfers } from "../../protocol/blockData.ts";
import type { Profile } from "../../protocol/profile.ts";
import { toHex32 } from "../../protocol/hex.ts";
import { publishedTransferId } from "../../protocol/transferId.ts";
import { unpackTransfer } from "../../protocol/transfer.ts";
import type { FinalExit } from "../../sync/finalBlock.ts";
import { addressOf } from "./address.ts";
import type { Sql } from "./sql.ts";

/** A final block whose transfers are not here yet. */
export interface Unfilled {
  readonly height: number;
  readonly proposal: string;
  readonly tx_count: number;
  readonly op_count: number;
  /** Versioned hashes, with commas. */
  readonly blobs: string;
  /** L1 block of its reveal. */
  readonly revealed: number;
  /** When it was committed, Unix seconds. */
  readonly committed_at: number;
}

const UNFILLED = `
  SELECT h.height, h.proposal, r.tx_count, r.op_count, r.blobs, r.block AS revealed, k.committed_at
  FROM heights h JOIN reveals r ON r.proposal = h.proposal JOIN commits k ON k.at = r.commit_at`;

/** What blobs and the L2 tell, beside what logs do: the transfers of blocks, and their exits. */
export class Contents {
  readonly #sql: Sql;
  readonly #profile: Profile;

  constructor(sql: Sql, profile: Profile) {
    this.#sql = sql;
    this.#profile = profile;
    // Versions before this one left out here what nobody had given.
    sql.run(
      `INSERT OR IGNORE INTO contents SELECT height, block, 0 FROM heights
       WHERE height < (SELECT MAX(height) FROM contents)`,
    );
  }

  /** Whether the transfers of a revealed proposal are here. */
  hasBody(proposal: string): boolean {
    return (
      this.#sql.get(
        `SELECT 1 FROM reveals r WHERE proposal = ?1
         AND (tx_count = 0 OR EXISTS (SELECT 1 FROM bodies WHERE proposal = ?1))`,
        proposal,
      ) !== undefined
    );
  }

  /**
   * Keeps the transfers of a revealed proposal.
   * @param elements of its blobs
   * @throws {MalformedError | OutOfRangeError} for blobs of a block that cannot be proven
   */
  addBody(proposal: string, elements: readonly bigint[]): void {
    const reveal = this.#sql.get<{ block: number; op_count: number }>(
      "SELECT block, op_count FROM reveals WHERE proposal = ?",
      proposal,
    );
    if (reveal === undefined) return;
    const packed = blockTransfers(this.#profile, elements, reveal.op_count);
    this.#sql.transaction(() => {
      packed.forEach((transfer, position) =>
        this.#sql.run(
          "INSERT OR IGNORE INTO bodies VALUES (?, ?, ?, ?, ?)",
          ...[proposal, position, reveal.block, publishedTransferId(transfer), transfer.packed.toString(16)],
        ),
      );
    });
  }

  /** Whether the transfers of all final blocks above one height and up to another are here. */
  areReadable(above: number, height: number): boolean {
    const { known } = this.#sql.get<{ known: number }>(
      "SELECT COUNT(*) AS known FROM contents WHERE height > ? AND height <= ? AND is_readable = 1",
      ...[above, height],
    )!;
    return known >= height - above;
  }

  /** The first final block that is not filled. */
  next(): Unfilled | undefined {
    return this.#sql.get<Unfilled>(
      `${UNFILLED} WHERE h.height > (SELECT COALESCE(MAX(height), 0) FROM contents) ORDER BY h.height LIMIT 1`,
    );
  }

  /** The first final block above a height whose transfers nobody gave. */
  unreadable(above: number): Unfilled | undefined {
    return this.#sql.get<Unfilled>(
      `${UNFILLED} WHERE h.height = (SELECT MIN(height) FROM contents WHERE is_readable = 0 AND height > ?)`,
      above,
    );
  }

  /** Completes a final block from its body, if it has one. */
  finish({ height, proposal }: Unfilled, exits: readonly FinalExit[]): void {
    const isReadable = this.hasBody(proposal);
    this.#sql.transaction(() => {
      const { block } = this.#sql.get<{ block: number }>("SELECT block FROM heights WHERE height = ?", height)!;
      this.#sql.run("INSERT INTO contents VALUES (?, ?, ?)", height, block, isReadable ? 1 : 0);
      this.#moveBody(height, proposal, block);
      for (const { position, packed, l1Owner } of exits)
        this.#sql.run(
          "INSERT OR REPLACE INTO exits VALUES (?, ?, ?, ?, ?)",
          ...[height, position, block, addressOf(l1Owner), toHex32(packed)],
        );
      // What others proposed for the height is of no use any more.
      this.#sql.run("DELETE FROM bodies WHERE proposal IN (SELECT proposal FROM reveals WHERE height = ?)", height);
    });
  }

  /**
   * Completes a final block whose transfers have come late, with the nonces that follow from them.
   * @returns false if they are not here, or L1 has dropped the block
   */
  fill({ height, proposal }: Unfilled): boolean {
    const final = this.#sql.get<{ block: number }>(
      "SELECT block FROM heights WHERE height = ? AND proposal = ?",
      ...[height, proposal],
    );
    if (final === undefined || !this.hasBody(proposal)) return false;
    this.#sql.transaction(() => {
      this.#sql.run("UPDATE contents SET is_readable = 1 WHERE height = ?", height);
      this.#moveBody(height, proposal, final.block);
      this.#sql.run("DELETE FROM bodies WHERE proposal = ?", proposal);
      this.#numberTransfers();
    });
    return true;
  }

  /** Gives nonces to all transfers before which none is missing. */
  #numberTransfers(): void {
    this.#sql.run(
      `UPDATE transfers SET nonce = counted.nonce FROM (
         SELECT height, position, ROW_NUMBER() OVER (PARTITION BY sender ORDER BY height, position) - 1 AS nonce
         FROM transfers
         WHERE height < COALESCE((SELECT MIN(height) FROM contents WHERE is_readable = 0), 9007199254740991)
       ) AS counted
       WHERE transfers.height = counted.height AND transfers.position = counted.position AND transfers.nonce IS NULL`,
    );
  }

  #moveBody(height: number, proposal: string, block: number): void {
    const { known } = this.#sql.get<{ known: number }>(
      "SELECT COUNT(*) AS known FROM contents WHERE height < ? AND is_readable = 1",
      height,
    )!;
    const isWhole = known === height - 1;
    const body = this.#sql.all<{ position: number; id: string; packed: string }>(
      "SELECT position, id, packed FROM bodies WHERE proposal = ? ORDER BY position",
      proposal,
    );
    for (const { position, id, packed } of body) {
      const { from, to, amount, fee } = unpackTransfer(BigInt(`0x${packed}`))!;
      this.#sql.run(
        "INSERT OR REPLACE INTO transfers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ...[height, position, block, id, from, to, amount.toString(), fee.toString()],
        isWhole ? this.#nonceAfter(from) : null,
      );
    }
  }

  /** The nonce of an account's next transfer: an account counts them from 0. */
  #nonceAfter(account: number): number | null {
    const last = this.#sql.get<{ nonce: number | null }>(
      "SELECT nonce FROM transfers WHERE sender = ? ORDER BY height DESC, position DESC LIMIT 1",
      account,
    );
    if (last === undefined) return 0;
    return last.nonce === null ? null : last.nonce + 1;
  }
}
