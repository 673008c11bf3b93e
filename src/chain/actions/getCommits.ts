import { roundId, type Round } from "../../protocol/round.ts";
import { unpackTerms } from "../../protocol/terms.ts";
import type { ChainClient } from "../client.ts";
import type { Commitment } from "./commitment.ts";

/** The commits of a round, in the order that L1 took them; none when nobody committed to it. */
export async function getCommits(
  { rollup, provider, deployment, scan }: ChainClient,
  round: Round,
): Promise<Commitment[]> {
  const id = roundId(round);
  const latest = await provider.getBlockNumber();
  const commits: Commitment[][] = [];
  const logsOf = async (from: number, to: number) =>
    Promise.all([
      rollup.queryFilter(rollup.filters.Committed(), from, to),
      rollup.queryFilter(rollup.filters.RoundOpened(), from, to),
    ]);
  for await (const [logs, opened] of scan.backwards(deployment.started.number, latest, logsOf)) {
    // Commits of a pipelined round are older than its opening, but not than that of the round before; what is older
    // still is of a failed attempt.
    const first = opened.findLast(({ args }) => args.roundId < id || (args.roundId === id && !args.isPipelined));
    const found = logs
      .filter((log) => first === undefined || isAfter(log, first))
      .map(({ args }) => ({
        proposer: args.proposer,
        terms: unpackTerms(args.terms),
        orderCommitment: args.orderCommitment,
        transcript: args.transcript,
        committedAt: args.committedAt,
      }));
    commits.unshift(found.filter(({ terms }) => terms.roundId === id));
    if (first !== undefined) break;
  }
  return commits.flat();
}

interface Position {
  readonly blockNumber: number;
  readonly index: number;
}

const isAfter = (a: Position, b: Position): boolean =>
  a.blockNumber > b.blockNumber || (a.blockNumber === b.blockNumber && a.index > b.index);
