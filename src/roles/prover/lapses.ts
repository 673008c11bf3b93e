import { z } from "zod";
import { isAccepting } from "../../protocol/phase.ts";
import type { L1View } from "../l1View.ts";
import { CERTAIN } from "./chances.ts";
import type { ProverOwn } from "./own.ts";

/** How often proposers have let votes lapse. */
export interface Lapses {
  /** Of the last round that was looked at. */
  readonly roundNumber: bigint;
  /** By address: lapses less commits, of those that have any. */
  readonly counts: ReadonlyMap<string, number>;
}

export const NO_LAPSES: Lapses = { roundNumber: 0n, counts: new Map() };

/** A proposer is trusted a tenth for each: more make no difference. */
const MOST = 6;

/** Proposers that are remembered; the one that lapsed first is forgotten first. */
const MAX_REMEMBERED = 1_024;

/**
 * Counts, once in each round whose commits have ended, which proposers have committed on the parent for which they took
 * this prover's vote, and which have not: an offer costs nothing and holds capacity until then.
 */
export function afterCommits(lapses: Lapses, { round, open }: Pick<L1View, "round" | "open">, own: ProverOwn): Lapses {
  const { roundNumber, parent } = round;
  if (!isAccepting(round.phase) || roundNumber <= lapses.roundNumber) return lapses;
  const counts = new Map(lapses.counts);
  const asked = own.votes.filter((vote) => vote.roundNumber === roundNumber && vote.parent === parent);
  for (const proposer of new Set(asked.flatMap((vote) => vote.proposer ?? []))) {
    const hasCommitted = open.some(({ commitment }) => commitment.proposer === proposer);
    const count = (counts.get(proposer) ?? 0) + (hasCommitted ? -1 : 1);
    if (count <= 0) counts.delete(proposer);
    else counts.set(proposer, Math.min(MOST, count));
  }
  return { roundNumber, counts: new Map([...counts].slice(-MAX_REMEMBERED)) };
}

/** How likely a proposer is to commit what it offers, of {@link CERTAIN}. */
export const trustIn = ({ counts }: Lapses, proposer: string): bigint =>
  CERTAIN / 10n ** BigInt(counts.get(proposer) ?? 0);

const stored = z.object({ roundNumber: z.string(), counts: z.array(z.tuple([z.string(), z.number()])) });

export const encodeLapses = ({ roundNumber, counts }: Lapses): string =>
  JSON.stringify({ roundNumber: `${roundNumber}`, counts: [...counts] });

/** What {@link encodeLapses} has written; none if it was something else. */
export function decodeLapses(encoded: string | undefined): Lapses {
  if (encoded === undefined) return NO_LAPSES;
  try {
    const { roundNumber, counts } = stored.parse(JSON.parse(encoded));
    return { roundNumber: BigInt(roundNumber), counts: new Map(counts) };
  } catch {
    return NO_LAPSES;
  }
}
