import { expect } from "chai";
import {
  BLOB_FIELD,
  type Content,
  contentElements,
  contentHash,
  FIELD,
  keyOf,
  mergeContent,
  nodeNumber,
  packAssigned,
  poseidon,
  TAG,
  vrfBeta,
} from "../../src/protocol/index.ts";
import { pointBus, signatureBus, voteBus } from "../../src/proving/inputs.ts";
import { choicesAsWritten } from "./support/asWritten.ts";
import { choosableSignals } from "./support/choosable.ts";
import { expectPublicInputsBound } from "./support/expectBound.ts";
import { expectUnprovable } from "./support/expectUnprovable.ts";
import {
  BURN_BID,
  childContents,
  DOMAIN,
  mergeCase,
  mergeInputs,
  PROPOSAL,
  prover,
  SEED,
  voteOf,
  WORKER,
} from "./support/forest.ts";
import { OFF_CURVE } from "./support/points.ts";
import { compiling, loadCircuit, mainInstance } from "./support/testCircuit.ts";

/** Depths 1 and 2 of a binary tree of 3 levels. */
const circuit = () => loadCircuit(mainInstance("MergeRollup", 2, 3));
/** Depth 1 of a tree with four children a node. */
const wide = () => loadCircuit(mainInstance("MergeRollup", 4, 2));

describe("MergeRollup, for all inputs", () => {
  it("leaves the prover no choice but hints", async () => {
    expect(
      await choicesAsWritten(mainInstance("MergeRollup", 2, 2), ["content", "childContent", "workerKey", "beta"]),
    ).to.deep.equal(["core.counted[0].keyInverse", "core.counted[1].keyInverse"]);
  });
});

describe("MergeRollup", () => {
  before(compiling(circuit));

  it("joins two children at every merge depth", async () => {
    const merge = await circuit();
    for (const [depth, index] of [
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 3],
    ] as const) {
      expectPublicInputsBound(merge, await merge.witness(mergeInputs(mergeCase(2, depth, index))));
    }
  });

  it("leaves no signal free", async () => {
    const merge = await circuit();
    const witness = await merge.witness(mergeInputs(mergeCase(2, 2, 1)));
    expect(choosableSignals(merge, witness)).to.deep.equal([]);
  });

  it("joins without votes, for unassigned children, by an anonymous worker, whatever stands for votes", async () => {
    const merge = await circuit();
    const silent = mergeInputs(
      mergeCase(2, 1, 0, { mask: 0n, provers: [undefined, undefined], assigned: [0, 0] }),
      "anonymous",
    );
    const garbage = {
      vote: [voteBus(), [pointBus(OFF_CURVE), FIELD - 1n, signatureBus({ r8: { x: 5n, y: 6n }, s: FIELD - 1n })]],
    };
    expect(merge.broken(await merge.witness({ ...silent, ...garbage }))).to.equal(0);
  });

  it("counts the votes that are good and needs none for the others", async () => {
    const merge = await circuit();
    const stranger = { ...voteOf(1), proposalId: PROPOSAL + 1n };
    for (const mask of [1n, 2n]) {
      const votes = mask === 1n ? [voteOf(0), voteOf(1, stranger)] : [voteOf(0, { depth: 2, index: 3 }), voteOf(1)];
      expect(merge.broken(await merge.witness(mergeInputs(mergeCase(2, 1, 0, { mask, votes }))))).to.equal(0);
      await expectUnprovable(
        merge,
        mergeInputs(mergeCase(2, 1, 0, { mask: 3n, votes })),
        mask === 1n ? "EdDSAVerify" : "Vote",
      );
    }
  });

  it("lets one vote count for every node below it, but no vote of a sibling's prover", async () => {
    const merge = await circuit();
    const below = [voteOf(0, { depth: 1, index: 1 }), voteOf(1, { depth: 3, index: 7 })];
    expect(merge.broken(await merge.witness(mergeInputs(mergeCase(2, 2, 3, { votes: below }))))).to.equal(0);
    await expectUnprovable(merge, mergeInputs(mergeCase(2, 2, 2, { votes: below })), "Vote");
    await expectUnprovable(merge, mergeInputs(mergeCase(2, 2, 3, { votes: [voteOf(1), voteOf(0)] })), "Vote");
  });

  it("refuses a mask bit for key 0, bits beyond the arity and bits that are not boolean", async () => {
    const merge = await circuit();
    await expectUnprovable(merge, mergeInputs(mergeCase(2, 1, 0, { provers: [prover(0), undefined] })), "Vote");
    await expectUnprovable(merge, mergeInputs(mergeCase(2, 1, 0, { mask: 4n })), "Num2Bits");
    const witness = await merge.witness(mergeInputs(mergeCase(2, 1, 0, { mask: 1n })));
    expect(merge.broken(merge.edit(witness, { "voted[0]": -1n, "voted[1]": 1n }))).to.be.greaterThan(0);
  });

  it("refuses counts that overflow into each other and bids beyond 64 bits", async () => {
    const merge = await circuit();
    const inputs = mergeInputs(mergeCase(2, 1, 0, { assigned: [4, 4] }));
    expect(merge.broken(await merge.witness(inputs))).to.equal(0);
    // (4 + 2^14, 3) has the same sum as (4, 4); more than 28 bits have none.
    const witness = await merge.witness(inputs);
    expect(merge.broken(merge.edit(witness, { "assigned[0]": 4n + (1n << 14n), "assigned[1]": 3n }))).to.be.greaterThan(
      0,
    );
    await expectUnprovable(merge, { ...inputs, childAssigned: packAssigned([4, 4]) + (1n << 28n) }, "Num2Bits");
    await expectUnprovable(merge, { ...inputs, burnBid: 1n << 64n }, "Num2Bits");
    await expectUnprovable(merge, { ...inputs, burnBid: FIELD - 1n }, "Num2Bits");
  });

  it("refuses votes over capacity or above the bid", async () => {
    const merge = await circuit();
    await expectUnprovable(merge, mergeInputs(mergeCase(2, 1, 0, { assigned: [6, 1] })), "Num2Bits");
    await expectUnprovable(
      merge,
      mergeInputs(mergeCase(2, 1, 0, { votes: [voteOf(0, { minBurnBid: BURN_BID + 1n }), voteOf(1)] })),
      "Num2Bits",
    );
  });

  it("refuses children that are swapped, repeated or of another block", async () => {
    const merge = await circuit();
    const [first, second] = childContents(2, 2) as [Content, Content];
    const honest = mergeInputs(mergeCase(2, 1, 0));
    for (const [a, b] of [
      [second, first],
      [first, first],
      [first, childContents(2, 1, 7)[0]!],
    ] as const) {
      const lies = { ...honest, childContent: [a, b].map(contentHash) };
      await expectUnprovable(merge, lies, "MergeRollup");
      await expectUnprovable(merge, { ...lies, child: [a, b].map(contentElements) }, "MergeCore");
      // What follows each other is not what the contents shown on L1 say.
      const joined = [a, { ...b, prevStateRoot: a.nextStateRoot }].map(contentElements);
      await expectUnprovable(merge, { ...lies, child: joined }, "MergeRollup");
    }
  });

  it("refuses children and contents of another level, and nodes where no merge is", async () => {
    const merge = await circuit();
    const honest = mergeInputs(mergeCase(2, 1, 0));
    for (const level of [1, 3]) {
      const others = mergeInputs(mergeCase(2, 1, 0, { children: childContents(level, 2) }));
      await expectUnprovable(merge, others, "MergeCore");
      await expectUnprovable(merge, { ...others, child: honest.child! }, "MergeRollup");
    }
    const content = mergeContent(childContents(2, 2), [prover(0), prover(1)].map(keyOf));
    await expectUnprovable(merge, { ...honest, content: contentHash({ ...content, level: 0 }) }, "MergeRollup");
    for (const [depth, index] of [
      [0, 0],
      [3, 0],
      [1, 2],
      [2, 4],
    ] as const) {
      await expectUnprovable(merge, { ...honest, node: nodeNumber({ depth, index }) }, "NodePosition");
    }
    await expectUnprovable(merge, { ...honest, node: nodeNumber({ depth: 2, index: 0 }) }, "MergeCore");
  });

  it("refuses children of which one has another power of z, and evaluations that are joined with another", async () => {
    const merge = await circuit();
    const honest = mergeInputs(mergeCase(2, 1, 0));
    const [first, second] = childContents(2, 2) as [Content, Content];
    for (const change of [1n, -1n, 1n << 86n, 1n << 172n]) {
      for (const [a, b] of [
        [first, { ...second, zPow: second.zPow + change }],
        [{ ...first, zPow: first.zPow + change }, second],
      ] as const) {
        if ([a, b].some(({ zPow }) => zPow >= BLOB_FIELD)) continue;
        const lies = { ...honest, childContent: [a, b].map(contentHash), child: [a, b].map(contentElements) };
        await expectUnprovable(merge, lies, "MergeCore");
      }
    }
    const content = mergeContent([first, second], [prover(0), prover(1)].map(keyOf));
    const other = (first.dataEval + second.dataEval * (first.zPow + 1n)) % BLOB_FIELD;
    await expectUnprovable(merge, { ...honest, content: contentHash({ ...content, dataEval: other }) }, "MergeRollup");
  });

  it("refuses a child's number in limbs beyond their bits", async () => {
    const merge = await circuit();
    const honest = mergeInputs(mergeCase(2, 1, 0));
    const [first, second] = childContents(2, 2).map(contentElements) as [bigint[], bigint[]];
    const [EVALUATION, POWER] = [8, 11];
    const carried = (child: bigint[], at: number): bigint[] =>
      child.with(at, child[at]! + (1n << 86n)).with(at + 1, child[at + 1]! - 1n);
    const hash = (child: bigint[]): bigint => poseidon([TAG.content, ...child]);
    for (const children of [
      [first, carried(second, EVALUATION)],
      [first, carried(second, EVALUATION + 1)],
      [carried(first, POWER), carried(second, POWER)],
      [carried(first, POWER + 1), carried(second, POWER + 1)],
    ]) {
      const lies = { ...honest, childContent: children.map(hash), child: children };
      await expectUnprovable(merge, lies, "Num2Bits");
    }
  });

  it("refuses a content with any other sum, root or evaluation", async () => {
    const merge = await circuit();
    const honest = mergeInputs(mergeCase(2, 1, 0));
    const content = mergeContent(childContents(2, 2), [prover(0), prover(1)].map(keyOf));
    for (const [name, value] of Object.entries<bigint | number>({ ...content })) {
      const wrong = contentHash({ ...content, [name]: typeof value === "bigint" ? value + 1n : value + 1 });
      await expectUnprovable(merge, { ...honest, content: wrong }, "MergeRollup");
    }
  });

  it("refuses another worker's key, another beta, and anonymous claims", async () => {
    const merge = await circuit();
    const honest = mergeInputs(mergeCase(2, 1, 0));
    await expectUnprovable(merge, { ...honest, workerKey: keyOf(prover(0)) }, "MergeRollup");
    await expectUnprovable(merge, { ...honest, workerKey: 0n }, "MergeRollup");
    await expectUnprovable(merge, { ...honest, beta: vrfBeta(prover(0), SEED) }, "MergeRollup");
    await expectUnprovable(merge, { ...honest, roundSeed: SEED + 1n }, "MergeRollup");
    const anonymous = mergeInputs(mergeCase(2, 1, 0), "anonymous");
    await expectUnprovable(merge, { ...anonymous, workerKey: keyOf(WORKER) }, "MergeRollup");
    await expectUnprovable(merge, { ...anonymous, beta: vrfBeta(1n, SEED) }, "MergeRollup");
  });

  it("cannot be carried over to another domain or proposal", async () => {
    const merge = await circuit();
    const witness = await merge.witness(mergeInputs(mergeCase(2, 1, 0, { mask: 0n })));
    expect(merge.broken(merge.edit(witness, { domain: DOMAIN + 1n }))).to.be.greaterThan(0);
    expect(merge.broken(merge.edit(witness, { proposalId: PROPOSAL + 1n }))).to.be.greaterThan(0);
  });

  describe("with four children", () => {
    before(compiling(wide));

    it("joins four children", async () => {
      const merge = await wide();
      const votes = [
        voteOf(0),
        voteOf(1, { depth: 1, index: 3 }),
        voteOf(2, { depth: 2, index: 14 }),
        voteOf(3, { depth: 2, index: 0 }),
      ];
      const inputs = mergeInputs(mergeCase(4, 1, 3, { votes, mask: 0b0111n }));
      expectPublicInputsBound(merge, await merge.witness(inputs));
      await expectUnprovable(merge, { ...inputs, mask: 0b1111n }, "Vote");
    });
  });
});
