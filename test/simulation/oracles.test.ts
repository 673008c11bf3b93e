import { expect } from "chai";
import { ORACLES, verify } from "../../src/simulation/oracles.ts";

describe("closed forms", function () {
  this.timeout(60_000);

  for (const oracle of ORACLES)
    it(`hold in the simulation: ${oracle.name}`, () => {
      const [verdict] = verify([oracle]);
      expect(verdict!.error, `simulated ${verdict!.simulated}, expected ${oracle.expected}`).to.be.at.most(
        oracle.tolerance,
      );
    });

  it("are missed by what is wrong", () => {
    const [verdict] = verify([{ name: "wrong", expected: 1, simulate: () => 1.02, tolerance: 0.01 }]);
    expect(verdict!.holds).to.equal(false);
  });
});
