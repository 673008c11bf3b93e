import { expect } from "chai";
import { Wallet } from "ethers";
import { receiptHash, signReceipt, verifyReceipt } from "../../src/protocol/receipt.ts";

describe("receipts", () => {
  const owner = new Wallet(`0x${"41".repeat(32)}`);
  const court = { chainId: 31_337n, court: "0x00000000000000000000000000000000000C0127" };
  const receipt = { proposalId: 2n ** 248n - 1n, slot: 84 };

  it("verify for what was signed and nothing else", async () => {
    const signature = await signReceipt(owner, court, receipt);
    expect(verifyReceipt(court, receipt, owner.address, signature)).to.equal(true);
    expect(verifyReceipt(court, { ...receipt, slot: 85 }, owner.address, signature)).to.equal(false);
    expect(verifyReceipt(court, { ...receipt, proposalId: 1n }, owner.address, signature)).to.equal(false);
    expect(verifyReceipt({ ...court, chainId: 1n }, receipt, owner.address, signature)).to.equal(false);
    expect(verifyReceipt({ ...court, court: owner.address }, receipt, owner.address, signature)).to.equal(false);
    expect(verifyReceipt(court, receipt, court.court, signature)).to.equal(false);
    for (const malformed of ["0x", "", signature.slice(0, -2)]) {
      expect(verifyReceipt(court, receipt, owner.address, malformed), malformed).to.equal(false);
    }
  });

  it("hash differently by court, chain, proposal and slot", () => {
    const hashes = [
      receiptHash(court, receipt),
      receiptHash(court, { ...receipt, slot: 0 }),
      receiptHash(court, { ...receipt, proposalId: 0n }),
      receiptHash({ ...court, chainId: 1n }, receipt),
      receiptHash({ ...court, court: owner.address }, receipt),
    ];
    expect(new Set(hashes)).to.have.length(hashes.length);
  });
});
