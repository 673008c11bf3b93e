import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { Journal, NO_PROPOSALS, proposerEntry, type ProposerEntry, proposerOwn } from "../../src/roles/index.ts";
import { projectPath } from "../../src/setup/project.ts";
import { WrongStoreError } from "../../src/state/state.ts";
import { LevelStore } from "../../src/state/levelStore.ts";
import { DamagedStoreError, MemoryStore } from "../../src/state/store.ts";
import { expectRejection } from "../support/expectRejection.ts";

const entry = z.strictObject({ roundNumber: z.bigint(), text: z.string(), list: z.array(z.bigint()) });
const KILLS = 6;

const DRAFTS = 5n;

/** Every other one is on the same parent. */
const draftOf = (proposalId: bigint): ProposerEntry => ({
  ...{ kind: "draft", roundNumber: 1n, roundId: 1n, parent: proposalId % 2n, due: { first: 0, count: 0 } },
  ...{ proverShareBps: 5_000, burnBid: 10n, orderCommitment: "0x01", proposalId, salt: "0x02" },
  ...{ txsRoot: 1n, txCount: 0n, operations: "0x", elements: [], blobs: [], draftedAt: 0n },
});

describe("journal", () => {
  it("gives back what was written to it, in order", async () => {
    const store = new MemoryStore();
    const journal = new Journal(store, entry, "rollup");
    const written = [
      { roundNumber: 1n, text: "0x12", list: [2n ** 200n, 0n] },
      { roundNumber: 2n, text: "", list: [] },
    ];
    for (const one of written) await journal.append(one);
    expect(journal.entries).to.deep.equal(written);
    expect(new Journal(store, entry, "rollup").entries).to.deep.equal(written);
  });

  it("forgets rounds that are over, and goes on behind them", async () => {
    const store = new MemoryStore();
    const journal = new Journal(store, entry, "rollup");
    const at = (roundNumber: bigint) => ({ roundNumber, text: "", list: [] });
    for (const roundNumber of [1n, 1n, 2n, 3n]) await journal.append(at(roundNumber));
    await journal.prune(2n);
    await journal.append(at(4n));
    for (const open of [journal, new Journal(store, entry, "rollup")])
      expect(open.entries.map(({ roundNumber }) => roundNumber)).to.deep.equal([2n, 3n, 4n]);
    await journal.prune(9n);
    expect(new Journal(store, entry, "rollup").entries).to.deep.equal([]);
    expect([...Array(6).keys()].map((i) => store.get(`journal:${i}`))).to.deep.equal(Array(6).fill(undefined));
  });

  it("loses nothing that is written at the same time, as by a prover with several proofs in hand", async () => {
    const store = new MemoryStore();
    const journal = new Journal(store, entry, "rollup");
    const at = (roundNumber: bigint, text: string) => ({ roundNumber, text, list: [] });
    await journal.append(at(1n, "old"));
    await Promise.all([
      journal.append(at(2n, "vote")),
      journal.append(at(2n, "proof")),
      journal.prune(2n),
      journal.append(at(2n, "another proof")),
    ]);
    for (const open of [journal, new Journal(store, entry, "rollup")])
      expect(open.entries.map(({ text }) => text)).to.deep.equal(["vote", "proof", "another proof"]);
  });

  it("is one rollup's: rounds have the same numbers on every chain", async () => {
    const store = new MemoryStore();
    await new Journal(store, entry, "rollup").append({ roundNumber: 1n, text: "", list: [] });
    expect(() => new Journal(store, entry, "another")).to.throw(WrongStoreError, "that of rollup, expected another");
    expect(new Journal(store, entry, "rollup").entries).to.have.length(1);
  });

  it("goes on after a write that failed", async () => {
    const store = new MemoryStore();
    const journal = new Journal(store, entry, "rollup");
    const write = store.write.bind(store);
    store.write = () => Promise.reject(new Error("disk full"));
    const at = (text: string) => ({ roundNumber: 1n, text, list: [] });
    await expectRejection(journal.append(at("lost")), Error, "disk full");
    store.write = write;
    await journal.append(at("kept"));
    for (const open of [journal, new Journal(store, entry, "rollup")])
      expect(open.entries.map(({ text }) => text)).to.deep.equal(["kept"]);
  });

  it("does not go on from what it has not written", async () => {
    const store = new MemoryStore();
    const journal = new Journal(store, entry, "rollup");
    await journal.append({ roundNumber: 1n, text: "", list: [] });
    await store.write(new Map([["journal:0", '{"roundNumber":"1n"}']]));
    expect(() => new Journal(store, entry, "rollup")).to.throw(DamagedStoreError);
    await store.write(new Map([["journal:0", undefined]]));
    expect(() => new Journal(store, entry, "rollup")).to.throw(DamagedStoreError, "entry 0 is missing");
  });

  it("makes the same proposer of the same entries, with one commit on a parent whatever they say", async () => {
    const commit = fc.record({
      kind: fc.constant("commit" as const),
      roundNumber: fc.bigInt({ min: 1n, max: 3n }),
      proposalId: fc.bigInt({ min: 0n, max: DRAFTS - 1n }),
      burnBid: fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }),
      transcript: fc.array(fc.nat(9), { minLength: 7, maxLength: 7 }),
      votes: fc.constant<string[]>(["0x12"]),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(commit, { maxLength: 8 }), async (entries: ProposerEntry[]) => {
        const store = new MemoryStore();
        const journal = new Journal(store, proposerEntry, "rollup");
        const drafts = Array.from({ length: Number(DRAFTS) }, (_, i) => draftOf(BigInt(i)));
        const all = [...drafts, ...entries];
        for (const one of all) await journal.append(one);
        const live = all.reduce(proposerOwn, NO_PROPOSALS);
        const replayed = new Journal(store, proposerEntry, "rollup").entries.reduce(proposerOwn, NO_PROPOSALS);
        expect(replayed).to.deep.equal(live);
        const places = live.commits.map(({ roundNumber, proposalId }) => `${roundNumber} on ${proposalId % 2n}`);
        expect(new Set(places).size).to.equal(places.length);
      }),
      { seed: 0xb52, numRuns: 60 },
    );
  });

  // The child writes each number to its journal, then acts: it appends a line to a file. It is killed at moments that
  // differ from run to run; whatever these are, the next run must lose nothing and repeat nothing.
  it(`loses nothing and repeats nothing when its process is killed ${KILLS} times`, async function () {
    this.timeout(120_000);
    const folder = await mkdtemp(join(tmpdir(), "b52-journal-"));
    const acts = join(folder, "acts");
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const child = spawn(
          process.execPath,
          ["--import", "tsx", projectPath("test", "roles", "journalChild.ts"), join(folder, "store"), acts],
          { cwd: projectPath(), stdio: ["ignore", "pipe", "inherit"] },
        );
        await once(child.stdout, "data");
        await new Promise((resolve) => setTimeout(resolve, 7 * kill));
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      const store = await LevelStore.open(join(folder, "store"));
      const numbers = new Journal(store, entry, "rollup").entries.map(({ roundNumber }) => Number(roundNumber));
      await store.close();
      const lines = (await readFile(acts, "utf8")).trim().split("\n").map(Number);
      expect(numbers).to.deep.equal(numbers.map((_, i) => i));
      expect(lines).to.deep.equal(lines.map((_, i) => i));
      // The last entry may have been written without its act: the next run would begin with it.
      expect(numbers.length - lines.length).to.be.within(0, 1);
      expect(lines.length).to.be.greaterThan(KILLS);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
