import { expect } from "chai";
import { canDiffer, solverMissing } from "./support/solver.ts";
import { gadget, loadCircuit } from "./support/testCircuit.ts";

const missing = solverMissing();

/** Small gadgets and what they may leave open: what a solver with Groebner bases answers about in seconds. */
const GADGETS = [
  ["bits", "BitsAtMost", [4, 10]],
  ["bits", "TightBits", [5, 0b11101]],
  ["bits", "AtLeast", [4]],
  ["bits", "OneHot", [3]],
  ["float", "FloatAmount", [8]],
  ["node", "NodePosition", [2, 1, 2]],
  ["operation", "IsInTree", [7]],
  ["blobField", "LimbsOfBits", [90]],
  ["blobField", "ContentLimbs", []],
  ["accountTree", "ReplaceInCrown", [1]],
] as const;

const isHint = (name: string): boolean => /\.inv$/.test(name);

// A proof for all inputs by a program of others, over the field itself. Larger gadgets are left to
// support/undetermined.ts, which infers the same from the constraints.
describe(`what an independent solver proves${missing === undefined ? "" : ` (skipped: ${missing})`}`, function () {
  this.timeout(600_000);
  before(function () {
    if (missing !== undefined) this.skip();
  });

  for (const [file, template, parameters] of GADGETS) {
    it(`${template}(${parameters.join(", ")}): the inputs determine everything but hints`, async () => {
      expect(canDiffer(await loadCircuit(gadget(file, template, ...parameters)), isHint)).to.equal("unsat");
    });
  }

  it("is not blind: without one of its constraints a gadget leaves a choice", async () => {
    for (const [file, template, parameters] of [GADGETS[2], GADGETS[6]]) {
      const circuit = await loadCircuit(gadget(file, template, ...parameters));
      const answers = circuit.system.constraints.map((_, left) =>
        canDiffer(
          circuit,
          isHint,
          circuit.system.constraints.filter((__, i) => i !== left),
        ),
      );
      expect(answers, template).to.include("sat");
    }
  });
});
