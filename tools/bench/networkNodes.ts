import { multiaddr } from "@multiformats/multiaddr";
import { getBytes, id } from "ethers";
import { setTimeout as sleep } from "node:timers/promises";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { ThreadedChecker } from "../../src/gossip/innerChecker.ts";
import { Libp2pGossip } from "../../src/gossip/libp2p/gossip.ts";
import { createNode, type Node, topicName } from "../../src/gossip/libp2p/node.ts";
import { Offences } from "../../src/gossip/libp2p/offences.ts";
import { NO_LOG } from "../../src/log/index.ts";
import type { Vote } from "../../src/protocol/vote.ts";
import { B52Error } from "../../src/protocol/errors.ts";
import { Random } from "../../src/sim/random.ts";
import { castVote, createCast, route, sealVote } from "./networkCast.ts";

/** Connections that each node makes, to nodes that were there before it. */
const DIALS = 4;

/** Of these, nodes that it exchanges votes with before the voting begins, at least: some have too many. */
const MESH = 2;

/** How long provers take for their votes, evenly: a part of what a round gives them. Copies are counted sooner. */
export const VOTING_SECONDS = 20;
export const COUNTING_SECONDS = 4;

/** What all nodes of a run may take to hear everything, ms. */
const DEADLINE_MS = 120_000;

class SlowNetworkError extends B52Error {}

/** One voting of all provers for one proposal, over real connections in one process. */
export interface Voting {
  readonly nodes: number;
  /** From when a vote is said until a node has it, over all votes and nodes. */
  readonly p95Seconds: number;
  readonly maxSeconds: number;
  /** Copies of a vote that a node gets, on average. */
  readonly copiesPerNode: number;
  /** CPU seconds of the process. */
  readonly cpuSeconds: number;
}

interface Counted {
  handleReceivedMessage(from: unknown, message: unknown): Promise<void>;
}

/**
 * Every node is a prover's and votes once, evenly within so many seconds. Every fifth checks the signatures in votes,
 * as proposers and followers do.
 */
export async function benchVoting(
  nodes: number,
  votingSeconds: number,
  signal: AbortSignal | undefined,
): Promise<Voting> {
  const cast = await createCast(nodes, 2);
  const random = new Random(`bench network of ${nodes}`);
  const checker = new ThreadedChecker(route.domain);
  const started: { readonly node: Node; readonly gossip: Libp2pGossip }[] = [];
  let copies = 0;
  try {
    const [first, votes] = cast.proposals.map((proposal) =>
      cast.provers.map((prover) => castVote(prover, proposal)),
    ) as [Vote[], Vote[]];
    await checker.check([{ topic: "votes", message: votes[0]! }]);
    for (let i = 0; i < nodes; i++) {
      const options = {
        ...{ name: `${i}`, route, view: () => cast.view, listen: ["/ip4/127.0.0.1/tcp/0"], discovery: false },
        ...{ blobs: new MemoryBlobs(), key: new NetworkKey(getBytes(id(`bench node ${i}`))), checksVotes: i % 5 === 0 },
      };
      const node = await createNode(options);
      const { pubsub } = node.services;
      const counted = pubsub as unknown as Counted;
      const handle = counted.handleReceivedMessage.bind(pubsub);
      counted.handleReceivedMessage = (from, message) => (copies++, handle(from, message));
      const others = [...started];
      started.push({
        node,
        gossip: new Libp2pGossip(options, { pubsub, checker, offences: new Offences(), log: NO_LOG }),
      });
      for (let k = 0; k < DIALS && others.length > 0; k++) {
        const [other] = others.splice(random.index(others.length), 1);
        await node.dial(multiaddr(other!.node.getMultiaddrs()[0]!.toString()));
      }
    }
    const topic = topicName(route, "votes");
    await waitFor("a mesh", signal, () =>
      started.every(({ node }) => (node.services.pubsub.mesh.get(topic)?.size ?? 0) >= Math.min(MESH, nodes - 1)),
    );
    const said = new Map<bigint, number>();
    const seconds: number[] = [];
    let heard = 0;
    for (const { gossip } of started) {
      const subscription = gossip.subscribe("votes");
      void (async () => {
        for await (const { message } of subscription) {
          heard++;
          const saidAt = said.get(message.key.x);
          if (saidAt !== undefined) seconds.push((performance.now() - saidAt) / 1_000);
        }
      })();
    }
    // With the first vote of each prover every node checks its certificate, once for months. All of them at once would
    // keep this one process for so long that its nodes take each other for gone.
    for (const [i, { gossip }] of started.entries()) {
      await gossip.publish("votes", sealVote(cast.provers[i]!, first[i]!));
      await waitFor("the first votes everywhere", signal, () => heard === (i + 1) * (nodes - 1));
    }
    const before = copies;
    const cpu = process.cpuUsage();
    await Promise.all(
      started.map(async ({ gossip }, i) => {
        await sleep((i / nodes) * 1_000 * votingSeconds, undefined, { signal });
        said.set(votes[i]!.key.x, performance.now());
        await gossip.publish("votes", sealVote(cast.provers[i]!, votes[i]!));
      }),
    );
    await waitFor("all votes everywhere", signal, () => seconds.length === nodes * (nodes - 1));
    const { user, system } = process.cpuUsage(cpu);
    seconds.sort((a, b) => a - b);
    return {
      nodes,
      p95Seconds: round(seconds[Math.ceil(0.95 * seconds.length) - 1]!),
      maxSeconds: round(seconds.at(-1)!),
      copiesPerNode: round((copies - before) / nodes / nodes),
      cpuSeconds: round((user + system) / 1e6),
    };
  } finally {
    for (const { gossip } of started) await gossip.close();
    await Promise.all(started.map(async ({ node }) => node.stop()));
    await checker.close();
  }
}

async function waitFor(what: string, signal: AbortSignal | undefined, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!condition()) {
    signal?.throwIfAborted();
    if (performance.now() > deadline) throw new SlowNetworkError(`${what} took more than ${DEADLINE_MS / 1_000} s`);
    await sleep(20);
  }
}

const round = (value: number): number => Math.round(1_000 * value) / 1_000;
