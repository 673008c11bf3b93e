import { availableParallelism, loadavg } from "node:os";
import { Gate, innerFault } from "../../src/gossip/index.ts";
import { castVote, createCast, route, sealVote } from "./networkCast.ts";
import { simulateFlood } from "./networkFlood.ts";
import { benchVoting, COUNTING_SECONDS, type Voting, VOTING_SECONDS } from "./networkNodes.ts";
import { B52Error } from "../../src/protocol/errors.ts";
import { benchIdleFollower } from "./networkProcess.ts";

/** What a height says, and what each node gets of it. */
export interface HeightMessages {
  readonly provers: number;
  /** Proposals, votes and proofs that are said, each once: two proposers, whom every prover votes and proves for. */
  readonly said: number;
  /** Copies of all of them that a node gets. */
  readonly perNode: number;
  readonly transport: "libp2p" | "simulated";
}

export interface NetworkBench {
  readonly report: {
    /** Signatures in votes, by a processor. */
    readonly votesVerifiedPerSecondPerCore: number;
    /** Envelopes of votes that a relay judges, certificates known, by a processor. */
    readonly envelopesPerSecondPerCore: number;
    readonly p95VotesSeconds: number;
    readonly messagesPerHeight: readonly HeightMessages[];
    /** Resident memory of the process of an idle follower, and its calls to L1 a block. */
    readonly rssMiB: number;
    readonly idleCallsPerL1Block: number;
  };
  readonly voting: Voting;
  readonly processors: number;
  /** Load average of the minute before. */
  readonly load: number;
}

export interface BenchNetworkOptions {
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

const NODES = 50;
const REAL_SIZES: readonly number[] = [8, 32];
const SIMULATED_SIZES: readonly number[] = [128, 256];
const PROPOSALS = 2;

/** What all of it may take, seconds: about two minutes where nothing else runs. */
const LIMIT_SECONDS = 360;

/** The machine is too slow, or busy with something else. */
class SlowBenchError extends B52Error {
  constructor() {
    super(
      `the network is not measured after ${LIMIT_SECONDS} s, expected less: the machine is busy with other programs`,
    );
  }
}

/**
 * Measures what gossip costs a node. Rates are by CPU time, so that other programs do not count.
 * @throws {SlowBenchError}
 */
export async function benchNetwork({ signal, note }: BenchNetworkOptions): Promise<NetworkBench> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new SlowBenchError()), 1_000 * LIMIT_SECONDS);
  try {
    return await measure({ signal: AbortSignal.any([signal, late.signal]), note });
  } finally {
    clearTimeout(timer);
  }
}

async function measure({ signal, note }: BenchNetworkOptions): Promise<NetworkBench> {
  const load = loadavg()[0]!;
  const votesVerifiedPerSecondPerCore = await benchVotes();
  note(`${votesVerifiedPerSecondPerCore} votes a second and core`);
  const envelopesPerSecondPerCore = await benchEnvelopes();
  note(`${envelopesPerSecondPerCore} envelopes a second and core`);
  const messagesPerHeight: HeightMessages[] = [];
  for (const provers of REAL_SIZES) {
    const { copiesPerNode } = await benchVoting(provers, COUNTING_SECONDS, signal);
    messagesPerHeight.push(heightOf(provers, copiesPerNode, "libp2p"));
    note(`${provers} nodes: ${copiesPerNode} copies of a message`);
  }
  for (const provers of SIMULATED_SIZES) {
    signal.throwIfAborted();
    const { copiesPerNode } = simulateFlood(provers, 20, `bench flood of ${provers}`);
    messagesPerHeight.push(heightOf(provers, copiesPerNode, "simulated"));
    note(`${provers} nodes, simulated: ${copiesPerNode.toFixed(2)} copies of a message`);
  }
  const voting = await benchVoting(NODES, VOTING_SECONDS, signal);
  note(`${NODES} nodes: 95 % of votes everywhere after ${voting.p95Seconds} s`);
  const { rssMiB, callsPerL1Block } = await benchIdleFollower(signal, note);
  note(`an idle follower: ${rssMiB} MiB, ${callsPerL1Block} calls to L1 a block`);
  return {
    report: {
      ...{ votesVerifiedPerSecondPerCore, envelopesPerSecondPerCore, p95VotesSeconds: voting.p95Seconds },
      ...{ messagesPerHeight, rssMiB, idleCallsPerL1Block: callsPerL1Block },
    },
    ...{ voting, processors: availableParallelism(), load },
  };
}

function heightOf(provers: number, copies: number, transport: HeightMessages["transport"]): HeightMessages {
  const said = PROPOSALS * (1 + 2 * provers);
  return { provers, said, perNode: Math.round(said * copies), transport };
}

const VOTES = 500;

async function benchVotes(): Promise<number> {
  const { provers, proposals } = await createCast(20, VOTES / 20);
  const votes = provers.flatMap((prover) => proposals.map((proposal) => castVote(prover, proposal)));
  const check = (): boolean =>
    votes.every((message) => innerFault(route.domain, { topic: "votes", message }) === undefined);
  check();
  return perSecond(votes.length, check);
}

async function benchEnvelopes(): Promise<number> {
  const { provers, proposals, view } = await createCast(50, 101);
  const [warmUp, ...rest] = proposals;
  const gate = new Gate(route, { checksVotes: false });
  const judge = (bytes: Uint8Array): boolean => gate.judge(bytes, view).verdict === "ACCEPT";
  // What is inside is not checked here, so one signature of each prover does for all of its votes.
  const seals = provers.map((prover) => {
    const vote = castVote(prover, warmUp!);
    judge(sealVote(prover, vote));
    return (proposal: (typeof rest)[number]) =>
      sealVote(prover, { ...vote, proposalId: castId(view.proposals, proposal) });
  });
  const envelopes = rest.flatMap((proposal) => seals.map((seal) => seal(proposal)));
  return perSecond(envelopes.length, () => envelopes.every(judge));
}

function castId(known: ReadonlyMap<bigint, { readonly proposal: object }>, proposal: object): bigint {
  return [...known].find(([, one]) => one.proposal === proposal)![0];
}

/** By the CPU time of this thread. */
function perSecond(count: number, work: () => boolean): number {
  const before = process.threadCpuUsage();
  if (!work()) throw new Error("expected all messages to be good");
  const { user, system } = process.threadCpuUsage(before);
  return Math.round((1e6 * count) / (user + system));
}
