import { table } from "./document.ts";
import type { NetworkBench } from "./network.ts";
import { VOTING_SECONDS } from "./networkNodes.ts";

/** What `bench network` says to people. */
export function describeNetwork({ report, voting, processors, load }: NetworkBench): string {
  const { votesVerifiedPerSecondPerCore, envelopesPerSecondPerCore, messagesPerHeight } = report;
  const figures = table(
    ["what", "measured", "wanted"],
    [
      ["signatures in votes, a second and core", votesVerifiedPerSecondPerCore, "at least 130"],
      ["envelopes that a relay judges, a second and core", envelopesPerSecondPerCore, "at least 3,000"],
      [`seconds until 95 % of votes are everywhere, ${voting.nodes} nodes`, voting.p95Seconds.toFixed(2), "at most 3"],
      ["MiB of a node that proves nothing", report.rssMiB, "at most 180"],
      ["L1 calls of an idle follower, a block", report.idleCallsPerL1Block, "at most 3"],
    ],
  );
  const heights = table(
    ["provers", "messages of a height", "copies that a node gets", "transport"],
    messagesPerHeight.map(({ provers, said, perNode, transport }) => [provers, said, perNode, transport]),
  );
  return `Rates are by CPU time of one thread. ${voting.nodes} nodes of one process on a machine with ${processors}
processors (load ${load.toFixed(1)} before) talk over TCP, and vote evenly within ${VOTING_SECONDS} s: the slowest vote
took ${voting.maxSeconds.toFixed(2)} s to be everywhere, and the process has used ${voting.cpuSeconds.toFixed(1)} s of
CPU time by then.

${figures}

A height with two proposers for whom every prover votes and proves. Above 50 nodes the transport is simulated: nodes in
a random mesh pass on each message once, without a network.

${heights}`;
}
