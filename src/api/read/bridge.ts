import type { z } from "zod";
import { toHex32 } from "../../protocol/hex.ts";
import { decodeOperation, operationKind } from "../../protocol/operation.ts";
import { unpackExit } from "../../protocol/exit.ts";
import { addressOf } from "../index/address.ts";
import type { Sql } from "../index/sql.ts";
import type { exit, operation, OPERATION_STATES } from "../schema/index.ts";
import { originOf, type OriginRow } from "./blocks.ts";
import { cursorOf, type Page, pageOf, type PageQuery } from "./page.ts";

type Operation = z.infer<typeof operation>;
type Exit = z.infer<typeof exit>;
export type OperationState = (typeof OPERATION_STATES)[number];

/** How far the queue is: operations in all, those of final blocks, and those that are due after these. */
export interface QueueState {
  readonly posted: number;
  readonly settled: number;
  readonly due: number;
}

/** @param due as the open round has it, which begins with the first that is not settled */
export function readQueue(sql: Sql, due: { readonly first: number; readonly count: number }): QueueState {
  const { posted } = sql.get<{ posted: number }>("SELECT COUNT(*) AS posted FROM operations")!;
  return { posted, settled: due.first, due: due.count };
}

interface OperationRow extends OriginRow {
  readonly number: number;
  readonly encoded: string;
  readonly posted_at: number;
}

/** The bridge's queue, the latest first. */
export function readOperations(
  sql: Sql,
  query: PageQuery & { readonly state?: OperationState | undefined },
  { posted, settled, due }: QueueState,
): Page<Operation> {
  const [before] = cursorOf(query, 1) ?? [Number.MAX_SAFE_INTEGER];
  const spans = { queued: [settled + due, posted], due: [settled, settled + due], final: [0, settled] } as const;
  const [first, end] = query.state === undefined ? [0, posted] : spans[query.state];
  const rows = sql.all<OperationRow>(
    `SELECT o.number, o.encoded, o.posted_at, o.block, o.tx, b.hash FROM operations o
     JOIN blocks b ON b.number = o.block WHERE o.number >= ? AND o.number < ? ORDER BY o.number DESC LIMIT ?`,
    ...[first, Math.min(end, before!), query.limit + 1],
  );
  return pageOf(
    query,
    rows,
    ({ number }) => [number],
    (row) => {
      const decoded = decodeOperation(row.encoded);
      const state = row.number < settled ? "final" : row.number < settled + due ? "due" : "queued";
      return {
        index: row.number,
        kind: operationKind(decoded),
        from: decoded.from,
        to: decoded.to,
        amount: decoded.amount.toString(),
        l1Owner: addressOf(decoded.l1Owner),
        key: decoded.key === 0n ? null : toHex32(decoded.key),
        postedAt: row.posted_at,
        state,
        height: state === "final" ? heightOf(sql, row.number) : null,
        origin: originOf(row),
      };
    },
  );
}

/** The final block that an operation is in; null where L1 has decided it and the block is not final yet. */
function heightOf(sql: Sql, operation: number): number | null {
  const found = sql.get<{ height: number; end: number }>(
    `SELECT height, first_operation + op_count AS end FROM heights WHERE first_operation <= ?
     ORDER BY first_operation DESC, height DESC LIMIT 1`,
    operation,
  );
  return found !== undefined && operation < found.end ? found.height : null;
}

interface ExitRow {
  readonly height: number;
  readonly position: number;
  readonly owner: string;
  readonly packed: string;
  readonly proposal: string;
  readonly claim_block: number | null;
  readonly claim_hash: string | null;
  readonly claim_tx: string | null;
}

export interface ExitsQuery extends PageQuery {
  readonly owner?: string | undefined;
  readonly height?: number | undefined;
}

/** Exits of final blocks, the latest first. @param query `owner` with its checksum */
export function readExits(sql: Sql, query: ExitsQuery): Page<Exit> {
  const { owner, height, limit } = query;
  const [h, p] = cursorOf(query, 2) ?? [Number.MAX_SAFE_INTEGER, 0];
  const wanted = [
    ...(owner === undefined ? [] : [["e.owner = ?", owner] as const]),
    ...(height === undefined ? [] : [["e.height = ?", height] as const]),
  ];
  const where = [...wanted.map(([condition]) => condition), "(e.height, e.position) < (?, ?)"].join(" AND ");
  const rows = sql.all<ExitRow>(
    `SELECT e.height, e.position, e.owner, e.packed, h.proposal,
       c.block AS claim_block, b.hash AS claim_hash, c.tx AS claim_tx
     FROM exits e JOIN heights h ON h.height = e.height
     LEFT JOIN exit_claims c ON c.proposal = h.proposal AND c.position = e.position
     LEFT JOIN blocks b ON b.number = c.block
     WHERE ${where} ORDER BY e.height DESC, e.position DESC LIMIT ?`,
    ...wanted.map(([, value]) => value),
    ...[h!, p!, limit + 1],
  );
  return pageOf(
    query,
    rows,
    (row) => [row.height, row.position],
    (row) => ({
      ...{ height: row.height, proposalId: row.proposal, position: row.position, packed: row.packed },
      owner: row.owner,
      amount: unpackExit(BigInt(row.packed))!.amount.toString(),
      claimed:
        row.claim_block === null
          ? null
          : originOf({ block: row.claim_block, hash: row.claim_hash!, tx: row.claim_tx! }),
    }),
  );
}
