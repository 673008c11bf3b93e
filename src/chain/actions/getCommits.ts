import { roundId, type Round } from "../../protocol/round.ts";
import { unpackTerms } from "../../protocol/terms.ts";
import type { ChainClient } from "../client.ts";
import { rangesBackwards } from "../scan.ts";
import type { Commitment } from "./commitment.ts";

/** The commits of a round, in the order that L1 took them; none when the round was not opened. */
export async function getCommits({ rollup, provider, deployment }: ChainClient, round: Round): Promise<Commitment[]> {
  const id = roundId(round);
  const latest = await provider.getBlockNumber();
  const commits: Commitment[] = [];
  for (const [from, to] of rangesBackwards(deployment.deployedAt, latest)) {
    const [logs, opened] = await Promise.all([
      rollup.queryFilter(rollup.filters.Committed(), from, to),
      rollup.queryFilter(rollup.filters.RoundOpened(id), from, to),
    ]);
    const found = logs.map(({ args }) => ({
      proposer: args.proposer,
      terms: unpackTerms(args.terms),
      orderCommitment: args.orderCommitment,
      transcript: args.transcript,
      committedAt: args.committedAt,
    }));
    commits.unshift(...found.filter(({ terms }) => terms.roundId === id));
    if (opened.length > 0) break;
  }
  return commits;
}
