import { expect } from "chai";
import { network } from "hardhat";
import { TypedDataEncoder, keccak256 } from "ethers";
import { encodeTranscript, packTerms, signCommit, typedCommit } from "../../src/protocol/index.ts";

describe("CommitRelay against commitSignature.ts", () => {
  it("hashes what the client signs", async () => {
    const { ethers } = await network.create();
    const [proposer, rollup] = await ethers.getSigners();
    const relay = await ethers.deployContract("CommitRelay");
    const { chainId } = await ethers.provider.getNetwork();
    const route = { chainId, relay: await relay.getAddress(), rollup: rollup!.address };
    const commit = {
      proposer: proposer!.address,
      terms: { roundId: (3n << 32n) | 2n, proverShareBps: 5_000, burnBid: 77n, parentRef: 4 },
      orderCommitment: keccak256("0x01"),
      transcript: [1, 2, 0, 65_535],
      roundNumber: 9n,
    };
    const { domain, types, value } = typedCommit(route, commit);
    const digest = await relay.digestOf(
      route.rollup,
      commit.proposer,
      packTerms(commit.terms),
      commit.orderCommitment,
      keccak256(encodeTranscript(commit.transcript)),
      commit.roundNumber,
    );
    expect(TypedDataEncoder.hash(domain, types, value)).to.equal(digest);
    const signature = await signCommit(proposer!, route, commit);
    expect(ethers.recoverAddress(digest, signature)).to.equal(commit.proposer);
  });
});
