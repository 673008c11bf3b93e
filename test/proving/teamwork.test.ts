import { expect } from "chai";
import { Board, type Part } from "../../src/proving/groth16/board.ts";
import type { HelpTask } from "../../src/proving/proveTask.ts";
import { type SharedProof, Teamwork } from "../../src/proving/teamwork.ts";

const PARTS: Part[] = (["b2", "h", "a", "b1", "c"] as const).map((sum) => ({ sum, first: 0, windows: 1, bytes: 8 }));

/** Helpers that come when they are asked for, and leave when they are told to. */
class FakeHelpers {
  free = 0;
  waiting = 0;
  readonly asked: {
    readonly task: HelpTask;
    readonly leave: (joining?: number) => Promise<void>;
    readonly fail: () => Promise<void>;
  }[] = [];

  run(task: HelpTask): Promise<number | undefined> {
    this.free--;
    return new Promise((resolve, reject) => {
      const settled = async (): Promise<void> => {
        this.free++;
        await new Promise((done) => setImmediate(done));
      };
      this.asked.push({
        task,
        leave: (joining) => (resolve(joining), settled()),
        fail: () => (reject(new Error("no memory")), settled()),
      });
    });
  }
}

describe("teamwork of threads", () => {
  let helpers: FakeHelpers;
  let teamwork: Teamwork;
  beforeEach(() => {
    helpers = new FakeHelpers();
    teamwork = new Teamwork(helpers);
  });

  const proofOf = (zkeyHash: string): SharedProof => ({
    zkeyHash,
    circuit: {} as HelpTask["circuit"],
    board: Board.create(PARTS, new Uint8Array(32).fill(7), 32),
    signal: undefined,
  });
  const helpersOf = ({ board }: SharedProof): number[] =>
    helpers.asked.filter(({ task }) => task.board === board.data).map(({ task }) => task.thread);

  it("gives free threads to a proof, each with a number of its own", () => {
    helpers.free = 2;
    const proof = proofOf("k");
    teamwork.begin(proof);
    expect(helpersOf(proof)).to.deep.equal([1, 2]);
    expect(helpers.free).to.equal(0);
  });

  it("gives threads that become free later to a proof that has parts left", async () => {
    const proof = proofOf("k");
    teamwork.begin(proof);
    expect(helpersOf(proof)).to.deep.equal([]);
    helpers.free = 1;
    teamwork.balance();
    expect(helpersOf(proof)).to.deep.equal([1]);
    await helpers.asked[0]!.leave(0.001);
    expect(helpersOf(proof)).to.deep.equal([1, 2]);
    proof.board.announceQuotient();
    while (proof.board.take(0) !== undefined);
    await helpers.asked[1]!.leave();
    expect(helpersOf(proof)).to.deep.equal([1, 2]);
  });

  it("takes helpers back when proofs wait, and lets them come again when none does", async () => {
    helpers.free = 1;
    const proof = proofOf("k");
    teamwork.begin(proof);
    helpers.waiting = 1;
    teamwork.balance();
    expect(proof.board.isRecalled).to.equal(true);
    await helpers.asked[0]!.leave();
    expect(helpersOf(proof)).to.deep.equal([1]);
    helpers.waiting = 0;
    teamwork.balance();
    expect(helpersOf(proof)).to.deep.equal([1, 2]);
    expect(proof.board.isRecalled).to.equal(false);
  });

  it("judges by what was measured whether another thread is worth it", async () => {
    helpers.free = 1;
    const first = proofOf("small");
    teamwork.begin(first);
    await helpers.asked[0]!.leave(0.25);
    teamwork.end(first, 0.4);
    const other = proofOf("large");
    teamwork.begin(other);
    teamwork.end(other, 8);
    // 0.4 s by one thread, 0.2 s by two: less gained than the 0.25 s that joining took. 8, 4, 2.67, 2, 1.6, 1.33 ...
    expect(teamwork.pays("small", 1)).to.equal(false);
    expect([1, 2, 3, 4, 5, 6].map((threads) => teamwork.pays("large", threads))).to.deep.equal([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
    const before = helpers.asked.length;
    teamwork.begin(proofOf("small"));
    expect(helpers.asked.length).to.equal(before);
  });

  it("gives what a failed helper had to others, and asks for no more helpers of that proof", async () => {
    helpers.free = 1;
    const proof = proofOf("k");
    teamwork.begin(proof);
    const { task, fail } = helpers.asked[0]!;
    const taken = new Board(task.board).take(task.thread);
    expect(proof.board.free).to.equal(PARTS.length - 1);
    await fail();
    expect(proof.board.free).to.equal(PARTS.length);
    expect(proof.board.take(0)).to.equal(taken);
    expect(helpersOf(proof)).to.deep.equal([1]);
  });

  it("leaves nothing of the witness of a proof that was not finished, and sends its helpers away", () => {
    const proof = proofOf("k");
    teamwork.begin(proof);
    expect(proof.board.witness.every((byte) => byte === 7)).to.equal(true);
    teamwork.end(proof, undefined);
    expect(proof.board.witness.every((byte) => byte === 0)).to.equal(true);
    expect(proof.board.isRecalled).to.equal(true);
    expect(teamwork.pays("k", 1)).to.equal(true);
  });
});
