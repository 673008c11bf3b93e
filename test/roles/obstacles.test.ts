import { expect } from "chai";
import { ZeroAddress, ZeroHash } from "ethers";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Deployment } from "../../src/chain/deployment.ts";
import { ContractError } from "../../src/chain/errors.ts";
import { NoRoomError } from "../../src/chain/noRoom.ts";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import { DiskFullError, DiskLowError, DutyConflictError, NodeDatabase } from "../../src/database/index.ts";
import { type LogLine, logTo, NO_LOG } from "../../src/log/index.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { keyOf } from "../../src/protocol/keys.ts";
import {
  drive,
  Hearing,
  Prover,
  PROVER_DEFAULTS,
  type ProverAction,
  type ProverPorts,
  Waker,
} from "../../src/roles/index.ts";
import { VoteLedger } from "../../src/roles/prover/voteLedger.ts";
import { StoreFullError } from "../../src/state/index.ts";
import { rollupName } from "../../src/sync/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { ECONOMY, forest, l1Of, PARENT, ROUND_NUMBER } from "./views.ts";

const secret = secretKeyFromSeed("obstacles");
const key = `${keyOf(secret)}`;
const rules = { profile: forest, domain: 1n, crownDepth: 0, operationCrownDepth: 0 };
const deployment = {
  ...{ chainId: 1n, domain: 1n, contracts: { rollup: ZeroAddress } },
  ...{ started: { number: 0, hash: ZeroHash }, genesis: { root: 1n, supply: 0n } },
} as unknown as Deployment;
/** What each part of a data folder says when its disk is full, or nearly so. */
const CROWDED = [
  new DiskLowError("/data", 1, 2),
  new DiskFullError("write", "/data/node.sqlite", new Error("database or disk is full")),
  new StoreFullError("write", "/data/l2", new Error("No space left on device")),
  new NoRoomError("/data/blobs/1.blob", Object.assign(new Error("no space left"), { code: "ENOSPC" })),
];
const vote = {
  ...{ kind: "vote" as const, roundNumber: ROUND_NUMBER, proposalId: 7n, capacity: 3, minBurnBid: 5n },
  ...{ proposer: "proposer", parent: PARENT },
} satisfies ProverAction;

describe("a prover that cannot keep what it would promise", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "b52-obstacles-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function proverOn(free: number) {
    const statFs = () => Promise.resolve({ bavail: free, bsize: 1 });
    const database = await NodeDatabase.open(folder, rollupName(deployment), { statFs });
    const published: string[] = [];
    const ports = {
      reader: { read: () => Promise.resolve(l1Of("Proposing")), economy: () => Promise.resolve(ECONOMY) },
      ledger: { head: PARENT, learn: () => Promise.resolve(), executed: () => undefined },
      gossip: { publish: (topic: string) => Promise.resolve(published.push(topic)) },
      ...{ hearing: new Hearing(), database, store: database.store("prover"), log: NO_LOG, client: { deployment } },
    };
    const options = { name: "prover", index: 1, secret, policy: PROVER_DEFAULTS, rules, isAlone: true };
    return { database, published, prover: new Prover(options, ports as unknown as ProverPorts) };
  }

  it("signs nothing while the disk is nearly full", async () => {
    const { database, published, prover } = await proverOn(199_999_999);
    const never = new AbortController().signal;
    await prover.next(new Set());
    await expectRejection(prover.perform(vote, never), DiskLowError, "nothing is signed until there is room");
    expect(database.duties.of(key)).to.deep.equal([]);
    expect(prover.own.votes).to.deep.equal([]);
    expect(published).to.deep.equal([]);
    database.close();
  });

  it("signs nothing that contradicts what its key has signed elsewhere", async () => {
    const { database, published, prover } = await proverOn(200_000_000);
    const elsewhere = { proposalId: 7n, depth: 0, index: 0, capacity: 2, minBurnBid: 5n };
    await prover.next(new Set());
    new VoteLedger(secret, database.duties).sign(ROUND_NUMBER, elsewhere);
    const never = new AbortController().signal;
    const error = await expectRejection(prover.perform(vote, never), DutyConflictError, '"capacity":3');
    expect(error.message).to.contain('"capacity":2');
    expect(prover.own.votes).to.deep.equal([]);
    expect(published).to.deep.equal([]);
    database.close();
  });

  it("puts it off, and goes on with what comes next", async () => {
    for (const obstacle of [...CROWDED, new DutyConflictError(duty("0xaa"), duty("0xbb"))]) {
      const lines: LogLine[] = [];
      const done: string[] = [];
      const stop = new AbortController();
      const role = {
        name: "prover",
        next: (refused: ReadonlySet<string>) =>
          Promise.resolve({
            kind: refused.size === 0 ? "vote" : done.length === 0 ? "publish" : "wait",
            until: undefined,
          }),
        perform: async ({ kind }: { kind: string }) => {
          if (kind === "vote") throw obstacle;
          done.push(kind);
          stop.abort(new Error("done"));
        },
      };
      const clock = { now: () => Promise.resolve(5n), until: () => Promise.resolve(), busy: () => () => undefined };
      const log = logTo((line) => lines.push(line));
      await drive(role, { clock, reader: { watch: () => () => undefined }, waker: new Waker(), log }, stop.signal);
      expect(done).to.deep.equal(["publish"]);
      const [line] = lines.filter(({ level }) => level === "warn");
      expect(line!.code).to.equal("put-off");
      expect(line!.message).to.contain(`vote is put off: ${obstacle.message}`);
    }
  });
});

describe("a role that is refused the same again and again", () => {
  it("says so once a minute, and at once when it is refused for another reason or after it was done", async () => {
    const said: string[] = [];
    const stop = new AbortController();
    let now = 1_000n;
    let tries = 0;
    const refusal = (error: string): ContractError =>
      new ContractError("settle", error, {}, `${error} at the ${tries}th try`);
    const role = {
      name: "follower",
      next: (refused: ReadonlySet<string>) =>
        Promise.resolve(refused.size === 0 ? { kind: "settle" } : { kind: "wait", until: undefined }),
      perform: () => {
        tries++;
        if (tries === 9) return Promise.resolve();
        return Promise.reject(refusal(now === 1_030n || now === 1_045n ? "WrongOpening" : "RoundOpen"));
      },
    };
    const clock = {
      now: () => Promise.resolve(now),
      until: async (moment: bigint) => {
        now = moment;
        if (now > 1_150n) stop.abort(new Error("done"));
      },
      busy: () => () => undefined,
    };
    const log = logTo(({ code, fields: { error } }) =>
      said.push(`${now} ${code === "put-off" ? (error as ContractError).error : code}`),
    );
    await drive(role, { clock, reader: { watch: () => () => undefined }, waker: new Waker(), log }, stop.signal);
    expect(tries).to.equal(12);
    const expected = ["1000 RoundOpen", "1030 WrongOpening", "1060 RoundOpen", "1120 done", "1120 RoundOpen"];
    expect(said).to.deep.equal(expected);
  });
});

describe("a role that cannot look", () => {
  it("says what it lacks once a minute, however often it looks", async () => {
    const lines: LogLine[] = [];
    const stop = new AbortController();
    const blobs = ["0xaa", "0xbb"];
    let now = 1_000n;
    let looks = 0;
    const role = {
      name: "prover",
      next: () => {
        looks++;
        // The second blob is missing too, for a while. Why a source fails differs each time.
        const blob = now === 1_030n ? blobs[1]! : blobs[0]!;
        return Promise.reject(new BlobUnavailableError(blob, [`a peer fails after ${looks} ms`]));
      },
      perform: () => Promise.resolve(),
    };
    const clock = {
      now: () => Promise.resolve(now),
      // A block of L1 wakes it.
      until: async () => {
        now += 10n;
        if (now > 1_120n) stop.abort(new Error("done"));
      },
      busy: () => () => undefined,
    };
    const log = logTo((line) => lines.push(line));
    await drive(role, { clock, reader: { watch: () => () => undefined }, waker: new Waker(), log }, stop.signal);
    expect(looks).to.equal(13);
    expect(lines.map(({ code }) => code)).to.deep.equal(Array(4).fill("looks-again"));
    expect(lines.map(({ message }) => /0x../.exec(message)![0])).to.deep.equal(["0xaa", "0xbb", "0xaa", "0xaa"]);
  });
});

describe("a role whose disk is full", () => {
  for (const crowded of CROWDED) it(`waits when it cannot look: ${crowded.name}`, () => waitFor(crowded));

  async function waitFor(crowded: Error): Promise<void> {
    const lines: LogLine[] = [];
    const done: string[] = [];
    const stop = new AbortController();
    let now = 1_000n;
    const role = {
      name: "prover",
      next: () => (now < 1_030n ? Promise.reject(crowded) : Promise.resolve({ kind: "vote" })),
      perform: ({ kind }: { kind: string }) => {
        done.push(`${now} ${kind}`);
        stop.abort(new Error("done"));
        return Promise.resolve();
      },
    };
    const clock = {
      now: () => Promise.resolve(now),
      until: (moment: bigint) => Promise.resolve(void (now = moment)),
      busy: () => () => undefined,
    };
    const log = logTo((line) => lines.push(line));
    await drive(role, { clock, reader: { watch: () => () => undefined }, waker: new Waker(), log }, stop.signal);
    expect(done).to.deep.equal(["1030 vote"]);
    const [said] = lines;
    expect(said).to.include({ level: "warn", code: "looks-again" });
    expect(said!.message).to.contain(crowded.message);
  }
});

const duty = (hash: string) => ({
  ...{ key, kind: "vote" as const, subject: "7", roundNumber: 1n, hash, data: "{}", state: "signed" as const },
});
