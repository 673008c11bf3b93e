import { expect } from "chai";
import hre from "hardhat";
import * as actions from "../../src/chain/actions/index.ts";
import { ContractError } from "../../src/chain/errors.ts";
import { signCommit, type RelayedCommit } from "../../src/protocol/commitSignature.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { decodeProposal, decodeVote, encodeProposal, encodeVote } from "../../src/protocol/messages.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { proposalId, type Proposal } from "../../src/protocol/proposal.ts";
import { roundId } from "../../src/protocol/round.ts";
import { score } from "../../src/protocol/score.ts";
import { signVote, verifyVote } from "../../src/protocol/vote.ts";
import { limitedNode } from "../support/limitedNode.ts";
import { takenBack } from "../support/takenBack.ts";
import { createMadeUpWorld, passTo, type MadeUpWorld } from "../../src/sim/madeUp.ts";
import { draftBlock, fullTranscript, proveBlock, revealBlock, type MadeUpBlock } from "../../src/sim/madeUpBlock.ts";

const profile = PROFILES.dev;
const PROVERS = 4;

describe("commits and messages on L1", () => {
  let world: MadeUpWorld;

  const begin = takenBack(async () =>
    createMadeUpWorld(await hre.network.create(), { profile, provers: PROVERS, proposers: 3 }),
  );
  beforeEach(async () => {
    world = await begin();
  });

  const draft = (i: number, burnBid: bigint, provers = PROVERS, parent?: MadeUpBlock) =>
    draftBlock(world, {
      proposer: world.proposers[i]!,
      burnBid,
      transcript: fullTranscript(profile, provers),
      elements: 2,
      ...(parent && { parent }),
    });

  const commit = async (block: MadeUpBlock) => (await actions.commit(world.client, block.proposer, block)).commitment;

  async function signed(block: MadeUpBlock): Promise<[RelayedCommit, signature: string]> {
    const { chainId, contracts } = world.client.deployment;
    const { commitRoundNumber } = await actions.getRoundState(world.client);
    const relayed = { ...block, proposer: block.proposer.address, roundNumber: commitRoundNumber };
    return [relayed, await signCommit(block.proposer, { chainId, ...contracts }, relayed)];
  }

  describe("relayCommit", () => {
    it("sends what a proposer signed, and the block wins", async () => {
      const { client, deployer } = world;
      const block = await draft(0, 1_000n);
      const { receipt, commitment } = await actions.relayCommit(client, deployer, ...(await signed(block)));
      expect(receipt.from).to.equal(deployer.address);
      expect(commitment.proposer).to.equal(block.proposer.address);
      expect(await actions.getCommits(client, { height: 1, attempt: 1 })).to.deep.equal([commitment]);
      await passTo(world, "proposalEnds");
      await revealBlock(world, block, commitment);
      await actions.submitProof(client, deployer, proveBlock(world, block, commitment));
      await passTo(world, "acceptanceEnds");
      expect((await actions.advance(client, deployer)).proposalId).to.equal(block.proposalId);
    });

    it("says why it was refused, whichever contract refused", async () => {
      const { client, deployer } = world;
      const [relayed, signature] = await signed(await draft(0, 1_000n));
      const outbid = { ...relayed, terms: { ...relayed.terms, burnBid: 1_001n } };
      const late = { ...relayed, roundNumber: relayed.roundNumber + 1n };
      const { chainId, contracts } = client.deployment;
      const resigned = await signCommit(world.proposers[0]!, { chainId, ...contracts }, late);
      for (const [commit, by, error] of [
        [outbid, signature, "InvalidSignature"],
        [late, resigned, "WrongRoundNumber"],
      ] as const) {
        const refusal = await actions.relayCommit(client, deployer, commit, by).catch((reason: unknown) => reason);
        expect(refusal).to.be.instanceOf(ContractError);
        expect(refusal).to.include({ call: "relayCommit", error });
      }
    });
  });

  describe("getCommits", () => {
    it("tells the commits of a failed attempt from later ones with the same round id", async () => {
      const { client, deployer } = world;
      const first = await draft(0, 1_000n);
      const firstCommitment = await commit(first);
      await passTo(world, "proposalEnds");
      await revealBlock(world, first, firstCommitment);
      const doomed = await commit(await draft(1, 500n, PROVERS, first));
      const next = { height: 2, attempt: 1 };
      expect(await actions.getCommits(client, next)).to.deep.equal([doomed]);

      await passTo(world, "acceptanceEnds");
      const second = await draft(2, 900n);
      const secondCommitment = await commit(second);
      expect(await actions.getCommits(client, { height: 1, attempt: 1 })).to.deep.equal([firstCommitment]);
      expect(await actions.getCommits(client, { height: 1, attempt: 2 })).to.deep.equal([secondCommitment]);
      expect(await actions.getCommits(client, next)).to.deep.equal([]);

      await passTo(world, "proposalEnds");
      await revealBlock(world, second, secondCommitment);
      await actions.submitProof(client, deployer, proveBlock(world, second, secondCommitment));
      await actions.settle(client, deployer, firstCommitment);
      const live = await commit(await draft(0, 700n, PROVERS, second));
      expect(await actions.getCommits(client, next)).to.deep.equal([live]);
      await passTo(world, "acceptanceEnds");
      expect(await actions.getCommits(client, next)).to.deep.equal([live]);
      await actions.advance(client, deployer);
      expect(await actions.getCommits(client, next)).to.deep.equal([live]);
    });
  });

  it("are read at a node with limits", async () => {
    const { client, deployer } = world;
    const first = { height: 1, attempt: 1 };
    const commitments = [
      await commit(await draft(0, 1_000n)),
      await commit(await draft(1, 900n)),
      await commit(await draft(2, 800n)),
    ];
    for (const data of ["0x01", "0x02", "0x03"])
      await actions.publish(client, deployer, { topic: "Vote", subject: 1n, data });
    for (const limits of [{ blocks: 2 }, { logs: 2 }]) {
      const limited = limitedNode(client, limits);
      expect(await actions.getCommits(limited, first)).to.deep.equal(commitments);
      expect((await actions.getPublished(limited, { topic: "Vote" })).map(({ data }) => data)).to.deep.equal([
        "0x01",
        "0x02",
        "0x03",
      ]);
    }
  });

  describe("rankCommits", () => {
    it("has the commits of the open round and of the next height, best first", async () => {
      const { client } = world;
      expect(await actions.rankCommits(client)).to.deep.equal([]);
      const blocks = [await draft(0, 1_000n, 2), await draft(1, 600n)];
      const commitments = [await commit(blocks[0]!), await commit(blocks[1]!)];
      const open = [
        {
          commitment: commitments[1],
          proposalId: blocks[1]!.proposalId,
          score: score(PROVERS, 600n),
          provers: PROVERS,
        },
        { commitment: commitments[0], proposalId: blocks[0]!.proposalId, score: score(2, 1_000n), provers: 2 },
      ];
      expect(await actions.rankCommits(client)).to.deep.equal(open);

      await passTo(world, "proposalEnds");
      for (const [i, block] of blocks.entries()) await revealBlock(world, block, commitments[i]!);
      const child = await draft(2, 9_000n, PROVERS, blocks[0]);
      const next = {
        commitment: await commit(child),
        proposalId: child.proposalId,
        score: score(PROVERS, 9_000n),
        provers: PROVERS,
      };
      expect(await actions.rankCommits(client)).to.deep.equal([...open, next]);
      await passTo(world, "acceptanceEnds");
      expect(await actions.rankCommits(client)).to.deep.equal([]);
    });
  });

  describe("the bulletin", () => {
    it("carries votes and proposals that are as good as they were", async () => {
      const { client, deployer, proposers } = world;
      const proposal: Proposal = {
        domain: client.deployment.domain,
        roundId: roundId({ height: 1, attempt: 1 }),
        parent: 0n,
        orderCommitment: `0x${"ab".repeat(32)}`,
        proverShareBps: 5_000,
        proposer: proposers[0]!.address,
      };
      const subject = proposalId(proposal);
      const terms = { proposalId: subject, depth: 0, index: 0, capacity: 7, minBurnBid: 100n };
      const votes = ["a", "b"].map((seed) => signVote(secretKeyFromSeed(seed), terms));
      await actions.publish(client, proposers[0]!, {
        topic: "Proposal",
        subject: proposal.roundId,
        data: encodeProposal(proposal),
      });
      for (const vote of votes)
        await actions.publish(client, deployer, { topic: "Vote", subject, data: encodeVote(vote) });
      const elsewhere = await actions.publish(client, deployer, { topic: "Vote", subject: 1n, data: "0x" });

      const [published, ...others] = await actions.getPublished(client, { topic: "Proposal" });
      expect(others).to.deep.equal([]);
      expect(published).to.include({ topic: "Proposal", subject: proposal.roundId, publisher: proposers[0]!.address });
      expect(proposalId(decodeProposal(published!.data))).to.equal(subject);

      const read = (await actions.getPublished(client, { topic: "Vote", subject })).map(({ data }) => decodeVote(data));
      expect(read).to.deep.equal(votes);
      expect(read.every(verifyVote)).to.equal(true);

      expect(await actions.getPublished(client, { topic: "Vote" })).to.have.length(3);
      const late = await actions.getPublished(client, { topic: "Vote", fromBlock: elsewhere.blockNumber });
      expect(late).to.deep.equal([
        { topic: "Vote", subject: 1n, publisher: deployer.address, data: "0x", blockNumber: elsewhere.blockNumber },
      ]);
      expect(await actions.getPublished(client, { topic: "Vote", fromBlock: elsewhere.blockNumber + 1 })).to.deep.equal(
        [],
      );
    });
  });
});
