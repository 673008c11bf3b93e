import { expect } from "chai";
import { randomBytes, Wallet, ZeroAddress, ZeroHash } from "ethers";
import type { Deployment } from "../../src/chain/deployment.ts";
import { NodeDatabase } from "../../src/database/index.ts";
import { MAX_CERTIFICATE_SECONDS, NetworkKey, openEnvelope, signCertificate } from "../../src/gossip/index.ts";
import { decodeMessage } from "../../src/gossip/messages.ts";
import { type LogLine, logTo } from "../../src/log/index.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { keyOf } from "../../src/protocol/keys.ts";
import { encodeVote } from "../../src/protocol/messages.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { signVote } from "../../src/protocol/vote.ts";
import { crownDepths } from "../../src/proving/crownDepth.ts";
import { QueueProver, runProveWorker, TransportKey } from "../../src/proving/queue/index.ts";
import {
  Hearing,
  Journal,
  nodeVerifier,
  planOf,
  Prover,
  PROVER_DEFAULTS,
  proverEntry,
  type ProverPorts,
  Waker,
} from "../../src/roles/index.ts";
import { realProver } from "../../src/sim/realProver.ts";
import { loadProfileBuild } from "../../src/setup/profileBuild.ts";
import { executeBlock } from "../../src/state/executor.ts";
import { rollupName } from "../../src/sync/index.ts";
import { genesisState, RULES, transfer } from "../state/fixtures.ts";
import { hasRedis, TestRedis } from "../support/redis.ts";
import { commitOf, ECONOMY, l1Of, PARENT, ROUND_NUMBER, SLOTS } from "./views.ts";

const TIMEOUT_MS = 180_000;
const profile = PROFILES.dev;
const secret = secretKeyFromSeed("over the queue");
const BLOCK = 77n;
/** The prover's: a merge, and the base node of the block's transfers. */
const OWN = [1, 3];

describe("a prover whose proofs are made by workers over Redis", function () {
  this.timeout(TIMEOUT_MS);
  let redis: TestRedis;

  before(async function () {
    if (!hasRedis()) {
      console.warn("skipped: there is no redis-server on this machine (apt-get install redis-server)");
      return this.skip();
    }
    redis = await TestRedis.start();
  });
  after(async () => {
    // Nothing of it is there if the tests are skipped.
    await (redis as TestRedis | undefined)?.stop();
  });

  it("proves its part of a block, publishes it, and is done", async () => {
    const rules = { ...RULES, profile, ...crownDepths(profile) };
    const executed = executeBlock(genesisState(), [], [transfer(1, 2, 0)], rules);
    const transcript = Array.from({ length: SLOTS }, (_, slot) => (OWN.includes(slot) ? 1 : 0));
    const keys = transcript.map((index) => (index === 1 ? keyOf(secret) : 0n));
    const commit = { ...commitOf({ proposalId: BLOCK, transcript }), keys, provers: 1 };
    const l1 = l1Of("Proving", { open: [commit] });
    const ledger = { head: PARENT, learn: () => Promise.resolve(), executed: () => executed };

    const deployment = {
      ...{ chainId: 1n, domain: rules.domain, contracts: { rollup: ZeroAddress } },
      ...{ started: { number: 0, hash: ZeroHash }, genesis: { root: 1n, supply: 0n } },
    } as unknown as Deployment;
    const database = await NodeDatabase.inMemory(rollupName(deployment));
    const store = database.store("prover");
    const vote = signVote(secret, { proposalId: BLOCK, depth: 0, index: 0, capacity: 2, minBurnBid: 1n });
    await new Journal(store, proverEntry, rollupName(deployment)).append({
      ...{ kind: "vote", roundNumber: ROUND_NUMBER, proposalId: BLOCK, capacity: 2, vote: encodeVote(vote) },
    });

    const build = await loadProfileBuild(profile);
    const circuits = Object.fromEntries(Object.entries(build).map(([name, { circuit }]) => [name, circuit.hash]));
    const local = await realProver(profile, { threads: 1 });
    const verifier = nodeVerifier(local.keys);
    const [key, worker] = [TransportKey.random(), TransportKey.random()];
    const stop = new AbortController();
    const events: string[] = [];
    const working = runProveWorker(
      {
        ...{ url: redis.url, key: worker, provers: [key.publicKey], prover: local, circuits, threads: 1 },
        onEvent: (event) => events.push(event.kind),
      },
      stop.signal,
    );
    const lines: LogLine[] = [];
    const warnings: string[] = [];
    const queue = await QueueProver.connect({
      ...{ url: redis.url, key, workers: [worker.publicKey], circuits, onWarning: (line) => warnings.push(line) },
      verify: verifier.verify.bind(verifier),
    });

    const owner = Wallet.createRandom();
    const networkKey = new NetworkKey(randomBytes(32));
    const route = { chainId: 1n, rollup: ZeroAddress, domain: rules.domain };
    const certificate = await signCertificate(owner, route, {
      networkKey: networkKey.publicKey,
      expiry: MAX_CERTIFICATE_SECONDS,
    });
    const published: Uint8Array[] = [];
    const waker = new Waker();
    const done = new AbortController();
    const clock = {
      now: () => Promise.resolve(l1.now),
      until: (_: bigint, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) =>
          signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
        ),
      busy: () => () => undefined,
    };
    const ports = {
      ...{ clock, waker, ledger, store, database, hearing: new Hearing(), prover: queue, verifier },
      reader: {
        read: () => Promise.resolve(l1),
        economy: () => Promise.resolve(ECONOMY),
        watch: () => () => undefined,
      },
      client: { deployment, court: { slashWindow: () => Promise.resolve(600n) } },
      identity: { key: networkKey, certificate, domain: rules.domain },
      gossip: {
        subscribe: () => (async function* () {})(),
        publish: async (_: string, bytes: Uint8Array) => {
          published.push(bytes);
          if (published.length === OWN.length) done.abort(new Error("done"));
        },
      },
      log: logTo((line) => lines.push(line)),
    } as unknown as ProverPorts;
    const policy = { ...PROVER_DEFAULTS, jobs: 2, fills: 0, fillsWhatPays: false, handsIn: false };
    try {
      await new Prover({ name: "prover", index: 1, secret, policy, rules, isAlone: true }, ports).run(done.signal);
      const proofs = published.map((bytes) => decodeMessage("proofs", openEnvelope(bytes).body));
      expect(proofs.map(({ proposalId, slot }) => [proposalId, slot])).to.have.deep.members(
        OWN.map((slot) => [BLOCK, slot]),
      );
      const plan = planOf(l1, commit, [vote], ledger, rules)!;
      for (const { slot, workerKey, proof } of proofs) {
        const { circuit, publicInputs } = plan.job(slot, secret);
        expect(workerKey, `slot ${slot} is by its name`).to.equal(keyOf(secret));
        expect(await verifier.verify(circuit, publicInputs, proof), `slot ${slot}, ${circuit}`).to.equal(true);
      }
      expect(lines.filter(({ level }) => level === "warn" || level === "error")).to.deep.equal([]);
      expect(warnings).to.deep.equal([]);
      expect(events.filter((kind) => kind === "proven")).to.have.length(OWN.length);
    } finally {
      await queue.close();
      stop.abort();
      await working;
      await local.close();
      database.close();
    }
  });
});
