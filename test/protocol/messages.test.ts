import { expect } from "chai";
import { dataLength, getAddress } from "ethers";
import {
  decodeProposal,
  decodeTransfer,
  decodeVote,
  encodeProposal,
  encodeTransfer,
  encodeVote,
  MalformedError,
  OutOfRangeError,
  type Proposal,
  proposalId,
  secretKeyFromSeed,
  type SignedTransfer,
  signTransfer,
  signVote,
  SUBGROUP_ORDER,
  verifyTransfer,
  verifyVote,
} from "../../src/protocol/index.ts";
import { Random } from "../../src/sim/random.ts";

/** `hex` with bit `at` of it flipped. */
function flipped(hex: string, at: number): string {
  const bits = BigInt(hex) ^ (1n << BigInt(at));
  return `0x${bits.toString(16).padStart(hex.length - 2, "0")}`;
}

describe("messages", () => {
  const greatest = {
    proposalId: 2n ** 248n - 1n,
    depth: 255,
    index: 2 ** 32 - 1,
    capacity: 65_535,
    minBurnBid: 2n ** 64n - 1n,
  };
  const least = { proposalId: 0n, depth: 0, index: 0, capacity: 0, minBurnBid: 0n };
  const secret = secretKeyFromSeed("messages.test");

  describe("votes", () => {
    it("come back as they were, and verify", () => {
      for (const terms of [greatest, least, { ...least, depth: 3, index: 5, capacity: 7, minBurnBid: 11n }]) {
        const vote = signVote(secret, terms);
        const encoded = encodeVote(vote);
        expect(dataLength(encoded)).to.equal(206);
        expect(decodeVote(encoded)).to.deep.equal(vote);
        expect(verifyVote(decodeVote(encoded))).to.equal(true);
      }
    });

    it("say nothing that is not signed: any flipped bit breaks them", () => {
      const encoded = encodeVote(signVote(secret, { ...least, depth: 1 }));
      const random = new Random("flipped votes");
      // One bit at least in every field, from S at the low end to the proposalId.
      const fields = [32, 32, 32, 32, 32, 8, 2, 4, 1, 31];
      let low = 0;
      for (const bytes of fields) {
        const vote = decodeVote(flipped(encoded, 8 * low + Number(random.below(BigInt(8 * bytes)))));
        expect(verifyVote(vote), `byte ${low} from the end`).to.equal(false);
        low += bytes;
      }
    });

    it("with a second encoding of the same signature do not verify", () => {
      const vote = signVote(secret, least);
      const shifted = { ...vote, signature: { ...vote.signature, s: vote.signature.s + SUBGROUP_ORDER } };
      expect(verifyVote(decodeVote(encodeVote(shifted)))).to.equal(false);
    });
  });

  describe("proposals", () => {
    const proposal: Proposal = {
      domain: 2n ** 248n - 1n,
      roundId: (7n << 32n) | 2n,
      parent: 2n ** 247n + 5n,
      orderCommitment: `0x00${"ab".repeat(31)}`,
      proverShareBps: 10_000,
      proposer: getAddress(`0x00${"cd".repeat(19)}`),
    };

    it("come back as they were, with the same id", () => {
      const encoded = encodeProposal(proposal);
      expect(dataLength(encoded)).to.equal(124);
      expect(decodeProposal(encoded)).to.deep.equal(proposal);
      expect(proposalId(decodeProposal(encoded))).to.equal(proposalId(proposal));
    });

    it("differ in their bytes whenever their ids do", () => {
      const changes: Partial<Proposal>[] = [
        { domain: 1n },
        { roundId: 1n },
        { parent: 0n },
        { orderCommitment: `0x${"00".repeat(32)}` },
        { proverShareBps: 0 },
        { proposer: getAddress(`0x${"cd".repeat(20)}`) },
      ];
      const encodings = [proposal, ...changes.map((change) => ({ ...proposal, ...change }))].map(encodeProposal);
      expect(new Set(encodings).size).to.equal(changes.length + 1);
    });
  });

  describe("transfers", () => {
    const domain = 2n ** 248n - 1n;
    const terms = { from: 65_535, to: 1, amount: 123_456_789n * 10n ** 20n, fee: 7n * 10n ** 15n };
    const signed = (nonce = 2n ** 64n - 1n): SignedTransfer => signTransfer(secret, domain, terms, nonce);

    it("come back as they were, and verify", () => {
      for (const transfer of [
        signed(),
        signed(0n),
        signTransfer(secret, domain, { from: 1, to: 2, amount: 0n, fee: 0n }, 3n),
      ]) {
        const encoded = encodeTransfer(transfer);
        expect(dataLength(encoded)).to.equal(178);
        expect(decodeTransfer(encoded)).to.deep.equal(transfer);
        expect(verifyTransfer(domain, decodeTransfer(encoded))).to.equal(true);
      }
    });

    it("say nothing that is not signed: any flipped bit breaks them", () => {
      const encoded = encodeTransfer(signed());
      const random = new Random("flipped transfers");
      let low = 0;
      // From S at the low end; fee, amount, to and from by themselves.
      for (const bytes of [32, 32, 32, 32, 32, 8, 2, 4, 2, 2]) {
        const message = flipped(encoded, 8 * low + Number(random.below(BigInt(8 * bytes))));
        low += bytes;
        let transfer: SignedTransfer;
        try {
          transfer = decodeTransfer(message);
        } catch (error) {
          expect(error).to.be.instanceOf(MalformedError);
          continue;
        }
        expect(verifyTransfer(domain, transfer), `byte ${low} from the end`).to.equal(false);
      }
      expect(low).to.equal(178);
    });

    it("have one encoding: an amount in another form, or no operation, is none", () => {
      const encoded = encodeTransfer(signTransfer(secret, domain, { from: 1, to: 2, amount: 10n, fee: 0n }, 0n));
      const other = encoded.replace("00010002000001400000", "00010002000000210000");
      expect(other).to.not.equal(encoded);
      expect(() => decodeTransfer(other)).to.throw(MalformedError, "which says the same");
      expect(() => decodeTransfer(`0x${"00".repeat(178)}`)).to.throw(MalformedError, "no operation");
    });
  });

  it("of another length or form are malformed", () => {
    const vote = encodeVote(signVote(secret, least));
    const proposal = `0x${"00".repeat(124)}`;
    for (const encoded of [
      "",
      "0x",
      vote.slice(0, -2),
      `${vote}00`,
      vote.slice(0, -1),
      vote.slice(2),
      `${vote.slice(0, -2)}zz`,
    ]) {
      expect(() => decodeVote(encoded), encoded).to.throw(MalformedError);
    }
    for (const encoded of ["0x", proposal.slice(0, -2), `${proposal}00`])
      expect(() => decodeProposal(encoded)).to.throw(MalformedError);
    const transfer = encodeTransfer(signTransfer(secret, 1n, { from: 1, to: 2, amount: 1n, fee: 0n }, 0n));
    for (const encoded of ["0x", transfer.slice(0, -2), `${transfer}00`])
      expect(() => decodeTransfer(encoded)).to.throw(MalformedError);
  });

  it("have no room for numbers that overflow into their neighbours", () => {
    const vote = signVote(secret, least);
    const overflows = [
      { depth: 256 },
      { index: 2 ** 32 },
      { capacity: 65_536 },
      { minBurnBid: 2n ** 64n },
      { proposalId: 2n ** 248n },
    ];
    for (const overflow of [...overflows, { capacity: -1 }, { depth: 1.5 }]) {
      expect(() => encodeVote({ ...vote, ...overflow }), JSON.stringify(Object.keys(overflow))).to.throw(
        OutOfRangeError,
      );
    }
    expect(() => encodeTransfer(signTransfer(secret, 1n, { from: 1, to: 2, amount: 1n, fee: 0n }, 2n ** 64n))).to.throw(
      OutOfRangeError,
    );
  });
});
