import { expect } from "chai";
import { concat, dataLength, dataSlice, Interface, type ContractTransactionReceipt } from "ethers";
import hre from "hardhat";
import { openingOf } from "../../src/chain/actions/commitment.ts";
import { openedContents } from "../../src/chain/actions/handIn.ts";
import * as actions from "../../src/chain/actions/index.ts";
import { ELEMENTS_PER_BLOB } from "../../src/protocol/blobField.ts";
import { packFlags } from "../../src/protocol/flags.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import type { Profile } from "../../src/protocol/profile.ts";
import { PROOF_BYTES } from "../../src/protocol/proof.ts";
import { createMadeUpWorld, passTo, registerKey, type MadeUpWorld } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, proveBlock, revealBlock } from "../../src/sim/madeUpBlock.ts";
import { expectSnapshot } from "../support/snapshot.ts";

const CONTRACTS = [
  "B52Token",
  "ForestVerifier",
  "BlobVerifier",
  "ProverRegistry",
  "ProverCourt",
  "Rollup",
  "RollupExtension",
  "Bridge",
  "ClaimVerifier",
  "ForestParts",
  "Scorer",
  "RoundView",
  "CommitRelay",
];
/** Bytes of code that a contract may have: EIP-170. */
const MAX_CODE = 24_576;
/** Bytes that creating one may take, with the arguments of its constructor: EIP-3860. */
const MAX_CREATION = 49_152;
/** What the rollup keeps free of both for what comes next. */
const FREE = { code: 1_500, creation: 2_000 };

/** Of each parameter of the rollup: none has more. */
const WORD = 32;

/** By height, of the blocks whose reveals are measured: one blob, then two. */
const ELEMENTS: Readonly<Record<number, number>> = { 3: 3, 4: ELEMENTS_PER_BLOB + 1 };

/** No byte of these seconds is 0, so that calldata costs the same in every run. */
const EPOCH = 0x71_40_11_11;
const HEIGHT_SECONDS = 0x01_00_00;
/** Acceptance ends shortly before the next height's seconds begin, so that every advance is prompt. */
const WINDOWS = { proposalWindow: 0x40_00, acceptanceWindow: 0xbf_00, exitDelay: 0x04_00_00 };

describe("gas of the rollup", () => {
  const gas: Record<string, number> = {};

  it("for the life of a block of seven slots", async () => {
    const profile = profileOf(2);
    const world = await createMadeUpWorld(await hre.network.create(), {
      profile,
      provers: 7,
      proposers: 3,
      economics: { maxUncles: 2, uncleMinScoreBps: 0, ...WINDOWS },
    });
    const { client, deployer } = world;
    gas["register"] = gasOf(await registerKey(world, 424_242n));

    // Every lane is used in heights 1 and 2. After that nothing is done for the first time.
    for (let height = 1; height <= 6; height++) {
      const candidates = height <= 2 ? 3 : Math.min(height - 2, 3);
      const blocks = [];
      for (const [i, proposer] of world.proposers.slice(0, candidates).entries()) {
        const elements = i === 0 ? (ELEMENTS[height] ?? 0) : 0;
        const block = await draftBlock(world, {
          proposer,
          burnBid: BigInt(1_000 - i),
          transcript: fullTranscript(profile, 7),
          elements,
          fees: 10n ** 15n,
        });
        await nextBlockAt(world, EPOCH + height * HEIGHT_SECONDS + 0x10 + i);
        const committed = await actions.commit(client, proposer, block);
        if (height === 1) gas[i === 0 ? "commitOpening" : "commitFirst"] = gasOf(committed);
        if (height === 3) gas["commitWarm"] = gasOf(committed);
        blocks.push({ block, commitment: committed.commitment });
      }
      await passTo(world, "proposalEnds");
      for (const [i, { block, commitment }] of blocks.entries()) {
        const used = gasOf(await revealBlock(world, block, commitment));
        if (i === 0 && height === 3) gas["revealBlob"] = used;
        if (i === 0 && height === 4) gas["revealFurtherBlob"] = used - gas["revealBlob"]!;
        if (i === 0 && height === 5) gas["revealWithoutBlob"] = used;
      }
      for (const [i, { block, commitment }] of blocks.entries()) {
        const submission = proveBlock(world, block, commitment);
        const used = gasOf(await actions.submitProof(client, deployer, submission));
        if (i === 0 && height === 3) gas["submitWarm7"] = used;
      }
      if (height === 6) {
        const [{ block: parent }] = blocks as [(typeof blocks)[0]];
        for (const [i, proposer] of world.proposers.entries()) {
          const block = await draftBlock(world, { ...parent, proposer, parent });
          const { receipt, commitment: first } = await actions.commit(client, proposer, block);
          gas[i === 0 ? "commitPipelinedOpening" : "commitPipelined"] = Number(receipt.gasUsed);
          if (i !== 2) continue;
          const rival = await draftBlock(world, { ...parent, proposer, parent: blocks[1]!.block });
          gas["commitBranchFirst"] = gasOf(await actions.commitBranch(client, proposer, rival, first));
        }
      }
      await nextBlockAt(world, EPOCH + (height + 1) * HEIGHT_SECONDS);
      const used = gasOf(await actions.advance(client, deployer));
      if (height >= 3 && height < 6) gas[`advance${candidates - 1}Uncles`] = used;
      if (height === 6) gas["advanceToPipelined"] = used;

      if (height !== 5) continue;
      const [{ block, commitment }] = blocks as [(typeof blocks)[0]];
      const claim = (slot: number) =>
        actions.claimProver(client, deployer, slot + 1, [
          { proposalId: block.proposalId, transcript: commitment.transcript, slots: [slot] },
        ]);
      await claim(0);
      gas["claimProver"] = gasOf(await claim(1));
      await actions.transfer(client, deployer, block.proposer.address, 1n);
      gas["claimProposer"] = gasOf(await actions.claimProposer(client, block.proposer, block.proposer.address));
    }
    expect(gas["commitFirst"]).to.be.at.most(53_000);
    expect(gas["commitWarm"]).to.be.at.most(34_750);
    expect(gas["commitPipelined"]).to.be.at.most(35_400);
    expect(gas["revealBlob"]).to.be.at.most(135_000);
    expect(gas["revealFurtherBlob"]).to.be.at.most(56_000);
    // 17,100 of it for a place in the ring of outcomes, in the first 1,024 heights.
    expect(gas["advance2Uncles"]).to.be.at.most(180_000);
    expect(gas["claimProver"]).to.be.at.most(60_000);
    expect(gas["claimProposer"]).to.be.at.most(60_000);
  });

  it("for hand-ins of a small forest's bases", async () => {
    const profile = profileOf(2);
    const world = await createMadeUpWorld(await hre.network.create(), { profile, provers: 7, proposers: 1 });
    const { client, deployer } = world;
    const [proposer] = world.proposers;
    const transcript = fullTranscript(profile, 7);
    const block = await draftBlock(world, { proposer: proposer!, burnBid: 1_000n, transcript });
    await nextBlockAt(world, EPOCH + 1);
    const { commitment } = await actions.commit(client, proposer!, block);
    await passTo(world, "proposalEnds");
    await revealBlock(world, block, commitment);

    const handIn = async (slots: readonly number[]): Promise<number> => {
      const { forest } = proveBlock(world, block, commitment);
      const sent = await client.court.connect(deployer).handIn(
        openingOf(commitment),
        commitment.transcript,
        openedContents(forest.contents, slots),
        slots.map((slot) => ({ slot, isAnonymous: false, beta: 0n, mask: 0n })),
        concat(slots.map((slot) => dataSlice(forest.proofs, PROOF_BYTES * slot, PROOF_BYTES * (slot + 1)))),
      );
      return Number((await sent.wait())!.gasUsed);
    };
    const bases = [3, 4, 5, 6];
    const measure = async (name: string): Promise<void> => {
      const before = await world.connection.networkHelpers.takeSnapshot();
      const one = await handIn(bases.slice(0, 1));
      await before.restore();
      gas[`handInFirst${name}`] = one;
      gas[`handInFurther${name}`] = Math.round(((await handIn(bases)) - one) / (bases.length - 1));
      await before.restore();
    };
    // A place in storage is new for each node that is kept.
    await measure("BeforeForest");
    const partly = packFlags(7, { voted: () => true, delivered: (slot) => slot < 3 });
    await actions.submitProof(client, deployer, proveBlock(world, block, commitment, partly));
    await measure("");
    expect(gas["handInFirst"]).to.be.at.most(450_000);
    expect(gas["handInFurther"]).to.be.at.most(70_000);
  });

  // 63 slots share their word of flags with 7; 127 need another one, which is stored once for 64 slots.
  for (const levels of [2, 5, 6]) {
    const slots = slotCount({ arity: 2, levels });
    it(`for a submission of ${slots} proofs`, async () => {
      const profile = profileOf(levels);
      const world = await createMadeUpWorld(await hre.network.create(), { profile, provers: slots, proposers: 1 });
      const [proposer] = world.proposers;
      const block = await draftBlock(world, {
        proposer: proposer!,
        burnBid: 1_000n,
        transcript: fullTranscript(profile, slots),
      });
      await nextBlockAt(world, EPOCH + 1);
      const { commitment } = await actions.commit(world.client, proposer!, block);
      await passTo(world, "proposalEnds");
      await revealBlock(world, block, commitment);
      gas[`submit${slots}`] = gasOf(
        await actions.submitProof(world.client, world.deployer, proveBlock(world, block, commitment)),
      );
    });
  }

  it("for one more proof, at most 55,500", () => {
    gas["perProofTo63"] = Math.round((gas["submit63"]! - gas["submit7"]!) / 56);
    gas["perProofTo127"] = Math.round((gas["submit127"]! - gas["submit7"]!) / 120);
    expect(gas["perProofTo63"]).to.be.at.most(55_500);
    expect(gas["perProofTo127"]).to.be.at.most(55_500);
  });

  it("and the contracts' sizes are what the snapshots say (UPDATE_SNAPSHOTS=1 rewrites them)", async () => {
    const sizes: Record<string, number> = {};
    for (const name of CONTRACTS) {
      const { deployedBytecode } = await hre.artifacts.readArtifact(name);
      sizes[name] = dataLength(deployedBytecode);
      expect(sizes[name]).to.be.at.most(MAX_CODE);
    }
    const { abi, bytecode } = await hre.artifacts.readArtifact("Rollup");
    const [config] = new Interface(abi).deploy.inputs;
    sizes["creation of Rollup"] = dataLength(bytecode) + WORD * config!.components!.length;
    expect(sizes["Rollup"]).to.be.at.most(MAX_CODE - FREE.code);
    expect(sizes["creation of Rollup"]).to.be.at.most(MAX_CREATION - FREE.creation);
    expectSnapshot("sizes", sizes);
    expectSnapshot("gas", gas);
  });
});

const profileOf = (levels: number): Profile => ({
  name: `gas-${levels}`,
  arity: 2,
  levels,
  accountDepth: 8,
  transfersPerBase: 600,
  operationsPerBase: 8,
});

const gasOf = ({ receipt }: { receipt: ContractTransactionReceipt }): number => Number(receipt.gasUsed);

const nextBlockAt = ({ connection }: MadeUpWorld, timestamp: number): Promise<void> =>
  connection.networkHelpers.time.setNextBlockTimestamp(timestamp);
