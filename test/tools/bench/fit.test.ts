import { expect } from "chai";
import { fitLine } from "../../../tools/bench/fit.ts";
import { expectNear } from "../../support/expectNear.ts";

describe("fitLine", () => {
  it("finds the line that measurements lie on", () => {
    const { slope, intercept, largestDeviation, largestDeviationRatio } = fitLine(
      [10, 40, 250].map((x) => [x, 7 + 3 * x]),
    );
    expectNear(slope, 3, 1e-9);
    expectNear(intercept, 7, 1e-9);
    expectNear(largestDeviation, 0, 1e-9);
    expectNear(largestDeviationRatio, 0, 1e-9);
  });

  it("tells how far a bend is from it", () => {
    // y = x^2 over 0, 1, 2: the best line is 2 x - 1/3.
    const { slope, intercept, largestDeviation, largestDeviationRatio } = fitLine([
      [0, 1],
      [1, 2],
      [2, 5],
    ]);
    expectNear(slope, 2, 1e-9);
    expectNear(intercept, 2 / 3, 1e-9);
    expectNear(largestDeviation, 2 / 3, 1e-9);
    expectNear(largestDeviationRatio, 1 / 3, 1e-9);
  });

  it("wants more than two sizes: through two points goes every line", () => {
    expect(() => fitLine([])).to.throw(RangeError);
    expect(() =>
      fitLine([
        [1, 1],
        [2, 3],
        [2, 4],
      ]),
    ).to.throw(RangeError);
  });
});
