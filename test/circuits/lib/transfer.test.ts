import { expect } from "chai";
import { gadget, loadCircuit } from "../support/testCircuit.ts";
import { undeterminedSignals } from "../support/undetermined.ts";

// What a transfer does and refuses is tested where the accounts are: test/circuits/BaseRollup.test.ts.
describe("Transfer", () => {
  it("leaves the prover no choice: transfer and accounts determine everything but hints, signature and hashes aside", async () => {
    const circuit = await loadCircuit(gadget("transfer", "Transfer", 2, 1));
    const others = /^main\.(Poseidon_|KeyHash_|EdDSAVerify_|message$|sent\.|arrived\.|nextCrown)/;
    const choices = undeterminedSignals(circuit).filter((signal) => !others.test(signal));
    const hints = ["fromInverse", "nobody.inv", "noop.inv", "ownerInverse", "receiverInverse"];
    expect(choices.sort()).to.deep.equal(hints.map((hint) => `main.${hint}`));
  });
});
