import { expect } from "chai";
import { concat } from "ethers";
import { network } from "hardhat";
import { proveSlots } from "../../src/block/proveSlots.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { vrfBeta } from "../../src/protocol/vrf.ts";
import type { NodeStatement, SlotProof } from "../../src/protocol/forest.ts";
import type { BlockPlan } from "../../src/proving/forest.ts";
import type { WorldProver } from "../../src/sim/world.ts";
import { realProver } from "../../src/sim/realProver.ts";
import type { ForestVerifier } from "../../typechain-types/index.ts";
import { plan, proverSecret, vote } from "../proving/forestFixture.ts";
import { nodeContextOf, nodeStatementOf } from "../support/nodeStatement.ts";

const { ethers } = await network.create();

const ROUND_SEED = 2n ** 200n + 7n;
const ANONYMOUS = 4;
const MERGE = 1;
const BASE = 3;

// One block of the dev profile with real proofs. Prover 2 holds slots 1 and 4 and did not vote.
describe("a forest in a round with a seed", () => {
  const profile = PROFILES.dev;
  let prover: WorldProver;
  let verifier: ForestVerifier;
  let block: BlockPlan;
  let proofs: SlotProof[];

  before(async function () {
    this.timeout(300_000);
    prover = await realProver(profile);
    const { common, base, merge, root, keyOwnership, operations } = prover.keys;
    const { arity, levels, operationsPerBase } = profile;
    const keys = [common, base, merge, root, keyOwnership, operations] as const;
    verifier = await ethers.deployContract("ForestVerifier", [arity, levels, operationsPerBase, ...keys]);
    block = plan(profile, { roundSeed: ROUND_SEED, votes: [vote(1), vote(3)] });
    const work = Array.from({ length: slotCount(profile) }, (_, slot) => ({
      slot,
      secret: slot === ANONYMOUS ? undefined : secretOf(slot),
    }));
    proofs = await proveSlots(block, work, prover);
  });
  after(() => prover.close());

  const secretOf = (slot: number) => proverSecret((slot % 3) + 1);

  function verifyForest(betas: (betas: bigint[]) => bigint[] = (all) => all) {
    const { keys, assigned, flags, rootCommitment, contents, betas: proven, proofs: bytes } = block.forest(proofs);
    return verifier.verifyForest(
      block.statement,
      [...keys],
      assigned,
      [...flags],
      rootCommitment,
      [...contents],
      betas([...proven]),
      bytes,
    );
  }

  function verifyNodes(nodes: readonly (readonly [statement: NodeStatement, proof: string])[]) {
    const statements = nodes.map(([{ childContents, childKeys, childAssigned, ...statement }]) => ({
      ...statement,
      childContents: [...childContents],
      childKeys: [...childKeys],
      childAssigned: [...childAssigned],
    }));
    return verifier.verifyNodes(nodeContextOf(block), statements, concat(nodes.map(([, proof]) => proof)));
  }

  const verifyNode = (statement: NodeStatement, proof: string) => verifyNodes([[statement, proof]]);

  async function prove(slot: number, of: BlockPlan): Promise<string> {
    const [made] = await proveSlots(of, [{ slot, secret: secretOf(slot) }], prover);
    return made!.proof;
  }

  it("verifies with the VRF output of every worker", async () => {
    const { betas } = block.forest(proofs);
    expect(betas).to.deep.equal(
      betas.map((_, slot) => (slot === ANONYMOUS ? 0n : vrfBeta(secretOf(slot), ROUND_SEED))),
    );
    expect(await verifyForest()).to.equal(true);
  });

  it("shows no other output: of a prover, of the round, or none", async () => {
    for (const slot of [0, MERGE, BASE]) {
      const others = [vrfBeta(proverSecret(9), ROUND_SEED), vrfBeta(secretOf(slot), ROUND_SEED + 1n), 0n];
      for (const other of others)
        expect(await verifyForest((betas) => betas.with(slot, other)), `slot ${slot}`).to.equal(false);
    }
  });

  for (const [name, slot] of [
    ["base", BASE],
    ["merge", MERGE],
  ] as const) {
    it(`has a ${name} that can be shown alone`, async () => {
      const statement = nodeStatementOf(block, slot, secretOf(slot));
      const { proof } = proofs[slot]!;
      expect(await verifyNode(statement, proof)).to.equal(true);
      expect(await verifyNode({ ...statement, content: statement.content + 1n }, proof)).to.equal(false);
      expect(await verifyNode({ ...statement, beta: statement.beta + 1n }, proof)).to.equal(false);
      expect(await verifyNode({ ...statement, workerKey: 0n, beta: 0n }, proof)).to.equal(false);
    });
  }

  it("has bases and merges that can be shown together", async () => {
    const slots = [1, 2, 3, 5, 6];
    const nodes = slots.map((slot) => [nodeStatementOf(block, slot, secretOf(slot)), proofs[slot]!.proof] as const);
    expect(await verifyNodes(nodes)).to.equal(true);
    const [merge, proof] = nodes[0]!;
    expect(await verifyNodes(nodes.with(0, [{ ...merge, content: merge.content + 1n }, proof]))).to.equal(false);
  });

  it("has a merge that its prover shows with other votes than the forest's", async function () {
    this.timeout(60_000);
    const informed = plan(profile, { roundSeed: ROUND_SEED, votes: [vote(1), vote(2), vote(3)] });
    const statement = nodeStatementOf(informed, MERGE, secretOf(MERGE));
    expect(statement.mask).to.equal(0b11n);
    expect(nodeStatementOf(block, MERGE, secretOf(MERGE))).to.deep.equal({ ...statement, mask: 0b01n });
    expect(await verifyNode(statement, await prove(MERGE, informed))).to.equal(true);
    expect(await verifyNode(statement, proofs[MERGE]!.proof)).to.equal(false);
  });
});
