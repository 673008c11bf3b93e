import { expect } from "chai";
import { getBytes, id, Wallet, ZeroAddress, ZeroHash } from "ethers";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import {
  MissingBlockError,
  NodeTooEarlyError,
  NodeUnusableError,
  PrunedNodeError,
  RefusedBlockError,
  TransactionError,
} from "../../src/chain/errors.ts";
import { AlreadyRevealedError, MissingOperationError } from "../../src/chain/index.ts";
import { NodeDatabase } from "../../src/database/index.ts";
import { type LogLine, logTo, NO_LOG } from "../../src/log/index.ts";
import { proposalId } from "../../src/protocol/proposal.ts";
import { roundId } from "../../src/protocol/round.ts";
import {
  drive,
  Hearing,
  Journal,
  type L1View,
  Mempool,
  type nextProver,
  PROPOSER_DEFAULTS,
  PROVER_DEFAULTS,
  Proposer,
  proposerEntry,
  type ProposerPorts,
  Prover,
  type ProverPorts,
  Waker,
} from "../../src/roles/index.ts";
import { State } from "../../src/state/state.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { NetworkKey } from "../../src/gossip/index.ts";
import { MissingDataError, NodeBehindError, rollupName, TooDeepReorganisationError } from "../../src/sync/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { commitOf, ECONOMY, forest, l1Of, PARENT, ROUND_NUMBER } from "./views.ts";

const policy = { ...PROPOSER_DEFAULTS, burnBid: 10n, claimFrom: undefined };
const rules = { profile: forest, domain: 1n, crownDepth: 0, operationCrownDepth: 0 };
const deployment = {
  ...{ chainId: 1n, domain: 1n, contracts: { rollup: ZeroAddress } },
  ...{ started: { number: 0, hash: ZeroHash }, genesis: { root: 1n, supply: 0n } },
} as unknown as Deployment;

describe("a role that acts", () => {
  it("acts on what it has decided by, and is refused when that is over", async () => {
    const mine = commitOf({ proposalId: 77n, proposer: "me", isRevealed: false });
    const database = await NodeDatabase.inMemory(rollupName(deployment));
    const store = database.store("proposer");
    const journal = new Journal(store, proposerEntry, rollupName(deployment));
    const written = { roundNumber: ROUND_NUMBER, proposalId: 77n, burnBid: 10n };
    await journal.append({
      ...{
        ...written,
        kind: "draft",
        roundId: mine.commitment.terms.roundId,
        parent: PARENT,
        due: { first: 0, count: 0 },
        proverShareBps: 5_000,
      },
      ...{ orderCommitment: ZeroHash, salt: ZeroHash, txsRoot: 1n, txCount: 0n, draftedAt: 0n },
      ...{ operations: "0x", elements: [], blobs: [] },
    });
    await journal.append({ ...written, kind: "commit", transcript: mine.transcript.slice(), votes: [] });

    let l1: L1View = l1Of("Revealing", { open: [mine] });
    const refuse = (): never => {
      throw new TransactionError("reveal", "me too", "refused");
    };
    const ports = {
      reader: { read: () => Promise.resolve(l1), economy: () => Promise.resolve(ECONOMY) },
      ledger: {
        head: PARENT,
        block: () => undefined,
        stateAfter: () => undefined,
        executed: () => ({ bases: [], data: { operations: "0x", elements: [] } }),
        learn: () => Promise.resolve(),
      },
      signer: { getAddress: () => Promise.resolve("me"), getNonce: () => Promise.resolve(0) },
      revealer: { getAddress: () => Promise.resolve("me too"), getNonce: () => Promise.resolve(0) },
      client: {
        deployment,
        rollup: {
          laneOf: () => Promise.resolve(0n),
          head: () => Promise.resolve(0n),
          creditOf: () => Promise.resolve({ rewards: 0n, fees: 0n }),
          reveal: { populateTransaction: refuse },
        },
      },
      ...{ hearing: new Hearing(), mempool: new Mempool(), database, store },
    };
    const proposer = new Proposer({ name: "me", policy, rules }, ports as unknown as ProposerPorts);
    const action = await proposer.next(new Set());
    expect(action.kind).to.equal("reveal");
    if (action.kind !== "reveal") return;
    // The round is over before it comes to that.
    l1 = l1Of("Proposing", { round: { ...l1.round, roundNumber: ROUND_NUMBER + 1n } });
    await expectRejection(proposer.perform(action), TransactionError, "refused");
  });

  it("has its draft with its salt, and then what it commits to, on disk before L1 hears of it", async () => {
    const store = new MemoryStore();
    const onDisk = (): string[] =>
      new Journal(store, proposerEntry, rollupName(deployment)).entries.map((entry) =>
        entry.kind === "draft" ? `draft ${entry.salt.slice(-2)}` : entry.kind,
      );
    const key = new NetworkKey(getBytes(id("key")));
    const signature = `0x${"00".repeat(65)}`;
    const steps: string[] = [];
    const note = (step: string): void => void steps.push(`${step}: ${onDisk().join(", ")}`);
    const database = await NodeDatabase.inMemory(rollupName(deployment));
    const state = State.ofGenesis({ accountDepth: forest.accountDepth, accounts: [] });
    let l1: L1View = l1Of("Proposing");
    const ports = {
      reader: { read: () => Promise.resolve(l1), economy: () => Promise.resolve(ECONOMY) },
      ledger: {
        ...{ head: PARENT, block: () => undefined, stateAfter: () => state, executed: () => undefined },
        ...{ learn: () => Promise.resolve(), add: () => undefined },
      },
      signer: { getAddress: () => Promise.resolve(new Wallet(id("me")).address), getNonce: () => Promise.resolve(0) },
      client: {
        deployment,
        bridge: { queue: () => Promise.resolve({ settled: 0n, posted: 0n }) },
        rollup: {
          // An unused lane, with a deposit for the bid.
          ...{ laneOf: () => Promise.resolve(policy.burnBid), head: () => Promise.resolve(0n) },
          creditOf: () => Promise.resolve({ rewards: 0n, fees: 0n }),
          commit: {
            populateTransaction: (): never => {
              note("sent");
              throw new TransactionError("commit", "me", "the node is down");
            },
          },
        },
      },
      gossip: { publish: () => Promise.resolve(note("offered")) },
      identity: {
        key,
        domain: 1n,
        certificate: { owner: ZeroAddress, expiry: 1n, networkKey: key.publicKey, signature },
      },
      blobs: { put: () => Promise.resolve() },
      ...{ builder: { order: () => Promise.resolve([]) }, salt: () => id("salt") },
      ...{ hearing: new Hearing(), mempool: new Mempool(), store, database, log: NO_LOG },
    } as unknown as ProposerPorts;
    const proposer = new Proposer({ name: "me", policy: { ...policy, minProvers: 0 }, rules }, ports);
    const step = async (): Promise<string> => {
      const action = await proposer.next(new Set());
      if (action.kind !== "wait") await proposer.perform(action);
      return action.kind;
    };
    expect(await step()).to.equal("draft");
    expect(await step()).to.equal("offer");
    l1 = { ...l1, now: l1.round.proposalEnds - 1n };
    await expectRejection(step(), TransactionError, "the node is down");
    const salt = id("salt").slice(-2);
    expect(steps).to.deep.equal([`offered: draft ${salt}`, `sent: draft ${salt}, commit`]);
    // Whoever begins again sends the same.
    const [commit] = proposer.own.commits;
    const again = new Proposer({ name: "me", policy: { ...policy, minProvers: 0 }, rules }, ports);
    expect(await again.next(new Set())).to.deep.include({ kind: "commit", proposalId: commit!.proposalId });
  });

  it("weighs no offers on parents that cannot win any more", async () => {
    const parents = [commitOf({ proposalId: 1n }), commitOf({ proposalId: 2n, isRevealed: false })];
    const hearing = new Hearing();
    const offers = parents.map(({ proposalId: parent }) => ({
      ...{ domain: 1n, roundId: roundId({ height: 4, attempt: 1 }), parent, orderCommitment: ZeroHash },
      ...{ proverShareBps: 5_000, proposer: new Wallet(id("proposer")).address },
    }));
    for (const proposal of offers) hearing.hear({ topic: "proposals", message: { proposal, burnBid: 10n } });
    const weighed = async (l1: L1View): Promise<readonly bigint[]> => {
      let seen: readonly bigint[] = [];
      const next: typeof nextProver = ({ offers: heard }) => {
        seen = heard.map(({ proposalId: offered }) => offered);
        return { kind: "wait", until: undefined };
      };
      const ports = {
        ...{
          reader: { read: () => Promise.resolve(l1), economy: () => Promise.resolve(ECONOMY) },
          ledger: { head: PARENT, learn: () => Promise.resolve(), executed: () => undefined },
          hearing,
          store: new MemoryStore(),
          database: await NodeDatabase.inMemory(rollupName(deployment)),
        },
        client: { deployment },
      };
      const proving = PROVER_DEFAULTS;
      const options = { name: "prover", index: 1, secret: 5n, policy: proving, rules, next, isAlone: true };
      await new Prover(options, ports as unknown as ProverPorts).next(new Set());
      return seen;
    };
    // Who has not revealed in time cannot be proven.
    expect(await weighed(l1Of("Revealing", { open: parents }))).to.deep.equal(offers.map(proposalId));
    expect(await weighed(l1Of("Proving", { open: parents }))).to.deep.equal([proposalId(offers[0]!)]);
  });

  it("goes on when somebody else has revealed its order first", async () => {
    const log: LogLine[] = [];
    const stop = new AbortController();
    const clock = {
      now: () => Promise.resolve(5n),
      until: async () => stop.abort(new Error("done")),
      busy: () => () => undefined,
    };
    const role = {
      name: "me",
      next: (refused: ReadonlySet<string>) =>
        Promise.resolve(refused.size === 0 ? { kind: "reveal" } : { kind: "wait", until: 9n }),
      perform: () => Promise.reject(new AlreadyRevealedError(77n)),
    };
    const reader = { watch: () => () => undefined };
    await drive(role, { clock, reader, waker: new Waker(), log: logTo((line) => log.push(line)) }, stop.signal);
    const [line] = log;
    expect(log).to.have.length(1);
    expect(line).to.include({ level: "warn", code: "put-off" });
    expect(line!.message).to.contain(`reveal is put off: proposal 0x${"0".repeat(62)}4d is revealed already`);
    expect(line!.fields).to.include({ action: "reveal" });
  });

  it("waits for what cannot be had for a moment, says so, and tries again", async () => {
    const absences = [
      new BlobUnavailableError(ZeroHash, ["it is down"]),
      new NodeBehindError(9, 7, "the ledger"),
      new NodeUnusableError("the node", "answers HTTP 403", "an Ethereum node"),
      new RefusedBlockError(9, new Error("unknown block")),
      new MissingDataError("reveal", 7n),
      new MissingOperationError(3),
      new MissingBlockError("the node", 9, 7),
      new NodeTooEarlyError(3, 9),
      new PrunedNodeError(9),
      new TooDeepReorganisationError(9, "the ledger", false),
    ];
    for (const absence of absences) {
      for (const fails of ["next", "perform"]) {
        const log: LogLine[] = [];
        const note = (line: LogLine): void => {
          if (line.level === "warn") log.push(line);
        };
        const calls: string[] = [];
        const stop = new AbortController();
        let now = 5n;
        const clock = {
          now: () => Promise.resolve(now),
          until: async (moment: bigint) => {
            now = moment;
          },
          busy: () => () => undefined,
        };
        const call = (name: string): void => {
          calls.push(`${name} at ${now}`);
          if (name === fails && log.length === 0) throw absence;
        };
        const role = {
          name: "me",
          next: async (refused: ReadonlySet<string>) => {
            call("next");
            return refused.size === 0 ? { kind: "sync" } : { kind: "wait", until: undefined };
          },
          perform: async () => {
            call("perform");
            stop.abort(new Error("done"));
          },
        };
        const reader = { watch: () => () => undefined };
        await drive(role, { clock, reader, waker: new Waker(), log: logTo(note) }, stop.signal);
        expect(calls.slice(-2)).to.deep.equal(["next at 20", "perform at 20"]);
        expect(log).to.have.length(1);
        expect(log[0]!.message)
          .to.match(/^(waits, and looks again|sync is put off): /)
          .and.to.contain(absence.message);
      }
    }
  });
});
