import type { ChainClient } from "../client.ts";
import { ask } from "../ask.ts";
import { openingOf, type Commitment } from "./commitment.ts";
import { getCommits } from "./getCommits.ts";
import { getRoundState } from "./getRoundState.ts";

/** A commit that may still be proven, and how far it may get. */
export interface RankedCommit {
  readonly commitment: Commitment;
  readonly proposalId: bigint;
  /** The highest that it can still reach; only scores of one round compare. */
  readonly score: bigint;
  /** Distinct provers that its transcript names and that were eligible. */
  readonly provers: number;
}

/** The commits that may still win, best first: those of the open round, then those to the next height. */
export async function rankCommits(client: ChainClient): Promise<RankedCommit[]> {
  const { round } = await getRoundState(client);
  const next = { height: round.height + 1, attempt: 1 };
  const commits = (await Promise.all([getCommits(client, round), getCommits(client, next)])).flat();
  const ranked = await ask("rank", () =>
    client.ranking.rank(
      client.rollup,
      commits.map(openingOf),
      commits.map(({ transcript }) => transcript),
    ),
  );
  return ranked.map(({ position, proposalId, score, provers }) => ({
    commitment: commits[Number(position)]!,
    proposalId,
    score,
    provers: Number(provers),
  }));
}
