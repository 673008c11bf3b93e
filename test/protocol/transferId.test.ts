import { expect } from "chai";
import { concat, keccak256, toBeHex } from "ethers";
import { FIELD } from "../../src/protocol/field.ts";
import { packTransfer, signTransfer } from "../../src/protocol/transfer.ts";
import { publishedTransferId, transferId } from "../../src/protocol/transferId.ts";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";

describe("the id of a transfer", () => {
  const transfer = signTransfer(secretKeyFromSeed("id"), 7n, { from: 1, to: 2, amount: 3_000n, fee: 40n }, 5n);
  const { signature } = transfer;
  const { r8, s } = signature;

  it("is the hash of its 10 bytes, R8.y and S: whoever reads a block finds the same", () => {
    const packed = packTransfer(transfer);
    const bytes = concat([toBeHex(packed, 10), toBeHex(r8.y, 32), toBeHex(s, 32)]);
    expect(transferId(transfer)).to.equal(keccak256(bytes));
    expect(publishedTransferId({ packed, r8y: r8.y, s })).to.equal(transferId(transfer));
  });

  it("is one for both points of a y, and another for whatever else a block has", () => {
    const { sender } = transfer;
    const mirrored = { ...transfer, sender: { x: FIELD - sender.x, y: sender.y } };
    expect(transferId(mirrored)).to.equal(transferId(transfer));
    const others = [
      ...[{ from: 2 }, { to: 1 }, { amount: 3_001n }, { fee: 41n }],
      ...[{ signature: { r8, s: s + 1n } }, { signature: { r8: { x: r8.x, y: r8.y + 1n }, s } }],
    ].map((change) => transferId({ ...transfer, ...change }));
    expect(new Set([...others, transferId(transfer)]).size).to.equal(others.length + 1);
  });
});
