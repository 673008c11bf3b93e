import type { z } from "zod";
import type { block, paid, roundSummary } from "../schema/index.ts";
import type { Sql } from "../index/sql.ts";
import { cursorOf, type Page, pageOf, type PageQuery } from "./page.ts";

type Block = z.infer<typeof block>;
type RoundSummary = z.infer<typeof roundSummary>;

/** Where L1 said something, as rows have it. */
export interface OriginRow {
  readonly block: number;
  readonly hash: string;
  readonly tx: string;
}

export const originOf = ({ block, hash, tx }: OriginRow) => ({ block: { number: block, hash }, transaction: tx });

/** A parent as answers have it: null is genesis. */
export const parentOf = (parent: string): string | null => (/^0x0*$/.test(parent) ? null : parent);

interface BlockRow extends OriginRow {
  readonly height: number;
  readonly attempt: number;
  readonly proposal: string;
  readonly parent: string;
  readonly state_root: string;
  readonly minted: string;
  readonly burnt: string;
  readonly op_count: number;
  readonly tx_count: number;
  readonly blobs: string;
  readonly proposer: string;
  readonly burn_bid: string;
  readonly share_bps: number;
  readonly committed_at: number;
  readonly score: string;
  readonly provers: number;
  readonly is_readable: number | null;
}

const BLOCKS = `
SELECT h.height, h.attempt, h.proposal, h.state_root, h.minted, h.burnt, h.op_count, h.block, h.tx, b.hash,
  o.parent, r.tx_count, r.blobs, k.proposer, k.burn_bid, k.share_bps, k.committed_at, c.score, c.provers, t.is_readable
FROM heights h JOIN blocks b ON b.number = h.block JOIN reveals r ON r.proposal = h.proposal
JOIN commits k ON k.at = r.commit_at
JOIN rounds o ON o.at = (SELECT MAX(at) FROM rounds WHERE height = h.height AND attempt = h.attempt)
JOIN candidates c ON c.at = (SELECT MAX(at) FROM candidates WHERE proposal = h.proposal)
LEFT JOIN contents t ON t.height = h.height`;

/** Final blocks, the latest first. */
export function readBlocks(sql: Sql, query: PageQuery): Page<Block> {
  const [before] = cursorOf(query, 1) ?? [Number.MAX_SAFE_INTEGER];
  const rows = sql.all<BlockRow>(
    `${BLOCKS} WHERE h.height < ? ORDER BY h.height DESC LIMIT ?`,
    ...[before!, query.limit + 1],
  );
  return pageOf(
    query,
    rows,
    ({ height }) => [height],
    (row) => blockOf(sql, row),
  );
}

export function readBlock(sql: Sql, height: number): Block | undefined {
  const row = sql.get<BlockRow>(`${BLOCKS} WHERE h.height = ?`, height);
  return row && blockOf(sql, row);
}

/** The last final block, 0: genesis. */
export function finalHeight(sql: Sql): number {
  return sql.get<{ height: number | null }>("SELECT MAX(height) AS height FROM heights")!.height ?? 0;
}

function blockOf(sql: Sql, row: BlockRow): Block {
  return {
    height: row.height,
    proposalId: row.proposal,
    parent: parentOf(row.parent),
    round: { height: row.height, attempt: row.attempt },
    proposer: row.proposer,
    burnBid: row.burn_bid,
    proverShareBps: row.share_bps,
    committedAt: row.committed_at,
    score: row.score,
    provers: row.provers,
    stateRoot: row.state_root,
    operations: row.op_count,
    transfers: row.tx_count,
    blobs: listOf(row.blobs),
    isReadable: row.is_readable === 1,
    minted: row.minted,
    burnt: row.burnt,
    paid: paidIn(sql, row.block),
    origin: originOf(row),
  };
}

/** Hashes with commas. */
export const listOf = (text: string): string[] => (text === "" ? [] : text.split(","));

/** L1 decides one height in a block, and pays its candidates there. */
function paidIn(sql: Sql, block: number): z.infer<typeof paid>[] {
  interface PaidRow {
    proposal: string;
    proposer: string;
    place: number;
    burnt: string;
    reward: string;
    fees: string;
  }
  const rows = sql.all<PaidRow>("SELECT * FROM payments WHERE block = ? ORDER BY place", block);
  return rows.map(({ proposal, ...rest }) => ({
    proposalId: proposal,
    proposer: rest.proposer,
    place: rest.place,
    burnt: rest.burnt,
    reward: rest.reward,
    fees: rest.fees,
  }));
}

interface RoundRow extends OriginRow {
  readonly at: number;
  readonly height: number;
  readonly attempt: number;
  readonly parent: string;
  readonly opens: number;
  readonly is_pipelined: number;
  readonly commits: number;
  readonly candidates: number;
  readonly winner: string | null;
}

/** Rounds that were opened, the latest first. */
export function readRounds(sql: Sql, query: PageQuery): Page<RoundSummary> {
  const [before] = cursorOf(query, 1) ?? [Number.MAX_SAFE_INTEGER];
  const rows = sql.all<RoundRow>(
    `SELECT o.at, o.height, o.attempt, o.parent, o.opens, o.is_pipelined, o.block, o.tx, b.hash,
       (SELECT COUNT(*) FROM commits WHERE height = o.height AND attempt = o.attempt
          AND committed_at >= o.opens) AS commits,
       (SELECT COUNT(DISTINCT proposal) FROM candidates WHERE height = o.height AND attempt = o.attempt) AS candidates,
       (SELECT proposal FROM heights WHERE height = o.height AND attempt = o.attempt) AS winner
     FROM rounds o JOIN blocks b ON b.number = o.block WHERE o.at < ? ORDER BY o.at DESC LIMIT ?`,
    ...[before!, query.limit + 1],
  );
  return pageOf(
    query,
    rows,
    ({ at }) => [at],
    (row) => ({
      round: { height: row.height, attempt: row.attempt },
      parent: parentOf(row.parent),
      opens: row.opens,
      isPipelined: row.is_pipelined === 1,
      commits: row.commits,
      candidates: row.candidates,
      winner: row.winner,
      origin: originOf(row),
    }),
  );
}
