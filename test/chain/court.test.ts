import { expect } from "chai";
import hre from "hardhat";
import { id } from "ethers";
import * as actions from "../../src/chain/index.ts";
import { ContractError } from "../../src/chain/errors.ts";
import { type Flags, hasFlag, packFlags } from "../../src/protocol/flags.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import type { Profile } from "../../src/protocol/profile.ts";
import { createMadeUpWorld, type MadeUpWorld, passTo } from "../../src/sim/madeUp.ts";
import {
  decideBlock,
  draftBlock,
  fullTranscript,
  type MadeUpBlock,
  proveBlock,
  revealBlock,
  slotProof,
} from "../../src/sim/madeUpBlock.ts";
import { expectRejection } from "../support/expectRejection.ts";

const profile: Profile = {
  ...{ name: "court", arity: 2, levels: 2, accountDepth: 8 },
  ...{ transfersPerBase: 3, operationsPerBase: 3 },
};
const SLOTS = slotCount(profile);
/** A first miss leaves a prover eligible. */
const economics = { eligibleStake: 2n * 10n ** 20n, minStake: 4n * 10n ** 20n, baseRateBps: 5_000 };
const all = Array.from({ length: SLOTS }, (_, slot) => slot);
const without = (...slots: readonly number[]): readonly number[] => all.filter((slot) => !slots.includes(slot));

const flagsOf = (delivered: readonly number[], voted: readonly number[] = all): Flags =>
  packFlags(SLOTS, { voted: (slot) => voted.includes(slot), delivered: (slot) => delivered.includes(slot) });

describe("what provers answer for", function () {
  this.timeout(60_000);
  let world: MadeUpWorld;
  let block: MadeUpBlock;
  let commitment: actions.Commitment;

  /** A block whose slots have a prover each, revealed. */
  beforeEach(async () => {
    const connection = await hre.network.create();
    world = await createMadeUpWorld(connection, { profile, provers: SLOTS, proposers: 1, economics });
    await reveal();
  });
  afterEach(() => world.connection.close());

  async function reveal(): Promise<void> {
    const [proposer] = world.proposers;
    const transcript = fullTranscript(profile, SLOTS);
    block = await draftBlock(world, { proposer: proposer!, burnBid: 1_000n, transcript, elements: 1 });
    ({ commitment } = await actions.commit(world.client, proposer!, block));
    await passTo(world, "proposalEnds");
    await revealBlock(world, block, commitment);
  }

  const submit = (flags: Flags) =>
    actions.submitProof(world.client, world.deployer, proveBlock(world, block, commitment, flags));

  /** Shows proofs of a forest that has these flags. */
  async function handIn(slots: readonly number[], flags: Flags = flagsOf(all)) {
    const { client, deployer } = world;
    const proven = proveBlock(world, block, commitment, flags);
    const { contents, statement, rootCommitment } = proven.forest;
    const proofs = slots.map((slot) => slotProof(world, proven, slot));
    const [root] = proofs.filter(({ slot }) => slot === 0);
    return root === undefined
      ? actions.handIn(client, deployer, { commitment, contents, proofs })
      : actions.handInRoot(client, deployer, { commitment, contents, statement, rootCommitment, proof: root });
  }

  const standing = async () => {
    const { provers } = (await actions.getCandidate(world.client, block.proposalId))!;
    const flags = [...(await world.client.rollup.flagsOf(block.proposalId))];
    const those = (kind: "voted" | "delivered"): number[] => all.filter((slot) => hasFlag(flags, kind, slot));
    return { provers: Number(provers), voted: those("voted"), delivered: those("delivered") };
  };

  it("hands in any number of nodes in one transaction, in any order, and the root in another", async () => {
    await submit(flagsOf(without(0, 1, 4, 6)));
    await handIn([6, 1, 4]);
    expect(await standing()).to.deep.equal({ provers: 6, voted: all, delivered: without(0) });
    await handIn([0]);
    expect(await standing()).to.deep.equal({ provers: 7, voted: all, delivered: all });
    for (const slots of [[4, 6], [0]])
      expect((await expectRejection(handIn(slots), ContractError, "no improvement")).error).to.equal("NoImprovement");
  });

  it("shows the votes that a forest hides by a merge without a name, until they no longer count", async () => {
    await submit(flagsOf(all, without(1, 3, 4)));
    expect((await standing()).provers).to.equal(4);
    await handIn([1], flagsOf([], without(4)));
    expect(await standing()).to.deep.equal({ provers: 5, voted: without(1, 4), delivered: all });
    await handIn([0], flagsOf([]));
    expect((await standing()).voted).to.deep.equal(without(4));
    await passTo(world, "provingEnds");
    await expectRejection(handIn([1], flagsOf([])), ContractError, "no improvement");
    expect((await standing()).provers).to.equal(6);
  });

  it("has L1 keep what comes before a forest, if the forest has the same", async () => {
    await handIn([1, 5]);
    expect(await actions.getCandidate(world.client, block.proposalId)).to.equal(undefined);
    await handIn([0], flagsOf([]));
    await submit(flagsOf([2], [5]));
    expect(await standing()).to.deep.equal({ provers: 3, voted: without(6), delivered: [1, 2, 5] });
  });

  it("charges a prover once for what it has not delivered, and forgets the miss when it keeps its word", async () => {
    const { client, deployer, connection } = world;
    await submit(flagsOf(without(5, 6)));
    await passTo(world, "acceptanceEnds");
    await actions.advance(client, deployer);
    const { proposalId } = block;
    const { transcript } = commitment;
    const slash = (proverIndex: number) => actions.slash(client, deployer, { proposalId, proverIndex, transcript });
    const { undelivered, voted, amount, burnt } = await slash(7);
    expect([undelivered, voted]).to.deep.equal([1, 1]);
    const [eligibleStake, rateBps] = await Promise.all([client.registry.eligibleStake(), client.court.baseRateBps()]);
    expect([amount, burnt]).to.deep.equal([(eligibleStake * rateBps) / 10_000n, amount]);
    const again = await expectRejection(slash(7), ContractError, "slash was refused");
    expect([again.error, again.args["proverIndex"]]).to.deep.equal(["AlreadySlashed", 7n]);
    expect((await expectRejection(slash(1), ContractError, "slash was refused")).error).to.equal("NothingOwed");

    await reveal();
    await submit(flagsOf(all));
    await passTo(world, "acceptanceEnds");
    await actions.advance(client, deployer);
    const { acceptanceEnds } = (await actions.getCandidate(client, block.proposalId))!;
    await connection.networkHelpers.time.increaseTo(acceptanceEnds + (await client.court.slashWindow()));
    const redeem = (proverIndex: number) =>
      actions.redeem(client, deployer, {
        ...{ proverIndex, proposalId: block.proposalId },
        transcript: commitment.transcript,
      });
    expect((await client.court.recordOf(7)).misses).to.equal(1n);
    expect((await redeem(7)).misses).to.equal(0);
    expect((await expectRejection(redeem(7), ContractError, "redeem was refused")).error).to.be.oneOf([
      "AlreadyRedeemed",
      "NothingToRedeem",
    ]);
  });

  it("charges nobody for what was handed in, or never proven", async () => {
    const { client, deployer } = world;
    await submit(flagsOf(without(6)));
    await passTo(world, "provingEnds");
    await handIn([6]);
    await passTo(world, "acceptanceEnds");
    await actions.advance(client, deployer);
    const owed = { proposalId: block.proposalId, transcript: commitment.transcript };
    await expectRejection(actions.slash(client, deployer, { ...owed, proverIndex: 7 }), ContractError, "nothing owed");
    const unknown = { ...owed, proposalId: BigInt(id("nothing")) >> 8n, proverIndex: 7 };
    await expectRejection(actions.slash(client, deployer, unknown), ContractError, "unknown candidate");
    expect((await decideBlock(world, await draftBlock(world, { ...block, elements: 1 }))).paid).to.have.length(1);
  });
});
