import { expect } from "chai";
import { choicesAsWritten } from "../support/asWritten.ts";
import { gadget } from "../support/testCircuit.ts";

// What a transfer does and refuses is tested where the accounts are: test/circuits/BaseRollup.test.ts.
describe("Transfer", () => {
  it("leaves the prover no choice: transfer and accounts determine everything but hints", async () => {
    const hints = ["fromInverse", "nobody.inv", "noop.inv", "ownerInverse", "receiverInverse"];
    expect(await choicesAsWritten(gadget("transfer", "Transfer", 2, 1))).to.deep.equal(hints);
  });
});
