import { expect } from "chai";
import {
  keyOf,
  secretKeyFromSeed,
  signVote,
  SUBGROUP_ORDER,
  type Vote,
  type VoteProblem,
  voteProblem,
  type VoteSlot,
  type VoteTerms,
  verifyVote,
} from "../../src/protocol/index.ts";

const secret = secretKeyFromSeed("vote.test");
const terms: VoteTerms = { proposalId: 5n, depth: 1, index: 1, capacity: 3, minBurnBid: 100n };
const vote = signVote(secret, terms);
const slot: VoteSlot = {
  forest: { arity: 2, levels: 3 },
  proposalId: 5n,
  node: { depth: 3, index: 6 },
  key: keyOf(secret),
  assigned: 3,
  burnBid: 100n,
};

describe("vote", () => {
  it("counts for a slot at its limits", () => {
    expect(verifyVote(vote)).to.equal(true);
    expect(voteProblem(vote, slot)).to.equal(undefined);
    expect(voteProblem(vote, { ...slot, node: { depth: 1, index: 1 } })).to.equal(undefined);
  });

  const slots: [string, Partial<VoteSlot>, VoteProblem][] = [
    ["without a key", { key: 0n }, "slot unassigned"],
    ["of another proposal", { proposalId: 6n }, "another proposal"],
    ["of another prover", { key: keyOf(secretKeyFromSeed("other")) }, "another prover"],
    ["beside its node", { node: { depth: 3, index: 3 } }, "another node"],
    ["above its node", { node: { depth: 0, index: 0 } }, "another node"],
    ["whose prover holds one slot too many", { assigned: 4 }, "over capacity"],
    ["in a block that bids one too little", { burnBid: 99n }, "bid too low"],
  ];
  for (const [name, change, problem] of slots) {
    it(`does not count for a slot ${name}`, () => expect(voteProblem(vote, { ...slot, ...change })).to.equal(problem));
  }

  it("says exactly what was signed: every changed field breaks the signature", () => {
    const changes: Partial<Vote>[] = [{ depth: 0, index: 0 }, { capacity: 4 }, { minBurnBid: 99n }];
    for (const change of changes) expect(voteProblem({ ...vote, ...change }, slot)).to.equal("bad signature");
    const other = { ...vote, proposalId: 6n };
    expect(voteProblem(other, { ...slot, proposalId: 6n })).to.equal("bad signature");
    const shifted = { ...vote, signature: { ...vote.signature, s: vote.signature.s + SUBGROUP_ORDER } };
    expect(voteProblem(shifted, slot)).to.equal("bad signature");
  });

  it("a vote with impossible numbers is bad, not an error", () => {
    expect(verifyVote({ ...vote, depth: 256 })).to.equal(false);
    expect(verifyVote({ ...vote, capacity: -1 })).to.equal(false);
    expect(verifyVote({ ...vote, proposalId: -1n })).to.equal(false);
    expect(voteProblem({ ...vote, key: { x: -1n, y: 0n } }, slot)).to.equal("another prover");
  });
});
