import type { z } from "zod";
import { emptyFlags, type Flags, hasFlag } from "../../protocol/flags.ts";
import { toHex32 } from "../../protocol/hex.ts";
import { isWithin, nodeAt, slotCount } from "../../protocol/nodes.ts";
import type { Profile } from "../../protocol/profile.ts";
import { assignedCounts, decodeTranscript, type Transcript } from "../../protocol/transcript.ts";
import type { Vote } from "../../protocol/vote.ts";
import type { Hearing, L1View } from "../../roles/index.ts";
import { decodeFlags } from "../index/flags.ts";
import type { Sql } from "../index/sql.ts";
import type { node } from "../schema/index.ts";
import { voteKey } from "./voteKey.ts";

export type Node = z.infer<typeof node>;

/** What a proposal's nodes are made of. */
interface Forest {
  readonly transcript: Transcript;
  /** Of each slot, 0 if nobody's. */
  readonly keys: readonly bigint[];
  readonly flags: Flags;
  readonly burnBid: bigint;
}

/** Reads single nodes of a proposal; undefined where nobody has committed to it. */
export function forestReader(
  profile: Profile,
  sql: Sql,
  l1: L1View,
  hearing: Hearing,
  id: string,
): ((slot: number) => Node) | undefined {
  const forest = openForest(l1, BigInt(id)) ?? pastForest(profile, sql, l1, id);
  if (forest === undefined) return undefined;
  const { transcript, keys, flags, burnBid } = forest;
  const counts = assignedCounts(transcript, keys);
  const votes = votesByKey(hearing.votes.get(BigInt(id)) ?? []);
  const proven = new Set((hearing.proofs.get(BigInt(id)) ?? []).map(({ slot }) => slot));
  return (slot) => {
    const [prover, key] = [transcript[slot]!, keys[slot]!];
    const place = nodeAt(profile, slot);
    const covers = (vote: Vote): boolean =>
      isWithin(profile, place, vote) && vote.capacity >= counts[slot]! && vote.minBurnBid <= burnBid;
    const known = {
      voteHeard: key !== 0n && (votes.get(key) ?? []).some(covers),
      voted: hasFlag(flags, "voted", slot),
      proofHeard: proven.has(slot),
      delivered: hasFlag(flags, "delivered", slot),
    };
    return {
      ...{ slot, depth: place.depth, index: place.index, state: stateOf(prover, known) },
      ...{ prover: prover === 0 ? null : prover, key: key === 0n ? null : toHex32(key), ...known },
    };
  };
}

function stateOf(
  prover: number,
  { voteHeard, voted, proofHeard, delivered }: Pick<Node, "voteHeard" | "voted" | "proofHeard" | "delivered">,
): Node["state"] {
  if (delivered) return "delivered";
  if (proofHeard) return "proofHeard";
  if (voted || voteHeard) return "voted";
  return prover === 0 ? "unassigned" : "assigned";
}

function openForest(l1: L1View, id: bigint): Forest | undefined {
  const commit = [...l1.open, ...l1.next].find(({ proposalId }) => proposalId === id);
  if (commit === undefined) return undefined;
  const { transcript, candidate, handedIn, commitment } = commit;
  // Who is eligible is asked when the commit is first seen.
  const keys = commit.keys.length === 0 ? transcript.map(() => 0n) : commit.keys;
  return { transcript, keys, flags: candidate?.flags ?? handedIn, burnBid: commitment.terms.burnBid };
}

function pastForest(profile: Profile, sql: Sql, { provers }: L1View, id: string): Forest | undefined {
  const row = sql.get<{ transcript: string; burn_bid: string; flags: string | null }>(
    `SELECT k.transcript, k.burn_bid,
       (SELECT flags FROM candidates WHERE proposal = r.proposal ORDER BY at DESC LIMIT 1) AS flags
     FROM reveals r JOIN commits k ON k.at = r.commit_at WHERE r.proposal = ?`,
    id,
  );
  if (row === undefined) return undefined;
  const transcript = decodeTranscript(profile, row.transcript);
  const registered = new Map(provers.map(({ index, key }) => [index, key]));
  return {
    transcript,
    keys: transcript.map((index) => registered.get(index) ?? 0n),
    flags: row.flags === null ? emptyFlags(slotCount(profile)) : decodeFlags(row.flags),
    burnBid: BigInt(row.burn_bid),
  };
}

/** By the hash that the registry has. */
function votesByKey(votes: readonly Vote[]): Map<bigint, Vote[]> {
  const byKey = new Map<bigint, Vote[]>();
  for (const vote of votes) {
    const key = voteKey(vote);
    byKey.set(key, [...(byKey.get(key) ?? []), vote]);
  }
  return byKey;
}
