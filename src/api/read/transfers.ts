import type { z } from "zod";
import type { Sql } from "../index/sql.ts";
import type { transactions } from "../schema/index.ts";
import { originOf, type OriginRow } from "./blocks.ts";
import { cursorOf, type Page, pageOf, type PageQuery } from "./page.ts";

export type FinalTransfer = z.infer<typeof transactions>["items"][number];

interface TransferRow extends OriginRow {
  readonly id: string;
  readonly height: number;
  readonly position: number;
  readonly proposal: string;
  readonly sender: number;
  readonly receiver: number;
  readonly amount: string;
  readonly fee: string;
  readonly nonce: number | null;
}

const TRANSFERS = `
SELECT t.id, t.height, t.position, t.sender, t.receiver, t.amount, t.fee, t.nonce, h.proposal, h.block, h.tx, b.hash
FROM transfers t JOIN heights h ON h.height = t.height JOIN blocks b ON b.number = h.block`;

const OLDER = "(t.height, t.position) < (?, ?) ORDER BY t.height DESC, t.position DESC LIMIT ?";

export interface TransfersQuery extends PageQuery {
  readonly account?: number | undefined;
  readonly height?: number | undefined;
}

/** Transfers of final blocks, the latest first. */
export function readTransfers(sql: Sql, query: TransfersQuery): Page<FinalTransfer> {
  const { account, height, limit } = query;
  const [h, p] = cursorOf(query, 2) ?? [Number.MAX_SAFE_INTEGER, 0];
  const page = [h!, p!, limit + 1] as const;
  const inHeight = height === undefined ? "" : "t.height = ? AND ";
  const heights = height === undefined ? [] : [height];
  const rows =
    account === undefined
      ? sql.all<TransferRow>(`${TRANSFERS} WHERE ${inHeight}${OLDER}`, ...heights, ...page)
      : [
          ...sql.all<TransferRow>(
            `${TRANSFERS} WHERE t.sender = ? AND ${inHeight}${OLDER}`,
            account,
            ...heights,
            ...page,
          ),
          ...sql.all<TransferRow>(
            `${TRANSFERS} WHERE t.receiver = ? AND t.sender <> t.receiver AND ${inHeight}${OLDER}`,
            ...[account, ...heights, ...page],
          ),
        ].sort((a, b) => b.height - a.height || b.position - a.position);
  return pageOf(query, rows, (row) => [row.height, row.position], transferOf);
}

/** Where a transfer is final. */
export function readTransfer(sql: Sql, id: string): FinalTransfer | undefined {
  const row = sql.get<TransferRow>(`${TRANSFERS} WHERE t.id = ?`, id);
  return row && transferOf(row);
}

/** The proposals that were revealed with a transfer, and the transfer as they have it, packed. */
export function readBodies(sql: Sql, id: string): { proposal: string; packed: string }[] {
  return sql.all<{ proposal: string; packed: string }>("SELECT proposal, packed FROM bodies WHERE id = ?", id);
}

function transferOf(row: TransferRow): FinalTransfer {
  const { id, sender, receiver, amount, fee, nonce, height, position, proposal } = row;
  return {
    ...{ id, from: sender, to: receiver, amount, fee },
    nonce: nonce === null ? null : `${nonce}`,
    final: { height, proposalId: proposal, position, origin: originOf(row) },
  };
}
