import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { hexlify, id, Wallet, ZeroAddress, ZeroHash } from "ethers";
import type { Deployment } from "../../../src/chain/deployment.ts";
import { NodeDatabase } from "../../../src/database/index.ts";
import {
  decodeMessage,
  NetworkKey,
  openEnvelope,
  type ProofMessage,
  type ProposalMessage,
} from "../../../src/gossip/index.ts";
import { NO_LOG } from "../../../src/log/index.ts";
import { secretKeyFromSeed } from "../../../src/protocol/eddsa.ts";
import { keyOf } from "../../../src/protocol/keys.ts";
import { encodeVote } from "../../../src/protocol/messages.ts";
import { proposalId } from "../../../src/protocol/proposal.ts";
import type { Vote } from "../../../src/protocol/vote.ts";
import {
  Hearing,
  Mempool,
  nextProposer,
  Proposer,
  type ProposerPorts,
  Prover,
  PROPOSER_DEFAULTS,
  PROVER_DEFAULTS,
  type ProverPorts,
  Waker,
} from "../../../src/roles/index.ts";
import { without } from "../../../src/roles/without.ts";
import { State } from "../../../src/state/state.ts";
import { traceBlock } from "../../../src/state/trace.ts";
import { rollupName } from "../../../src/sync/index.ts";
import { ECONOMY, forest, PARENT } from "../../roles/views.ts";
import { CAPACITY, DOMAIN, PlayedWorld } from "./world.ts";

export const SECRET = secretKeyFromSeed("crash");
const KEY = keyOf(SECRET);
/** Address of the proposer. */
export const ME = new Wallet(id("crash")).address;
const rules = { profile: forest, domain: DOMAIN, crownDepth: 0, operationCrownDepth: 0 };
const deployment = {
  ...{ chainId: 1n, domain: DOMAIN, contracts: { rollup: ZeroAddress } },
  ...{ started: { number: 0, hash: ZeroHash }, genesis: { root: 1n, supply: 0n } },
} as unknown as Deployment;
export const ROLLUP = rollupName(deployment);

/**
 * Counts what a program does to its disk and to the world, and kills the process with SIGKILL at one of these steps:
 * nothing is flushed, closed or released.
 */
class Steps {
  readonly #last: number;
  #done = 0;

  constructor(last: number) {
    this.#last = last;
  }

  take(): void {
    if (++this.#done === this.#last) process.kill(process.pid, "SIGKILL");
  }

  /** The same object, with a step before and after each call of these methods. */
  around<T extends object>(target: T, names: readonly (keyof T)[]): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value = Reflect.get(target, name, target) as unknown;
        if (typeof value !== "function") return value;
        if (!names.includes(name as keyof T)) return value.bind(target) as unknown;
        return (...args: unknown[]): unknown => {
          this.take();
          const result = (value as (...args: unknown[]) => unknown).apply(target, args);
          if (!(result instanceof Promise)) return (this.take(), result);
          return result.then((settled: unknown) => (this.take(), settled));
        };
      },
    });
  }
}

/** A prover and a proposer as they are, over their real database, until all rounds are over or it is killed. */
async function play(folder: string, killAt: number, bid: bigint): Promise<void> {
  const steps = new Steps(killAt);
  const world = new PlayedWorld(join(folder, "seen"), KEY);
  const opened = await NodeDatabase.open(join(folder, "data"), ROLLUP, { minFree: 0 });
  const database = {
    duties: steps.around(opened.duties, ["record"]),
    jobs: steps.around(opened.jobs, ["add", "lease", "finish"]),
    requireFreeSpace: () => opened.requireFreeSpace(),
  };
  // The ledger's own steps: `sign` calls `record` of the object that it is called on.
  database.duties.sign = (duty, sign) => {
    database.duties.record({ ...duty, state: "written" });
    const signed = sign();
    database.duties.record({ ...duty, state: "signed" });
    return signed;
  };
  const me = ME;
  const state = State.ofGenesis({ accountDepth: forest.accountDepth, accounts: [] });
  const executed = traceBlock(state, { operations: "0x", elements: [] }, rules);
  const stop = new AbortController();
  const wakers = [new Waker(), new Waker()] as const;
  const wake = (): void => {
    if (world.stage === undefined) stop.abort(new Error("done"));
    for (const waker of wakers) waker.wake();
  };
  const reader = {
    ...{ read: () => Promise.resolve(world.view(me)), economy: () => Promise.resolve(ECONOMY) },
    watch: () => () => undefined,
  };
  const clock = {
    now: () => Promise.resolve(world.view(me).now),
    until: (_: bigint, signal: AbortSignal) =>
      new Promise<void>((__, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    busy: () => () => undefined,
  };
  const hearing = new Hearing();
  const networkKey = new NetworkKey(Buffer.from(id("network").slice(2), "hex"));
  const identity = {
    ...{ key: networkKey, domain: DOMAIN },
    certificate: { owner: me, networkKey: networkKey.publicKey, expiry: 9n, signature: `0x${"00".repeat(65)}` },
  };
  const gossip = {
    publish: async (topic: "votes" | "proposals" | "proofs", bytes: Uint8Array) => {
      const message = decodeMessage(topic, openEnvelope(bytes).body);
      const { round } = world.stage!;
      if (topic === "votes") {
        const vote = message as Vote;
        world.see({ kind: "vote", round, proposal: `${vote.proposalId}`, vote: encodeVote(vote) });
      } else if (topic === "proofs") {
        const { slot, proof } = message as ProofMessage;
        world.see({ kind: "proof", round, slot, proof });
      } else {
        const { proposal } = message as ProposalMessage;
        const { orderCommitment } = proposal;
        world.see({ kind: "offer", round, proposal: `${proposalId(proposal)}`, orderCommitment });
      }
      wake();
    },
    async *subscribe() {},
    close: () => Promise.resolve(),
  };
  const common = {
    ...{ clock, reader, database, identity, log: NO_LOG },
    gossip: steps.around(gossip, ["publish"]),
    ledger: {
      ...{ head: PARENT, block: () => undefined, add: () => undefined, stateAfter: () => state },
      ...{ executed: () => executed, learn: () => Promise.resolve(), sync: () => Promise.resolve() },
    },
    signer: { getAddress: () => Promise.resolve(me) },
    client: {
      deployment,
      bridge: { queue: () => Promise.resolve({ settled: 0n, posted: 0n }) },
      court: { slashWindow: () => Promise.resolve(100n) },
      rollup: {
        ...{
          blockReward: () => Promise.resolve(10n ** 20n),
          creditOf: () => Promise.resolve({ rewards: 0n, fees: 0n }),
        },
        // An unused lane, with a deposit for the bid.
        ...{ laneOf: () => Promise.resolve(bid), head: () => Promise.resolve(0n) },
        ...{ proposalWindow: () => Promise.resolve(1n), acceptanceWindow: () => Promise.resolve(1n) },
      },
    },
  };
  const store = (name: string) => steps.around(opened.store(name), ["write"]);
  const prover = {
    // Made of nothing, and never the same twice: a second one of the same node would be seen.
    prove: async (_: string, { node }: { node: { depth: number; index: number } }) => {
      const slot = node.depth === 0 ? 0 : node.depth === 1 ? 1 + node.index : 3 + node.index;
      world.see({ kind: "begin", round: world.stage!.round, slot });
      steps.take();
      for (let i = 0; i < 3; i++) await turn();
      steps.take();
      return hexlify(randomBytes(256));
    },
  };
  const proving = {
    ...PROVER_DEFAULTS,
    capacity: CAPACITY,
    jobs: 2,
    secondsPerProof: 1e-3,
    fills: 0,
    fillsWhatPays: false,
    handsIn: false,
  };
  const prove = new Prover({ name: "prover", index: 1, secret: SECRET, policy: proving, rules, isAlone: true }, {
    ...common,
    waker: wakers[0],
    hearing,
    prover,
    store: store("prover"),
  } as unknown as ProverPorts);
  const proposing = { ...PROPOSER_DEFAULTS, burnBid: bid, ahead: false, minProvers: 0, patience: 0 };
  const propose = new Proposer(
    {
      ...{ name: "proposer", policy: { ...proposing, claimFrom: undefined }, rules },
      next: without(nextProposer, ({ kind }) => kind === "commit"),
    },
    {
      ...{ ...common, waker: wakers[1], hearing: new Hearing(), mempool: new Mempool(), store: store("proposer") },
      ...{ salt: () => hexlify(randomBytes(32)), blobs: { put: () => Promise.resolve() } },
      builder: { order: () => Promise.resolve([]) },
    } as unknown as ProposerPorts,
  );
  // Each round has its own offers, which are heard when it is looked at.
  const prune = hearing.prune.bind(hearing);
  hearing.prune = (l1) => {
    prune(l1);
    for (const message of world.offers(Number(l1.round.roundNumber), bid))
      hearing.hear({ topic: "proposals", message });
  };
  if (world.stage === undefined) stop.abort(new Error("done"));
  await Promise.all([prove.run(stop.signal), propose.run(stop.signal)]);
  opened.close();
}

// Whoever looks for tests loads all files.
if (process.argv[1] === fileURLToPath(import.meta.url))
  await play(process.argv[2]!, Number(process.argv[3]!), BigInt(process.argv[4]!));
