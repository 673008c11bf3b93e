import { expect } from "chai";
import type { ChainClient } from "../../src/chain/index.ts";
import { NodeDatabase } from "../../src/database/index.ts";
import { type LogLine, logTo } from "../../src/log/index.ts";
import type { SecretKey } from "../../src/protocol/eddsa.ts";
import { signVote, type Vote } from "../../src/protocol/vote.ts";
import { NO_DUTIES, silentUntil } from "../../src/roles/index.ts";
import { Listener } from "../../src/roles/prover/listening.ts";
import { VoteLedger } from "../../src/roles/prover/voteLedger.ts";
import { l1Of, ROUND_NUMBER } from "./views.ts";

const SECRET: SecretKey = 77n;
const ROUND_SECONDS = 700n;
const terms = { proposalId: 9n, depth: 0, index: 0, capacity: 3, minBurnBid: 10n };
const client = {
  rollup: { proposalWindow: () => Promise.resolve(200n), acceptanceWindow: () => Promise.resolve(500n) },
} as unknown as ChainClient;

describe("a prover with an empty ledger", () => {
  let database: NodeDatabase;
  let lines: LogLine[];
  beforeEach(async () => {
    database = await NodeDatabase.inMemory("rollup");
    lines = [];
  });
  afterEach(() => database.close());

  /** A program that has just been started. @param cut how many times it was cut off */
  const started = (isAlone = false, cut = { times: 0 }) => {
    const { duties } = database;
    const votes = new VoteLedger(SECRET, duties);
    const log = logTo((line) => lines.push(line));
    const listener = new Listener({ client, duties, votes, log, countCuts: () => cut.times }, isAlone);
    return async (now: bigint, heard: readonly Vote[] = []) => {
      const { until, foreign } = await listener.listen(l1Of("Proposing", { now }), heard);
      return { until, foreign: foreign.length };
    };
  };
  const listenAt = (now: bigint, heard: readonly Vote[] = [], isAlone = false) => started(isAlone)(now, heard);
  const untils = (): unknown[] =>
    lines.map(({ code, fields }) => (expect(code).to.equal("listens"), [fields.until, fields.isCut]));
  const codes = (): string[] => lines.map(({ level, code }) => `${level} ${code}`);

  it("is silent for a whole round, and then no more, restarts or not", async () => {
    expect(silentUntil({ since: 5n, roundSeconds: 10n, isAlone: false })).to.equal(15n);
    expect(silentUntil({ since: 5n, roundSeconds: 10n, isAlone: true })).to.equal(undefined);
    expect(silentUntil({ since: undefined, roundSeconds: 10n, isAlone: false })).to.equal(undefined);
    const end = 1_000n + ROUND_SECONDS;
    const listen = started();
    expect(await listen(1_000n)).to.deep.equal({ until: end, foreign: 0 });
    expect(await listen(end - 1n)).to.deep.equal({ until: end, foreign: 0 });
    expect(await listen(end)).to.deep.equal({ until: undefined, foreign: 0 });
    expect(await listenAt(end + 1n)).to.deep.equal({ until: undefined, foreign: 0 });
    expect(codes()).to.deep.equal(["warn listens"]);
    expect(untils()).to.deep.equal([[end, false]]);
    expect(lines[0]!.message).to.contain(`in ${end - 1_000n} s of L1 time`);
  });

  it("listens to a whole round anew after a restart, says so, and counts no time in which it did not run", async () => {
    await listenAt(1_000n);
    const listen = started();
    const end = 5_000n + ROUND_SECONDS;
    expect((await listen(5_000n)).until).to.equal(end);
    expect((await listen(end - 1n)).until).to.equal(end);
    expect((await listen(end)).until).to.equal(undefined);
    expect(untils()).to.deep.equal([
      [1_000n + ROUND_SECONDS, false],
      [end, false],
    ]);
  });

  it("counts no time in which it was cut off, or before, and says so once a minute", async () => {
    const cut = { times: 1 };
    const listen = started(false, cut);
    // It is cut off from the beginning.
    for (let now = 1_000n; now <= 1_000n + ROUND_SECONDS; now += 10n) {
      cut.times++;
      expect((await listen(now)).until).to.equal(now + ROUND_SECONDS);
    }
    expect(lines).to.have.length(12);
    expect(lines[0]!.fields.isCut).to.equal(false);
    expect(lines.at(-1)!.fields.isCut).to.equal(true);
    lines = [];
    // Until just now.
    cut.times++;
    expect((await listen(2_000n)).until).to.equal(2_000n + ROUND_SECONDS);
    expect((await listen(2_600n)).until).to.equal(2_000n + ROUND_SECONDS);
    expect(untils()).to.deep.equal([[2_000n + ROUND_SECONDS, true]]);
    // It was cut off since it last looked, for a moment.
    cut.times++;
    expect((await listen(2_700n)).until).to.equal(2_700n + ROUND_SECONDS);
    expect((await listen(2_710n)).until).to.equal(2_700n + ROUND_SECONDS);
    expect((await listen(3_400n)).until).to.equal(undefined);
    // What is over is over.
    cut.times++;
    expect((await listen(3_420n)).until).to.equal(undefined);
  });

  it("signs at once when its operator says that it is alone, or the ledger came along", async () => {
    expect((await listenAt(1_000n, [], true)).until).to.equal(undefined);
    new VoteLedger(SECRET, database.duties).sign(ROUND_NUMBER, terms);
    expect((await listenAt(1_000n)).until).to.equal(undefined);
    expect(lines).to.deep.equal([]);
  });

  it("listens when its ledger is older than a proposal window, whatever its operator says", async () => {
    const votes = new VoteLedger(SECRET, database.duties);
    const listen = started(true);
    expect((await listen(1_000n)).until).to.equal(undefined);
    votes.sign(ROUND_NUMBER, terms);
    // One process may sleep: nothing is put in place of its ledger meanwhile.
    expect((await listen(9_000n)).until).to.equal(undefined);
    expect((await listenAt(9_200n, [], true)).until).to.equal(undefined);
    expect(lines).to.deep.equal([]);
    // What was stopped for longer cannot tell its ledger from an old copy.
    const copy = started(true);
    const end = 9_401n + ROUND_SECONDS;
    expect((await copy(9_401n)).until).to.equal(end);
    expect(codes()).to.deep.equal(["warn ledger-old", "warn listens"]);
    expect(lines[0]!.message).to.contain("its ledger ends 201 s ago, expected at most 200 s");
    // A restart does not make it younger, nor is it in doubt for ever.
    const again = started(true);
    expect((await again(9_410n)).until).to.equal(9_410n + ROUND_SECONDS);
    expect((await again(9_410n + ROUND_SECONDS)).until).to.equal(undefined);
    expect((await listenAt(9_420n + ROUND_SECONDS, [], true)).until).to.equal(undefined);
  });

  it("listens with a ledger that does not tell how old it is, and one that was moved tells", async () => {
    const moved = await NodeDatabase.inMemory("rollup");
    try {
      new VoteLedger(SECRET, database.duties).sign(ROUND_NUMBER, terms);
      moved.duties.import(database.duties.export(), "a file");
      await listenAt(5_000n, [], true);
      expect(codes()).to.deep.equal(["warn ledger-old", "warn listens"]);
      expect(moved.duties.lastSeen(new VoteLedger(SECRET, moved.duties).key)).to.equal(undefined);
      moved.duties.import(database.duties.export(), "a file");
      // An older export does not make it older.
      database.duties.noteSeen(new VoteLedger(SECRET, database.duties).key, 4_000n);
      moved.duties.import(database.duties.export(), "a file");
    } finally {
      database.close();
      database = moved;
    }
    lines = [];
    expect((await listenAt(5_100n)).until).to.equal(undefined);
    expect(lines).to.deep.equal([]);
  });

  it("listens all the same once somebody else was heard to sign with its key, also after a restart", async () => {
    const foreign = signVote(SECRET, terms);
    const end = 5_000n + ROUND_SECONDS;
    const listen = started(true);
    expect(await listen(4_000n)).to.deep.equal({ until: undefined, foreign: 0 });
    expect(await listen(5_000n, [foreign])).to.deep.equal({ until: end, foreign: 1 });
    expect((await listen(end - 1n)).until).to.equal(end);
    // Whoever is started again has not heard what was said meanwhile.
    const again = started(true);
    expect((await again(end)).until).to.equal(end + ROUND_SECONDS);
    expect((await again(end + ROUND_SECONDS)).until).to.equal(undefined);
    expect((await listenAt(end + ROUND_SECONDS, [], true)).until).to.equal(undefined);
    expect(codes()).to.deep.equal(["error key-in-use", "warn listens"]);
  });

  it("begins to listen anew whenever somebody else signs with its key, and is bound by what was signed", async () => {
    const foreign = signVote(SECRET, terms);
    const ledger = new VoteLedger(SECRET, database.duties);
    ledger.sign(ROUND_NUMBER, { ...terms, proposalId: 8n });
    database.duties.noteSeen(ledger.key, 5_000n);
    const own = signVote(SECRET, { ...terms, proposalId: 8n });
    const stranger = signVote(78n, terms);
    const forged = { ...foreign, proposalId: 10n };
    expect(await listenAt(5_000n, [own, stranger, forged])).to.deep.equal({ until: undefined, foreign: 0 });
    expect(await listenAt(5_000n, [own, foreign])).to.deep.equal({ until: 5_000n + ROUND_SECONDS, foreign: 1 });
    expect(codes()).to.deep.equal(["error key-in-use"]);
    // It is in the ledger now, so it binds, and is nobody else's any more.
    expect((await listenAt(5_001n, [signVote(SECRET, terms)])).foreign).to.equal(0);
    const votes = new VoteLedger(SECRET, database.duties);
    expect(
      votes.missing(NO_DUTIES, ROUND_NUMBER).map(({ proposalId, capacity }) => [proposalId, capacity]),
    ).to.include.deep.members([
      [8n, 3],
      [9n, 3],
    ]);
    expect(() => votes.sign(ROUND_NUMBER, { ...terms, capacity: 4 })).to.throw('"capacity":4');
    // Another vote for the same proposal contradicts, whoever cast it.
    expect((await listenAt(9_000n, [signVote(SECRET, { ...terms, capacity: 4 })])).until).to.equal(
      9_000n + ROUND_SECONDS,
    );
  });
});

describe("a prover's votes", () => {
  it("are those of the ledger, whatever of them the journal has", async () => {
    using database = await NodeDatabase.inMemory("rollup");
    const votes = new VoteLedger(SECRET, database.duties);
    const vote = votes.sign(5n, terms, { proposer: "0xA", parent: 2n });
    votes.sign(4n, { ...terms, proposalId: 7n });
    const [entry, ...others] = votes.missing(NO_DUTIES, 5n);
    expect(others).to.deep.equal([]);
    expect(entry).to.deep.include({
      kind: "vote",
      roundNumber: 5n,
      proposalId: 9n,
      capacity: 3,
      proposer: "0xA",
      parent: 2n,
    });
    expect(votes.missing({ ...NO_DUTIES, votes: [entry!] }, 5n)).to.deep.equal([]);
    expect(vote).to.deep.equal(signVote(SECRET, terms));
  });
});
