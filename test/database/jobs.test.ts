import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  HEARTBEAT_MS,
  jobId,
  JobTakenError,
  LEASE_MS,
  LeaseLostError,
  type NewJob,
  NodeDatabase,
  proveJob,
} from "../../src/database/index.ts";
import { expectRejection } from "../support/expectRejection.ts";

const job = (change: Partial<NewJob> = {}): NewJob => ({
  ...{ circuit: "BaseRollup", proposalId: 2n ** 247n, slot: 3, content: 11n, workerKey: 5n },
  ...{ mask: 0n, beta: 0n, node: { depth: 2, index: 0 }, publicInputs: [1n, 2n ** 253n], keepUntil: 100n },
  input: { content: 11n, transfer: [1n, [2n, -3n]], anonymous: 0n },
  ...change,
});
const never = new AbortController().signal;

describe("jobs", () => {
  let now = 0;
  let folder: string;
  const open = () => NodeDatabase.open(folder, "rollup", { now: () => now });
  beforeEach(async () => {
    now = 1_000_000;
    folder = await mkdtemp(join(tmpdir(), "b52-jobs-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("are known by circuit, proposal, slot, content and worker, and by nothing else", () => {
    const changes: Partial<NewJob>[] = [
      { circuit: "MergeRollup" },
      { proposalId: 1n },
      { slot: 4 },
      { content: 12n },
      { workerKey: 0n },
    ];
    expect(new Set([{}, ...changes].map((change) => jobId(job(change)))).size).to.equal(6);
    for (const same of [{ mask: 3n }, { keepUntil: 7n }, { input: {} }])
      expect(jobId(job(same))).to.equal(jobId(job()));
  });

  it("come back whole after a restart, with the proof that was made", async () => {
    {
      using database = await open();
      const { id, proof } = database.jobs.add(job());
      expect(proof).to.equal(undefined);
      await proveJob(database.jobs, database.jobs.get(job())!, () => Promise.resolve("0xaa"), never);
      expect(database.jobs.get(job())).to.deep.include({ id, state: "proven", proof: "0xaa", attempts: 1 });
    }
    using database = await open();
    // Asked for with other votes: the proof that is there shows those that it was made with.
    const known = database.jobs.add(job({ mask: 7n }));
    expect(known).to.deep.include({ ...job(), state: "proven" });
    const again = (): never => expect.fail("proven twice");
    expect(await proveJob(database.jobs, known, again, never)).to.equal("0xaa");
    database.jobs.finish(known.id, "0xbb");
    expect(database.jobs.get(job())!.proof).to.equal("0xaa");
  });

  it("are leased to one at a time, as long as its heart beats", async () => {
    using database = await open();
    const { jobs } = database;
    const { id } = jobs.add(job());
    expect([jobs.lease(id), jobs.lease(id)]).to.deep.equal([true, false]);
    for (let i = 0; i < 10; i++) {
      now += HEARTBEAT_MS;
      expect(jobs.heartbeat(id)).to.equal(true);
    }
    now += LEASE_MS;
    expect(jobs.lease(id)).to.equal(false);
    now += 1;
    expect(jobs.heartbeat(id)).to.equal(false);
    expect(jobs.lease(id)).to.equal(true);
    jobs.giveUp(id);
    expect(jobs.lease(id)).to.equal(true);
    expect(jobs.get(job())!.attempts).to.equal(3);
  });

  it("that a process has died over are begun again at once: nobody else has the file", async () => {
    const first = await open();
    expect(first.jobs.lease(first.jobs.add(job()).id)).to.equal(true);
    first.close();
    using database = await open();
    expect(database.jobs.get(job())!.state).to.equal("leased");
    expect(database.jobs.lease(jobId(job()))).to.equal(true);
  });

  it("that were aborted are revived by whoever asks for the proof again, after a restart too", async () => {
    {
      using database = await open();
      database.jobs.lease(database.jobs.add(job()).id);
      database.jobs.finish(database.jobs.add(job({ slot: 4 })).id, "0xaa");
      expect(database.jobs.abort(job().proposalId, "round 3 is decided")).to.equal(1);
      expect(database.jobs.of(job().proposalId).map(({ state, reason }) => [state, reason])).to.deep.equal([
        ["aborted", "round 3 is decided"],
        ["proven", undefined],
      ]);
      expect(database.jobs.lease(jobId(job()))).to.equal(false);
    }
    using database = await open();
    const revived = database.jobs.add(job());
    expect(revived).to.deep.include({ state: "queued", reason: undefined });
    expect(await proveJob(database.jobs, revived, () => Promise.resolve("0xbb"), never)).to.equal("0xbb");
  });

  it("keep what they were made from until the slash window ends", async () => {
    using database = await open();
    const { jobs } = database;
    jobs.finish(jobs.add(job()).id, "0xaa");
    jobs.add(job({ slot: 4, keepUntil: 200n }));
    expect(jobs.prune(99n)).to.equal(0);
    expect(jobs.get(job())).to.deep.include({ ...job(), proof: "0xaa" });
    expect(jobs.prune(100n)).to.equal(1);
    expect(jobs.of(job().proposalId).map(({ slot }) => slot)).to.deep.equal([4]);
  });

  it("are free for another try when one fails, and are made by one at a time", async () => {
    using database = await open();
    const { jobs } = database;
    const known = jobs.add(job());
    await expectRejection(
      proveJob(jobs, known, () => Promise.reject(new Error("no")), never),
      Error,
      "no",
    );
    expect(jobs.get(job())!.state).to.equal("queued");
    let finish = (_: string): void => undefined;
    const proving = proveJob(jobs, known, () => new Promise<string>((resolve) => (finish = resolve)), never);
    await expectRejection(
      proveJob(jobs, known, () => Promise.resolve("0x"), never),
      JobTakenError,
      "slot 3",
    );
    finish("0xcc");
    expect(await proving).to.equal("0xcc");
  });

  it("end the work of whoever has lost its lease, and leave the job to the next one", async () => {
    using database = await open();
    const { jobs } = database;
    const known = jobs.add(job());
    const work = (signal: AbortSignal): Promise<string> =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true }));
    const proving = proveJob(jobs, known, work, never, { heartbeatMs: 1 });
    // The process was asleep.
    now += LEASE_MS + 1;
    await expectRejection(proving, LeaseLostError, "has run out");
    expect(jobs.lease(known.id)).to.equal(true);
  });
});
