import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import hre from "hardhat";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import type { BlobSource } from "../../src/blobs/source.ts";
import type { ChainClient } from "../../src/chain/client.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { NodeDatabase } from "../../src/database/index.ts";
import { type LogLine, logTo, NO_LOG } from "../../src/log/index.ts";
import {
  drive,
  Follower,
  Hearing,
  Ledger,
  Mempool,
  Proposer,
  PROPOSER_DEFAULTS,
  type ProposerPorts,
  Prover,
  PROVER_DEFAULTS,
  type ProverPorts,
  type RolePorts,
  untilHad,
  Waker,
} from "../../src/roles/index.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { findGenesis, MissingDataError, rollupName, SyncedState } from "../../src/sync/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { type PlayedL2, playHeight, playL2 } from "../support/playedL2.ts";
import { takenBack } from "../support/takenBack.ts";
import { withQueries } from "../support/withQueries.ts";
import { commitOf, ECONOMY, forest, l1Of, PARENT } from "./views.ts";

/** Time that goes on with whoever waits. */
function clockFrom(start: bigint, onWait: (now: bigint) => void = () => undefined) {
  let now = start;
  return {
    now: () => Promise.resolve(now),
    until: async (moment: bigint, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      now = moment;
      onWait(now);
    },
    busy: () => () => undefined,
  };
}

const isWarning = ({ level }: LogLine): boolean => level === "warn";

describe("a follower of a final block of which something is not to be had yet", () => {
  let l2: PlayedL2;
  const begin = takenBack(async () => playL2(await hre.network.create()));
  beforeEach(async () => {
    l2 = await begin();
    await playHeight(l2);
    await playHeight(l2, [{ from: 2, to: 3 }]);
  });
  after(() => l2.connection.close());

  /** Its L1 tells of less, or nobody gives a blob, until it has waited `waits` times. */
  async function follow(waits: number, lacking: { client?: ChainClient; blobs?: BlobSource }) {
    const { client, blobs } = l2;
    const synced = await SyncedState.open(new MemoryStore(), client.deployment, () => findGenesis(client));
    const lines: LogLine[] = [];
    const stop = new AbortController();
    let waited = 0;
    const now = <T>(lack: T | undefined, all: T): T => (waited < waits && lack !== undefined ? lack : all);
    const ledger = new Ledger(l2.rules, {
      client: {
        ...client,
        get rollup() {
          return now(lacking.client, client).rollup;
        },
      },
      blobs: { ...{ name: "L1", check: () => Promise.resolve() }, get: (blob) => now(lacking.blobs, blobs).get(blob) },
      synced,
    });
    const finalProposal = await client.rollup.finalProposal();
    const clock = clockFrom(10_000n, () => {
      waited++;
      if (ledger.head === finalProposal || waited > waits + 3) stop.abort(new Error("done"));
    });
    const l1 = () => l1Of("Proposing", { finalProposal, now: 10_000n + 15n * BigInt(waited) });
    const follower = new Follower(
      { name: "follower", policy: { advanceAfter: undefined, settles: false, slashes: false } },
      {
        ...{ client, clock, ledger, log: logTo((line) => lines.push(line)) },
        reader: { read: async () => l1(), watch: () => () => undefined },
      } as unknown as RolePorts,
    );
    await follower.run(stop.signal);
    expect(ledger.state.root).to.equal(l2.state.root);
    return lines.filter(isWarning);
  }

  for (const event of ["Revealed", "Advanced"])
    it(`waits for logs that its node lacks, says so once, and goes on: ${event}`, async () => {
      const client = withQueries(l2.client, async (ask) =>
        (await ask()).filter((log) => (log as { fragment: { name: string } }).fragment.name !== event),
      );
      const [line, ...more] = await follow(3, { client });
      expect(more).to.deep.equal([]);
      expect(line!.code).to.equal("put-off");
      expect(line!.fields.error).to.be.instanceOf(MissingDataError);
    });

  it("waits for blobs that nobody gives, says so once, and goes on", async () => {
    const get = ({ versionedHash }: { versionedHash: string }) =>
      Promise.reject(new BlobUnavailableError(versionedHash, ["nobody has it"]));
    const [line, ...more] = await follow(3, { blobs: { name: "nobody", get, check: () => Promise.resolve() } });
    expect(more).to.deep.equal([]);
    expect(line!.fields.error).to.be.instanceOf(BlobUnavailableError);
  });
});

describe("a role that is stopped while it waits for what nobody gives", () => {
  const rules = { profile: forest, domain: 1n, crownDepth: 0, operationCrownDepth: 0 };
  const deployment = {
    ...{ chainId: 1n, domain: 1n, contracts: { rollup: ZeroAddress } },
    ...{ started: { number: 0, hash: ZeroHash }, genesis: { root: 1n, supply: 0n } },
  } as unknown as Deployment;

  /** Neither answers before it is told to stop. @param asked called when somebody waits */
  function silentLedger(asked: () => void) {
    const silence = (signal?: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
        asked();
      });
    return {
      sync: silence,
      learn: (_: unknown, __: unknown, signal?: AbortSignal) => silence(signal),
    };
  }

  const roles = {
    prover: (ports: unknown) =>
      new Prover(
        { name: "prover", index: 1, secret: 5n, policy: PROVER_DEFAULTS, rules, isAlone: true },
        ports as ProverPorts,
      ),
    proposer: (ports: unknown) =>
      new Proposer(
        { name: "proposer", policy: { ...PROPOSER_DEFAULTS, burnBid: 10n, claimFrom: undefined }, rules },
        ports as ProposerPorts,
      ),
  };
  for (const [name, make] of Object.entries(roles))
    for (const [what, head] of [
      ["the last final block", PARENT - 1n],
      ["a block that may become final", PARENT],
    ] as const)
      it(`ends at once: a ${name}, for blobs of ${what}`, async () => {
        const stop = new AbortController();
        const database = await NodeDatabase.inMemory(rollupName(deployment));
        const l1 = l1Of("Revealing", { open: [commitOf({ proposalId: 1n })], finalProposal: PARENT });
        const ports = {
          reader: { read: () => Promise.resolve(l1), economy: () => Promise.resolve(ECONOMY) },
          ledger: { head, ...silentLedger(() => setImmediate(() => stop.abort(new Error("stopped")))) },
          client: { deployment, rollup: { laneOf: () => Promise.resolve(0n) } },
          ...{ hearing: new Hearing(), mempool: new Mempool(), database, store: database.store(name), log: NO_LOG },
        };
        const role = make(ports);
        const waker = new Waker();
        const reader = { watch: () => () => undefined };
        await drive<{ kind: string }>(
          { name, next: (refused, signal) => role.next(refused, signal), perform: () => Promise.resolve() },
          { clock: clockFrom(5n), reader, waker, log: NO_LOG },
          stop.signal,
        );
        expect(stop.signal.aborted).to.equal(true);
        database.close();
      });
});

describe("what a role begins with", () => {
  const absence = new MissingDataError("reveal", 7n);

  it("is waited for, told of once a minute, and done when it is there", async () => {
    const lines: LogLine[] = [];
    let tries = 0;
    const task = (): Promise<string> => (++tries < 7 ? Promise.reject(absence) : Promise.resolve("here"));
    const log = logTo((line) => lines.push(line));
    expect(await untilHad(task, { clock: clockFrom(1_000n), log }, new AbortController().signal)).to.equal("here");
    expect(tries).to.equal(7);
    expect(lines.map(({ code }) => code)).to.deep.equal(["looks-again", "looks-again"]);
    expect(lines[0]!.message).to.contain(absence.message);
  });

  it("is given up when the node is stopped, and when it fails for good", async () => {
    const stop = new AbortController();
    const clock = clockFrom(1_000n, () => stop.abort(new Error("stopped")));
    const lacking = () => Promise.reject(absence);
    await expectRejection(untilHad(lacking, { clock, log: NO_LOG }, stop.signal), Error, "stopped");
    const broken = () => Promise.reject(new TypeError("broken"));
    await expectRejection(untilHad(broken, { clock, log: NO_LOG }, new AbortController().signal), TypeError, "broken");
  });
});
