import { expect } from "chai";
import { secretKeyFromSeed } from "../../src/protocol/eddsa.ts";
import { signTransfer } from "../../src/protocol/transfer.ts";
import { Hearing } from "../../src/roles/hearing.ts";

describe("what a role has heard", () => {
  it("holds no more transfers than a pool, however long nobody looks at them", () => {
    const hearing = new Hearing();
    const message = signTransfer(secretKeyFromSeed("user"), 1n, { from: 1, to: 2, amount: 1n, fee: 1n }, 0n);
    for (let i = 0; i < 20_000; i++) hearing.hear({ topic: "transactions", message });
    expect(hearing.transfers.length).to.equal(16_384);
  });
});
