import { expect } from "chai";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { ContractError } from "../../src/chain/errors.ts";
import { type Profile, slotCount } from "../../src/protocol/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { createMadeUpWorld, passTo } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, proveBlock, revealBlock } from "../../src/sim/madeUpBlock.ts";

const PROFILE: Profile = {
  name: "parts",
  arity: 2,
  levels: 3,
  accountDepth: 4,
  transfersPerBase: 3,
  operationsPerBase: 2,
};
const SLOTS = slotCount(PROFILE);
const SMALL = { proofs: 5, listed: 20 };

async function revealedBlock() {
  const world = await createMadeUpWorld(await hre.network.create(), {
    profile: PROFILE,
    provers: SLOTS,
    proposers: 1,
  });
  const { client, proposers } = world;
  const block = await draftBlock(world, {
    proposer: proposers[0]!,
    burnBid: 1_000n,
    transcript: fullTranscript(PROFILE, SLOTS),
    elements: 1,
  });
  const { commitment } = await actions.commit(client, block.proposer, block);
  await passTo(world, "proposalEnds");
  await revealBlock(world, block, commitment);
  return { ...world, submission: proveBlock(world, block, commitment) };
}

describe("submitInParts", () => {
  const parts = ({ client }: { client: Awaited<ReturnType<typeof revealedBlock>>["client"] }) =>
    client.parts.queryFilter(client.parts.filters.PartVerified());

  it("sends what fits at once", async () => {
    const world = await revealedBlock();
    const { client, deployer, submission } = world;
    expect(await actions.submitInParts(client, deployer, submission)).to.include({ provers: SLOTS, place: 0 });
    expect(await parts(world)).to.have.length(0);
  });

  it("sends the rest part by part, and goes on where it was cut off", async () => {
    const world = await revealedBlock();
    const { client, deployer, submission } = world;
    // One bad proof in the last slot: everything before it is verified.
    const { forest } = submission;
    const damaged = {
      ...submission,
      forest: { ...forest, proofs: forest.proofs.slice(0, -512) + forest.proofs.slice(2, 2 + 512) },
    };
    await expectRejection(actions.submitInParts(client, deployer, damaged, SMALL), ContractError, "invalid part");
    const before = (await parts(world)).length;
    expect(before).to.be.greaterThan(1);
    const blocks = await client.provider.getBlockNumber();
    expect(await actions.submitInParts(client, deployer, submission, SMALL)).to.include({
      provers: SLOTS,
      place: 0,
    });
    expect(await parts(world)).to.have.length(before + 1);
    expect(await client.provider.getBlockNumber(), "the missing part and the submission").to.equal(blocks + 2);
  });
});
