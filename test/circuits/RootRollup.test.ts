import { expect } from "chai";
import { FIELD, keyOf, rootInputs, rootVector, vrfBeta } from "../../src/protocol/index.ts";
import { choicesAsWritten } from "./support/asWritten.ts";
import { choosableSignals } from "./support/choosable.ts";
import { expectPublicInputsBound } from "./support/expectBound.ts";
import { expectUnprovable } from "./support/expectUnprovable.ts";
import {
  childContents,
  PROPOSAL,
  prover,
  rootCase,
  rootCircuitInputs,
  rootStatement,
  SEED,
  voteOf,
  WORKER,
} from "./support/forest.ts";
import { compiling, loadCircuit, mainInstance } from "./support/testCircuit.ts";

/** The root of a binary tree of one level: it merges base nodes. */
const circuit = () => loadCircuit(mainInstance("RootRollup", 2, 1));

describe("RootRollup, for all inputs", () => {
  it("leaves the prover no choice but hints", async () => {
    expect(await choicesAsWritten(mainInstance("RootRollup", 2, 2), ["C", "y"])).to.deep.equal([
      "core.counted[0].keyInverse",
      "core.counted[1].keyInverse",
      "own.keyInverse",
    ]);
  });
});

describe("RootRollup", () => {
  before(compiling(circuit));

  it("opens a merge and its own vote for L1, and leaves no signal free", async () => {
    const root = await circuit();
    const witness = await root.witness(rootCircuitInputs(rootCase(2)));
    expectPublicInputsBound(root, witness);
    expect(choosableSignals(root, witness)).to.deep.equal([]);
  });

  it("opens without votes, by an anonymous worker", async () => {
    const root = await circuit();
    const silent = rootCase(2, { mask: 0n, provers: [undefined, undefined, undefined], assigned: [0, 0, 0] });
    expect(root.broken(await root.witness(rootCircuitInputs(silent, "anonymous")))).to.equal(0);
  });

  it("refuses any other value at any place of V", async () => {
    const root = await circuit();
    const statement = rootStatement(rootCase(2));
    const honest = rootCircuitInputs(rootCase(2));
    const vector = rootVector(statement);
    for (let i = 0; i < vector.length; i++) {
      const { commitment, x, y } = rootInputs(vector.map((value, k) => (k === i ? (value + 1n) % FIELD : value)));
      await expectUnprovable(root, { ...honest, C: commitment, x, y }, "RootRollup");
    }
  });

  it("refuses a true commitment with an evaluation of something else", async () => {
    const root = await circuit();
    const honest = rootCircuitInputs(rootCase(2));
    const { x, y } = rootInputs(rootVector({ ...rootStatement(rootCase(2)), fees: 1n }));
    await expectUnprovable(root, { ...honest, x, y }, "RootRollup");
    await expectUnprovable(root, { ...honest, y: (honest.y as bigint) + 1n }, "RootRollup");
  });

  it("checks the vote for its own node: only one for the root covers it", async () => {
    const root = await circuit();
    const votes = [voteOf(0), voteOf(1)];
    for (const own of [voteOf(2, { depth: 1 }), voteOf(2, { index: 1 })]) {
      await expectUnprovable(root, rootCircuitInputs(rootCase(2, { votes: [...votes, own] })), "Vote");
      expect(
        root.broken(await root.witness(rootCircuitInputs(rootCase(2, { mask: 3n, votes: [...votes, own] })))),
      ).to.equal(0);
    }
    await expectUnprovable(
      root,
      rootCircuitInputs(rootCase(2, { votes: [...votes, voteOf(2, { proposalId: PROPOSAL + 1n })] })),
      "EdDSAVerify",
    );
    await expectUnprovable(root, rootCircuitInputs(rootCase(2, { votes: [...votes, voteOf(1)] })), "Vote");
    await expectUnprovable(root, rootCircuitInputs(rootCase(2, { assigned: [1, 1, 6] })), "Num2Bits");
    await expectUnprovable(
      root,
      rootCircuitInputs(rootCase(2, { provers: [prover(0), prover(1), undefined] })),
      "Vote",
    );
  });

  it("refuses bids beyond 64 bits, counts and masks beyond their places", async () => {
    const root = await circuit();
    const honest = rootCircuitInputs(rootCase(2));
    for (const [signal, value] of Object.entries({ burnBid: 1n << 64n, assigned: 1n << 42n, mask: 8n })) {
      await expectUnprovable(root, { ...honest, [signal]: value }, "Num2Bits");
    }
  });

  it("refuses children of another level", async () => {
    const root = await circuit();
    // The truth about level 1 is claimed while the children say 2: level is inside childContent.
    const honest = rootStatement(rootCase(2));
    const deeper = rootCase(2, { children: childContents(1, 2).map((child) => ({ ...child, level: 1 })) });
    const claimed = { childContent: honest.childContent.map((content) => content + 1n) };
    await expectUnprovable(root, rootCircuitInputs(deeper, WORKER, claimed), "RootRollup");
  });

  it("refuses another worker's key or beta", async () => {
    const root = await circuit();
    await expectUnprovable(root, rootCircuitInputs(rootCase(2), WORKER, { workerKey: keyOf(prover(0)) }), "RootRollup");
    await expectUnprovable(root, rootCircuitInputs(rootCase(2), WORKER, { workerKey: 0n }), "RootRollup");
    await expectUnprovable(
      root,
      rootCircuitInputs(rootCase(2), WORKER, { beta: vrfBeta(prover(0), SEED) }),
      "RootRollup",
    );
    await expectUnprovable(
      root,
      rootCircuitInputs(rootCase(2), "anonymous", { workerKey: keyOf(WORKER) }),
      "RootRollup",
    );
  });
});
