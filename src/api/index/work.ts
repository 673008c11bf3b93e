import { type Flags, hasFlag, isFulfilled } from "../../protocol/flags.ts";
import type { Profile } from "../../protocol/profile.ts";
import type { Round } from "../../protocol/round.ts";
import { decodeTranscript } from "../../protocol/transcript.ts";
import { decodeFlags } from "./flags.ts";
import type { Sql } from "./sql.ts";

/** A row of what a prover has done, in all rounds up to it together. */
export interface Work {
  /** Proven blocks that name it. */
  readonly blocks: number;
  /** Slots of these that were its own. */
  readonly assigned: number;
  readonly voted: number;
  readonly delivered: number;
  readonly fulfilled: number;
}

const NONE: Work = { blocks: 0, assigned: 0, voted: 0, delivered: 0, fulfilled: 0 };

export interface WorkPlace {
  /** Of L1, in which the round was decided. */
  readonly block: number;
  /** Slots of a block that a prover can hold. */
  readonly maxSlots: number;
}

/** Adds what a decided round says of provers to what was known of them. */
export function addWork(sql: Sql, profile: Profile, { height, attempt }: Round, { block, maxSlots }: WorkPlace): void {
  const proven = sql.all<{ flags: string; transcript: string }>(
    `SELECT c.flags, k.transcript FROM candidates c
     JOIN reveals r ON r.proposal = c.proposal JOIN commits k ON k.at = r.commit_at
     WHERE c.height = ? AND c.attempt = ?
       AND c.at = (SELECT MAX(at) FROM candidates WHERE proposal = c.proposal)`,
    ...[height, attempt],
  );
  for (const { flags, transcript } of proven)
    for (const [prover, slots] of slotsOf(decodeTranscript(profile, transcript), maxSlots))
      addRow(sql, prover, slots, decodeFlags(flags), block);
}

/** What a prover has done so far. */
export const readWork = (sql: Sql, prover: number): Work =>
  sql.get<Work>("SELECT * FROM work WHERE prover = ? ORDER BY number DESC LIMIT 1", prover) ?? NONE;

function addRow(sql: Sql, prover: number, slots: readonly number[], flags: Flags, block: number): void {
  const known = readWork(sql, prover);
  const counted = (is: (slot: number) => boolean): number => slots.filter(is).length;
  sql.run(
    "INSERT INTO work (block, prover, blocks, assigned, voted, delivered, fulfilled) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ...[block, prover, known.blocks + 1, known.assigned + slots.length],
    known.voted + counted((slot) => hasFlag(flags, "voted", slot)),
    known.delivered + counted((slot) => hasFlag(flags, "delivered", slot)),
    known.fulfilled + counted((slot) => isFulfilled(flags, slot)),
  );
}

/** The slots of each prover: the first ones, as many as it may hold. */
function slotsOf(transcript: readonly number[], maxSlots: number): Map<number, number[]> {
  const slots = new Map<number, number[]>();
  transcript.forEach((index, slot) => {
    const held = slots.get(index) ?? [];
    if (index !== 0 && held.length < maxSlots) slots.set(index, [...held, slot]);
  });
  return slots;
}
