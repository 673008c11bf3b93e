import { expect } from "chai";
import type { TransactionResponse } from "ethers";
import { network } from "hardhat";
import { slotCount } from "../../src/protocol/nodes.ts";
import { expectSnapshot } from "../support/snapshot.ts";
import { type Block, commitBlock, makeBlock, revealBlock, submissionOf } from "../support/block.ts";
import { ACCEPTANCE_WINDOW, type Deployment, deploy, PROPOSAL_WINDOW, proverKey, stubKeyProof } from "../support/deploy.ts";

/** Eight slots are what a commit is measured with; the seven of this forest come nearest. */
const FOREST = { arity: 2, levels: 2 };
const EVERYONE = [1, 2, 3, 4, 5, 6, 7];

describe("gas", function () {
  const gas: Record<string, bigint> = {};

  it("commit, reveal, submit, advance, claim", async () => {
    const d = await deploy(await network.create(), { forest: FOREST, provers: 7, proposers: 3 });
    for (let height = 1; height <= 4; height++) {
      // One, two, then three candidates; by height 3 every lane has been used before.
      const count = Math.min(height, 3);
      const blocks: [Block, Awaited<ReturnType<typeof commitBlock>>["opening"]][] = [];
      for (const [i, proposer] of d.proposers.slice(0, count).entries()) {
        const block = await makeBlock(d, { proposer, burnBid: 1_000n - BigInt(i), transcript: EVERYONE, words: 10, fees: 10n ** 18n });
        const { transaction, opening } = await commitBlock(d, block);
        if (height === 1) gas.commitFirst = await gasOf(transaction);
        if (height === 3 && i === 0) gas.commitWarm = await gasOf(transaction);
        blocks.push([block, opening]);
      }
      await passProposals(d);
      for (const [block, opening] of blocks) {
        const used = await gasOf(await revealBlock(d, block, opening));
        if (height === 1) gas.revealTenWords = used;
      }
      for (const [i, [block, opening]] of blocks.entries()) {
        const used = await gasOf(await d.rollup.submitProof(await submissionOf(d, block, opening)));
        if (height === 4 && i === 0) gas.submitWithStub = used;
      }
      await passAcceptance(d);
      const used = await gasOf(await d.rollup.advance());
      if (height === 1) gas.advanceFirst = used;
      if (height > 1) gas[`advanceUncles${count - 1}${height === 4 ? "Warm" : ""}`] = used;
      if (height === 4) {
        const [block] = blocks[0]!;
        const claim = (slot: number) => ({ proposalId: block.proposalId, transcript: block.encodedTranscript, slots: [slot] });
        await d.rollup.claimProver(1, [claim(0)]);
        gas.claimProver = await gasOf(await d.rollup.claimProver(2, [claim(1)]));
        gas.claimProposer = await gasOf(await d.rollup.connect(d.proposers[0]!).claimProposer(d.proposers[0]!));
      }
    }
    console.log(gas);
  });
});

async function gasOf(transaction: TransactionResponse): Promise<bigint> {
  return (await transaction.wait())!.gasUsed;
}

async function passProposals({ connection, rollup }: Deployment): Promise<void> {
  await connection.networkHelpers.time.increaseTo((await rollup.roundState()).proposalEnds);
}

async function passAcceptance({ connection, rollup }: Deployment): Promise<void> {
  await connection.networkHelpers.time.increaseTo((await rollup.roundState()).acceptanceEnds);
}
