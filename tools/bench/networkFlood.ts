import { Random } from "../../src/sim/random.ts";

/** Peers that each node exchanges a topic with: what gossipsub aims at. */
const MESH = 6;

/** Copies of one message that a node gets, on average: what its peers send before they know that it has it. */
export interface Flood {
  readonly copiesPerNode: number;
  /** Nodes that it reaches, of all. */
  readonly reached: number;
}

/**
 * How a message goes through a mesh of nodes without a network: each passes it on once to all of its peers but the one
 * it has it from, after a delay that differs from link to link.
 * @param rounds messages, each from another node
 */
export function simulateFlood(nodes: number, rounds: number, seed: string): Flood {
  const random = new Random(seed);
  const peers = meshOf(nodes, random);
  let [copies, reached] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const delays = peers.map((set) => new Map([...set].map((peer) => [peer, 1 + random.index(100)])));
    const has = new Set<number>([round % nodes]);
    let queue = [{ at: 0, from: -1, to: round % nodes }];
    for (;;) {
      const next = queue.shift();
      if (next === undefined) break;
      const { at, from, to } = next;
      if (from >= 0) copies++;
      if (from >= 0 && has.has(to)) continue;
      has.add(to);
      for (const [peer, delay] of delays[to]!) if (peer !== from) queue.push({ at: at + delay, from: to, to: peer });
      queue = queue.sort((a, b) => a.at - b.at);
    }
    reached += has.size;
  }
  return { copiesPerNode: copies / rounds / nodes, reached: reached / rounds / nodes };
}

/** A connected graph in which nodes have about as many peers as in a mesh. */
function meshOf(nodes: number, random: Random): readonly ReadonlySet<number>[] {
  const peers = Array.from({ length: nodes }, () => new Set<number>());
  const connect = (a: number, b: number): void => {
    if (a === b) return;
    peers[a]!.add(b);
    peers[b]!.add(a);
  };
  for (let i = 0; i < nodes; i++) {
    connect(i, (i + 1) % nodes);
    for (let k = 0; peers[i]!.size < Math.min(MESH, nodes - 1) && k < 4 * MESH; k++) connect(i, random.index(nodes));
  }
  return peers;
}
