import { expect } from "chai";
import { mutateHints } from "./hints.ts";
import { NamedConstraints } from "./namedConstraints.ts";
import { gadget, loadCircuit } from "./testCircuit.ts";

describe("mutateHints", () => {
  const circuit = () => loadCircuit(gadget("operation", "IsInTree", 7));
  const index = Array.from({ length: 16 }, (_, i) => (i >= 14 ? 1n : 0n));

  it("names a hint that nothing holds: the inverse of 0", async () => {
    const isInTree = await circuit();
    const inside = await isInTree.witness({ index: index.map(() => 0n) });
    expect(mutateHints(isInTree, inside).free.join()).to.match(/IsZero_\d+_\d+\.inv$/);
    const beyond = await isInTree.witness({ index });
    expect(mutateHints(isInTree, beyond)).to.deep.equal({ tried: 2, free: [] });
  });

  it("names one whose constraint is taken away", async () => {
    const isInTree = await circuit();
    const { system, wires } = isInTree;
    const beyond = await isInTree.witness({ index });
    const free = system.constraints.map((_, left) => {
      const constraints = system.constraints.filter((__, i) => i !== left);
      return mutateHints(new NamedConstraints({ ...system, constraints }, wires), beyond).free.length;
    });
    expect(free).to.include(1);
  });
});
