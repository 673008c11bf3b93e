import { expect } from "chai";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { ContractError } from "../../src/chain/errors.ts";
import { packFlags, withFlag } from "../../src/protocol/flags.ts";
import { partsOf, slotCount, type Profile } from "../../src/protocol/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { createMadeUpWorld, passTo, type MadeUpWorld } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, proveBlock, revealBlock, type MadeUpBlock } from "../../src/sim/madeUpBlock.ts";

const PROFILE: Profile = {
  name: "parts",
  arity: 2,
  levels: 3,
  accountDepth: 4,
  transfersPerBase: 3,
  operationsPerBase: 2,
};
const SLOTS = slotCount(PROFILE);
const CUTS = [1, 5, 11];
const RANGES = partsOf(PROFILE, CUTS);

interface Revealed {
  readonly block: MadeUpBlock;
  readonly commitment: actions.Commitment;
}

/** Proposals that differ in who made them and in their bids, all revealed. */
async function revealed(burnBids: readonly bigint[]): Promise<MadeUpWorld & { blocks: readonly Revealed[] }> {
  const world = await createMadeUpWorld(await hre.network.create(), {
    profile: PROFILE,
    provers: SLOTS,
    proposers: burnBids.length,
  });
  const transcript = fullTranscript(PROFILE, SLOTS);
  const blocks: Revealed[] = [];
  for (const [i, burnBid] of burnBids.entries()) {
    const block = await draftBlock(world, { proposer: world.proposers[i]!, burnBid, transcript, elements: 1 });
    const { commitment } = await actions.commit(world.client, world.proposers[i]!, block);
    blocks.push({ block, commitment });
  }
  await passTo(world, "proposalEnds");
  for (const { block, commitment } of blocks) await revealBlock(world, block, commitment);
  return { ...world, blocks };
}

describe("submitProof, in parts", () => {
  it("makes the candidate that one submission with all proofs makes", async () => {
    const world = await revealed([1_000n]);
    const { client, deployer } = world;
    const { block, commitment } = world.blocks[0]!;
    const proven = proveBlock(world, block, commitment);
    const snapshot = await world.connection.networkHelpers.takeSnapshot();
    await actions.submitProof(client, deployer, proven);
    const whole = await actions.getCandidate(client, block.proposalId);
    await snapshot.restore();

    const { forest } = proven;
    for (const range of RANGES.toReversed())
      expect(await actions.verifyPart(client, deployer, forest, range)).not.to.equal(undefined);
    const { provers, place } = await actions.submitProof(client, deployer, { ...proven, cuts: CUTS });
    expect([provers, place]).to.deep.equal([SLOTS, 0]);
    expect(await actions.getCandidate(client, block.proposalId)).to.deep.equal(whole);
  });

  it("is refused while a part is missing, and names it", async () => {
    const world = await revealed([1_000n]);
    const { client, deployer } = world;
    const { block, commitment } = world.blocks[0]!;
    const proven = proveBlock(world, block, commitment);
    const submission = { ...proven, cuts: CUTS };
    const { forest } = proven;
    for (const range of RANGES) {
      const { args } = await expectRejection(
        actions.submitProof(client, deployer, submission),
        ContractError,
        "missing part",
      );
      expect(args).to.deep.equal({ first: BigInt(range.first), end: BigInt(range.end) });
      await actions.verifyPart(client, deployer, forest, range);
    }
    await actions.submitProof(client, deployer, submission);
  });

  it("takes no part of another proposal", async () => {
    const world = await revealed([1_000n, 2_000n]);
    const { client, deployer } = world;
    const [mine, other] = world.blocks.map(({ block, commitment }) => ({
      block,
      proven: proveBlock(world, block, commitment),
    })) as [
      { block: MadeUpBlock; proven: actions.SubmitProofParameters },
      { block: MadeUpBlock; proven: actions.SubmitProofParameters },
    ];
    for (const range of RANGES) await actions.verifyPart(client, deployer, mine.proven.forest, range);
    const { txsRoot, dataEval } = other.proven.forest.statement;
    const { forest } = mine.proven;
    const stolen = {
      commitment: other.proven.commitment,
      forest: { ...forest, statement: { ...forest.statement, txsRoot, dataEval } },
    };
    const submissions = [{ ...other.proven }, stolen].map((proven) => ({ ...proven, cuts: CUTS }));
    for (const submission of submissions) {
      await expectRejection(actions.submitProof(client, deployer, submission), ContractError, "missing part");
    }
  });

  it("takes no part with a bid that was not committed, or with other keys and counts than the registry's", async () => {
    const world = await revealed([1_000n]);
    const { client, deployer } = world;
    const { block, commitment } = world.blocks[0]!;
    // A higher bid, or all slots in the name of prover 1: true, but not what was committed.
    for (const claimed of [
      { ...block, burnBid: 1_001n },
      { ...block, transcript: Array<number>(SLOTS).fill(1) },
    ]) {
      const proven = proveBlock(world, claimed, commitment);
      for (const range of RANGES) await actions.verifyPart(client, deployer, proven.forest, range);
      await expectRejection(
        actions.submitProof(client, deployer, { ...proven, cuts: CUTS }),
        ContractError,
        "missing part",
      );
    }
  });

  it("needs one more part for a richer forest", async () => {
    const world = await revealed([1_000n]);
    const { client, deployer } = world;
    const { block, commitment } = world.blocks[0]!;
    const late = 13;
    const flags = packFlags(SLOTS, { voted: () => true, delivered: (slot) => slot !== late });
    const poorer = proveBlock(world, block, commitment, flags);
    for (const range of RANGES) await actions.verifyPart(client, deployer, poorer.forest, range);
    const first = await actions.submitProof(client, deployer, { ...poorer, cuts: CUTS });
    expect(first.provers).to.equal(SLOTS - 1);

    const richer = proveBlock(world, block, commitment, withFlag(flags, "delivered", late));
    const sent = [];
    for (const range of RANGES) sent.push(await actions.verifyPart(client, deployer, richer.forest, range));
    expect(sent.map((receipt) => receipt !== undefined)).to.deep.equal([false, false, false, true]);
    const second = await actions.submitProof(client, deployer, { ...richer, cuts: CUTS });
    expect(second.provers).to.equal(SLOTS);
  });
});
