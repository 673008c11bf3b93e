import { expect } from "chai";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { gadget, loadCircuit } from "../support/testCircuit.ts";

const CHILDREN = [10n, 11n, 0n, 13n];

describe("IsChild", () => {
  const circuit = () => loadCircuit(gadget("path", "IsChild", 2));
  const digit = (place: number): bigint[] => [BigInt(place & 1), BigInt(place >> 1)];

  it("accepts the node at its place and refuses every other", async () => {
    const isChild = await circuit();
    for (let place = 0; place < 4; place++) {
      for (const node of [...CHILDREN, 12n]) {
        const inputs = { digit: digit(place), children: CHILDREN, node };
        if (node === CHILDREN[place]) expect(isChild.broken(await isChild.witness(inputs))).to.equal(0);
        else await expectUnprovable(isChild, inputs, "IsChild");
      }
    }
  });

  it("has one place in a list of one", async () => {
    const isChild = await loadCircuit(gadget("path", "IsChild", 0));
    expect(isChild.broken(await isChild.witness({ digit: [], children: [7n], node: 7n }))).to.equal(0);
    await expectUnprovable(isChild, { digit: [], children: [7n], node: 8n }, "IsChild");
  });
});
