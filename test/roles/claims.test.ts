import { expect } from "chai";
import { ZeroHash } from "ethers";
import { packFlags } from "../../src/protocol/flags.ts";
import { roundId } from "../../src/protocol/round.ts";
import { packTerms } from "../../src/protocol/terms.ts";
import { encodeTranscript } from "../../src/protocol/transcript.ts";
import { L1History } from "../../src/roles/index.ts";
import { claimsOf } from "../../src/roles/prover/standing.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { SLOTS } from "./views.ts";

const ID = 7n;

/** A paid block in which prover 1 has fulfilled slots 0 and 2, and prover 2 slot 1. */
function paidBlock(isByHead: boolean) {
  const history = new L1History(PROFILES.dev, isByHead);
  const tell = (name: string, args: object): void => history.apply({ name, args: { ...args } });
  const round = roundId({ height: 1, attempt: 1 });
  const terms = packTerms({ roundId: round, proverShareBps: 0, burnBid: 1n, parentRef: 0 });
  const transcript = encodeTranscript([1, 2, 1, 2, 2, 1, 1]);
  const flags = packFlags(SLOTS, { voted: (slot) => slot < 4, delivered: (slot) => slot < 3 });
  tell("SeatTaken", { proposer: "me", seat: 1n });
  tell("Committed", { proposer: "me", terms, orderCommitment: ZeroHash, transcript, committedAt: 1n });
  tell("Revealed", { proposalId: ID, proposer: "me", roundId: round, txsRoot: 0n, blobHashes: [] });
  tell("CandidateProven", { proposalId: ID, score: 1n, silent: 0n, flags });
  tell("CandidatePaid", { proposalId: ID });
  return {
    slots: (index: number) =>
      claimsOf({ paid: [...history.payments.paid.values()] }, index).flatMap(({ slots }) => slots),
    claim: (proverIndex: number, slots: readonly number[]) =>
      tell("ProverClaimed", { proverIndex: BigInt(proverIndex), proposalId: ID, slots: slots.map(BigInt), amount: 1n }),
    isKnown: () => history.payments.paid.has(ID),
  };
}

describe("what a prover may claim", () => {
  it("is each slot that it fulfilled, once, where slots are paid", () => {
    const block = paidBlock(false);
    expect(block.slots(1)).to.deep.equal([0, 2]);
    block.claim(1, [0]);
    expect(block.slots(1)).to.deep.equal([2]);
    block.claim(1, [2]);
    expect(block.slots(1)).to.deep.equal([]);
    expect(block.isKnown(), "prover 2 has not claimed").to.equal(true);
    block.claim(2, [1]);
    expect(block.isKnown()).to.equal(false);
  });

  it("is one slot of a block, whichever it is, where provers are paid by head", () => {
    const block = paidBlock(true);
    expect(block.slots(1)).to.deep.equal([0]);
    block.claim(1, [2]);
    expect(block.slots(1)).to.deep.equal([]);
    expect(block.slots(2)).to.deep.equal([1]);
    expect(block.isKnown(), "prover 2 has not claimed").to.equal(true);
    block.claim(2, [1]);
    expect(block.isKnown()).to.equal(false);
  });
});
