import { expect } from "chai";
import {
  blockWithdrawalsRoot,
  BrokenChainError,
  blobEvaluations,
  blockEvaluation,
  dataPoint,
  decodeOperations,
  decodeTranscript,
  evaluate,
  firstSlot,
  hasFlag,
  keyOf,
  MalformedError,
  nodeNumber,
  packAssigned,
  packVote,
  PROFILES,
  rootInputs,
  slotCount,
  type SlotProof,
  SUBGROUP_ORDER,
} from "../../src/protocol/index.ts";
import { MissingProofError, WrongWorkerError } from "../../src/proving/forest.ts";
import { deposit, forcedExit, forcedTransfer } from "../state/fixtures.ts";
import { executed, payment, plan, plannedBlock, PROPOSAL_ID, proverSecret, vote } from "./forestFixture.ts";

const profile = PROFILES.dev;
const SLOTS = slotCount(profile);

/** Which slots count as voted with these votes. */
function voted(votes: Parameters<typeof plan>[1]): number[] {
  return plan(profile, votes).votes.flatMap((counted, slot) => (counted === undefined ? [] : [slot]));
}

describe("BlockPlan contents", () => {
  it("states for the root what the base nodes did together", () => {
    const block = plannedBlock(profile);
    const { statement } = plan(profile);
    expect(statement.prevStateRoot).to.equal(block.bases[0]!.prevStateRoot);
    expect(statement.nextStateRoot).to.equal(block.bases.at(-1)!.nextStateRoot);
    expect(statement.fees).to.equal(3000n);
    expect(statement.txCount).to.equal(3n);
    const elements = block.bases.flatMap((base) => base.elements);
    expect(elements).to.have.length(4 * 5);
    expect(statement.z).to.equal(dataPoint(block.orderCommitment));
    expect(statement.dataEval).to.equal(evaluate(elements, statement.z));
  });

  it("does not depend on votes, bids or workers", () => {
    const contents = plan(profile).contentHashes;
    expect(plan(profile, { votes: [], burnBid: 1n, roundSeed: 9n }).contentHashes).to.deep.equal(contents);
  });

  it("depends on the assigned keys above the base nodes only", () => {
    const before = plan(profile).contentHashes;
    const after = plan(profile, { transcript: [1, 2, 3, 1, 2, 3, 2] }).contentHashes;
    const first = firstSlot(profile, profile.levels);
    expect(after.slice(first)).to.deep.equal(before.slice(first));
    expect(after[1]).to.equal(before[1]);
    expect(after[2]).to.not.equal(before[2]);
    expect(after[0]).to.not.equal(before[0]);
  });

  it("refuses bases, transcripts and keys that do not fit", () => {
    const { bases, transcript, keys } = plannedBlock(profile);
    expect(() => plan(profile, { bases: bases.slice(1) })).to.throw(
      MalformedError,
      "count of base nodes is 3, expected 4",
    );
    expect(() => plan(profile, { transcript: transcript.slice(1) })).to.throw(
      MalformedError,
      "transcript length is 6, expected 7 slots",
    );
    expect(() => plan(profile, { keys: [...keys, 0n] })).to.throw(MalformedError, "count of keys is 8, expected 7");
    expect(() => plan(profile, { bases: [...bases].reverse() })).to.throw(
      BrokenChainError,
      "child 1 has prevStateRoot",
    );
  });
});

describe("BlockPlan of a block with operations and exits", () => {
  const block = executed(
    profile,
    [deposit(6), forcedExit(2), forcedTransfer(9, 1)],
    [payment(1, 0, 0), payment(6, 3, 0)],
  );
  const of = plan(profile, {}, block);

  it("states how many operations there are, where the exits are, and what L1 computes of its data", () => {
    expect(of.statement.l1OpCount).to.equal(3n);
    expect(of.statement.txCount).to.equal(2n);
    expect(of.statement.withdrawalsRoot).to.equal(blockWithdrawalsRoot(profile, block.exits));
    expect(block.exits.map(({ l1Owner }) => l1Owner)).to.deep.equal([2n, 1n]);
    expect(of.statement.txsRoot).to.equal(block.txsRoot);
    const { operations, elements } = block.data;
    expect(of.statement.dataEval).to.equal(
      blockEvaluation(profile, decodeOperations(operations), blobEvaluations(elements, of.z), of.z),
    );
  });

  it("has its first base nodes proven by the circuit of operations", () => {
    const circuits = Array.from({ length: SLOTS }, (_, slot) => of.job(slot).circuit);
    expect(circuits.slice(3)).to.deep.equal(["OperationRollup", "OperationRollup", "BaseRollup", "BaseRollup"]);
    expect(of.job(3).input).to.include.keys("word0", "word1", "senderChildren", "receiverChildren");
    expect(of.job(3).input).to.not.have.any.keys("transfer", "sigS");
    expect(of.job(4).input["word0"]).to.deep.equal([forcedTransfer(9, 1)[0], 0n]);
  });

  it("is refused with operations behind transfers", () => {
    const { bases } = plannedBlock(profile, {}, block);
    expect(() => plan(profile, { bases: [...bases.slice(2), ...bases.slice(0, 2)] })).to.throw(
      MalformedError,
      "base node of operations is behind base node 0 of transfers, expected before all of transfers",
    );
  });
});

describe("BlockPlan votes", () => {
  it("counts one vote for every slot of its prover", () => {
    expect(voted({})).to.deep.equal([0, 1, 2, 3, 4, 5, 6]);
    expect(voted({ votes: [vote(2)] })).to.deep.equal([1, 4]);
    expect(voted({ votes: [] })).to.deep.equal([]);
  });

  it("counts a vote only at or below its node", () => {
    expect(voted({ votes: [vote(1, { depth: 1, index: 0 })] })).to.deep.equal([3]);
    expect(voted({ votes: [vote(1, { depth: 1, index: 1 }), vote(1, { depth: 2, index: 0 })] })).to.deep.equal([3, 6]);
  });

  it("counts nothing of a prover whose capacity is below its assigned slots anywhere", () => {
    expect(voted({ votes: [vote(1, { capacity: 2 }), vote(2, { capacity: 2 })] })).to.deep.equal([1, 4]);
    expect(voted({ votes: [vote(1, { capacity: 3 })] })).to.deep.equal([0, 3, 6]);
  });

  it("counts no vote that wants a higher bid, is for another proposal, by another prover or badly signed", () => {
    const good = vote(1);
    const bad = [
      vote(1, { minBurnBid: 501n }),
      vote(1, { proposalId: PROPOSAL_ID + 1n }),
      vote(4),
      { ...good, capacity: 101 },
      { ...good, key: vote(2).key },
      { ...good, signature: { ...good.signature, s: good.signature.s + SUBGROUP_ORDER } },
    ];
    for (const one of bad) expect(voted({ votes: [one] })).to.deep.equal([]);
    expect(voted({ votes: [...bad, good] })).to.deep.equal([0, 3, 6]);
  });

  it("survives votes whose numbers or points are impossible", () => {
    const good = vote(1);
    const impossible = [
      { ...good, depth: -1 },
      { ...good, capacity: 2 ** 16 },
      { ...good, index: 0.5 },
      { ...good, key: { x: -1n, y: 2n ** 260n } },
      { ...good, signature: { r8: { x: 2n ** 300n, y: 0n }, s: -5n } },
    ];
    expect(voted({ votes: [...impossible, good] })).to.deep.equal([0, 3, 6]);
  });

  it("never counts a vote for a slot without a key", () => {
    const { keys } = plannedBlock(profile);
    expect(voted({ keys: keys.map((key, slot) => (slot % 3 === 0 ? 0n : key)) })).to.deep.equal([1, 2, 4, 5]);
    expect(voted({ transcript: [0, 0, 0, 0, 0, 0, 3] })).to.deep.equal([6]);
  });
});

describe("BlockPlan jobs", () => {
  it("names the circuit, node and worker of each slot", () => {
    const jobs = Array.from({ length: SLOTS }, (_, slot) => plan(profile).job(slot, proverSecret((slot % 3) + 1)));
    expect(jobs.map(({ circuit }) => circuit)).to.deep.equal([
      "RootRollup",
      "MergeRollup",
      "MergeRollup",
      ...Array<string>(4).fill("BaseRollup"),
    ]);
    for (const { slot, workerKey, node, input } of jobs) {
      expect(workerKey).to.equal(keyOf(proverSecret((slot % 3) + 1)));
      expect(input.anonymous).to.equal(0n);
      if (slot > 0) expect(input.node).to.equal(nodeNumber(node));
    }
  });

  it("lets an anonymous worker prove any slot, and nobody but the assigned one in its own name", () => {
    const { workerKey, input } = plan(profile).job(0);
    expect([workerKey, input.anonymous, input.secret]).to.deep.equal([0n, 1n, 1n]);
    expect(() => plan(profile).job(0, proverSecret(2))).to.throw(WrongWorkerError, "or 0 (anonymous)");
    expect(() => plan(profile, { transcript: Array<number>(SLOTS).fill(0) }).job(3, proverSecret(1))).to.throw(
      WrongWorkerError,
      "expected 0 (anonymous)",
    );
  });

  it("gives a merge the children's contents, keys, counts and votes that L1 will use", () => {
    const of = plan(profile, { votes: [vote(2)] });
    const { input } = of.job(1);
    expect(input.childContent).to.deep.equal([of.contentHashes[3], of.contentHashes[4]]);
    expect(input.childAssigned).to.equal(packAssigned([3, 2]));
    expect(input.mask).to.equal(0b10n);
    const counted = of.votes[4]!;
    const { key, signature } = counted;
    expect(input.vote).to.deep.equal([
      [[0n, 0n], 0n, [[0n, 0n], 0n]],
      [[key.x, key.y], packVote(counted), [[signature.r8.x, signature.r8.y], signature.s]],
    ]);
  });

  it("has a beta in rounds with a seed, for named workers", () => {
    const seeded = plan(profile, { roundSeed: 5n });
    expect(seeded.job(3, proverSecret(1)).beta).to.not.equal(0n);
    expect(seeded.job(3).beta).to.equal(0n);
    expect(plan(profile).job(3, proverSecret(1)).beta).to.equal(0n);
  });
});

describe("BlockPlan forest", () => {
  const of = plan(profile, { votes: [vote(1), vote(2)] });
  const proofs = (named: number[]): SlotProof[] =>
    Array.from({ length: SLOTS }, (_, slot) => {
      const { workerKey, beta, mask } = of.job(slot, named.includes(slot) ? proverSecret((slot % 3) + 1) : undefined);
      return { slot, workerKey, beta, mask, proof: `0x${String(slot).repeat(512)}` };
    });

  it("puts proofs and contents in slot order and flags what was voted and delivered", () => {
    const { contents, proofs: bytes, flags, assigned, rootCommitment } = of.forest(proofs([0, 2, 3]).reverse());
    expect(contents).to.deep.equal(of.contentHashes.slice(1));
    expect(bytes).to.equal(`0x${[0, 1, 2, 3, 4, 5, 6].map((slot) => String(slot).repeat(512)).join("")}`);
    const flagged = (kind: "voted" | "delivered"): number[] =>
      [0, 1, 2, 3, 4, 5, 6].filter((slot) => hasFlag(flags, kind, slot));
    expect(flagged("voted")).to.deep.equal([0, 1, 3, 4, 6]);
    expect(flagged("delivered")).to.deep.equal([0, 2, 3]);
    expect(flags[0]! >> 128n).to.equal(0n);
    expect(decodeTranscript(profile, assigned)).to.deep.equal([3, 2, 2, 3, 2, 2, 3]);
    expect(rootCommitment).to.equal(of.rootInputs(of.worker(0, proverSecret(1))).commitment);
    expect(rootCommitment).to.not.equal(of.forest(proofs([])).rootCommitment);
  });

  it("refuses gaps, proofs of the wrong size and workers that L1 would not credit", () => {
    const all = proofs([]);
    expect(() => of.forest(all.filter(({ slot }) => slot !== 2 && slot !== 5))).to.throw(
      MissingProofError,
      "no proof for slot 2, 5",
    );
    expect(() => of.forest(all.map((proof) => ({ ...proof, proof: "0x12" })))).to.throw(
      MalformedError,
      "proof of slot 0 is 1 bytes, expected 256",
    );
    expect(() => of.forest(all.map((proof) => ({ ...proof, workerKey: 5n })))).to.throw(
      WrongWorkerError,
      `worker of slot 0 is 0x${"5".padStart(64, "0")}, expected 0x`,
    );
  });

  it("has the betas of all slots in rounds with a seed, and none in others", () => {
    const seeded = plan(profile, { roundSeed: 5n });
    const made = proofs([]).map((proof) =>
      proof.slot === 3 ? { ...proof, ...seeded.worker(3, proverSecret(1)) } : proof,
    );
    expect(seeded.forest(made).betas).to.deep.equal([0n, 0n, 0n, made[3]!.beta, 0n, 0n, 0n]);
    expect(of.forest(proofs([3])).betas).to.deep.equal([]);
  });

  it("refuses betas where there are none", () => {
    const named = proofs([3]).map((proof) => ({ ...proof, beta: proof.slot === 3 ? 7n : 0n }));
    expect(() => of.forest(named)).to.throw(MalformedError, "beta of slot 3 is 7, expected 0");
    const anonymous = proofs([]).map((proof) => ({ ...proof, beta: proof.slot === 2 ? 7n : 0n }));
    expect(() => plan(profile, { roundSeed: 5n }).forest(anonymous)).to.throw(MalformedError, "beta of slot 2 is 7");
  });

  it("the root's inputs open a vector that ends with the children's contents and keys", () => {
    const { commitment, x, y } = of.rootInputs({ workerKey: 0n, beta: 0n });
    expect(of.publicInputs(0, { workerKey: 0n, beta: 0n })).to.deep.equal([commitment, x, y]);
    expect(rootInputs([1n]).commitment).to.not.equal(commitment);
  });
});
