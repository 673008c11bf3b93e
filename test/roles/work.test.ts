import { expect } from "chai";
import { NodeDatabase } from "../../src/database/index.ts";
import type { Job } from "../../src/database/index.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { keyOf } from "../../src/protocol/keys.ts";
import { signVote, type Vote } from "../../src/protocol/vote.ts";
import { BlockPlan } from "../../src/proving/forest.ts";
import type { ProofTask } from "../../src/proving/prover.ts";
import { proveSlot } from "../../src/roles/prover/work.ts";
import { State } from "../../src/state/state.ts";
import { traceBlock } from "../../src/state/trace.ts";
import { forest, SLOTS } from "./views.ts";
import { nodeStatementOf } from "../support/nodeStatement.ts";

const secret = secretKeyFromSeed("work");
const PROPOSAL = 77n;
const KEEP_UNTIL = 5_000n;
const rules = { profile: forest, domain: 7n, crownDepth: 0, operationCrownDepth: 0 };
const { bases } = traceBlock(
  State.ofGenesis({ accountDepth: forest.accountDepth, accounts: [] }),
  { operations: "0x", elements: [] },
  rules,
);
const vote = signVote(secret, { proposalId: PROPOSAL, depth: 0, index: 0, capacity: SLOTS, minBurnBid: 1n });

/** A block that is the prover's alone. @param votes those that it has heard */
const planOf = (votes: readonly Vote[]): BlockPlan =>
  new BlockPlan({
    ...{ profile: forest, bases, domain: rules.domain, proposalId: PROPOSAL, votes, burnBid: 10n, roundSeed: 0n },
    ...{ orderCommitment: `0x${"11".repeat(32)}`, transcript: Array<number>(SLOTS).fill(1) },
    keys: Array<bigint>(SLOTS).fill(keyOf(secret)),
  });

describe("a proof that a prover makes", () => {
  let database: NodeDatabase;
  let tasks: ProofTask[];
  beforeEach(async () => {
    database = await NodeDatabase.inMemory("rollup");
    tasks = [];
  });
  afterEach(() => database.close());

  const prover = {
    prove: (_: string, task: ProofTask) => {
      tasks.push(task);
      return Promise.resolve(`0x0${tasks.length}`);
    },
  };
  const prove = (slot: number, votes: readonly Vote[], isNamed = true): Promise<Job | undefined> =>
    proveSlot(
      { plan: planOf(votes), slot, secret: isNamed ? secret : undefined, keepUntil: KEEP_UNTIL },
      database,
      prover,
      new AbortController().signal,
    );

  it("is made from what the plan says, and its secret is on no disk", async () => {
    for (const [slot, isNamed] of [
      [0, true],
      [1, true],
      [1, false],
      [6, true],
    ] as const) {
      const { input, publicInputs, mask } = planOf([vote]).job(slot, isNamed ? secret : undefined);
      const job = await prove(slot, [vote], isNamed);
      expect(tasks.at(-1)).to.deep.include({ input, publicInputs });
      expect(job).to.deep.include({ mask, slot });
      expect(job!.input).not.to.have.property("secret");
      expect(
        JSON.stringify(Object.values(job!), (_, v: unknown) => (typeof v === "bigint" ? `${v}` : v)),
      ).not.to.include(`${secret}`);
    }
  });

  it("goes on after a restart as it was begun, with the votes that were known then", async () => {
    const failing = { prove: () => Promise.reject(new Error("killed")) };
    const work = { plan: planOf([vote]), slot: 1, secret, keepUntil: KEEP_UNTIL };
    await proveSlot(work, database, failing, new AbortController().signal).catch(() => undefined);
    const job = await prove(1, []);
    expect(job!.mask)
      .to.equal(planOf([vote]).mask(1))
      .and.not.to.equal(planOf([]).mask(1));
    expect(tasks[0]!.publicInputs).to.deep.equal(planOf([vote]).job(1, secret).publicInputs);
  });

  it("is there to be handed in until the slash window ends, and is not made again", async () => {
    const first = await prove(3, [vote]);
    database.jobs.abort(PROPOSAL, "its round is decided");
    expect(database.jobs.prune(KEEP_UNTIL - 1n)).to.equal(0);
    // L1 has taken back the block that decided the round.
    const again = await prove(3, [vote]);
    expect(again!.proof).to.equal(first!.proof);
    expect(tasks).to.have.length(1);
    const statement = nodeStatementOf(planOf([vote]), 3, secret);
    expect([again!.content, again!.workerKey]).to.deep.equal([statement.content, statement.workerKey]);
    expect(database.jobs.prune(KEEP_UNTIL)).to.equal(1);
    expect((await prove(3, [vote]))!.proof).to.equal("0x02");
  });
});
