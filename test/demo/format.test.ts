import { expect } from "chai";
import { duration, percent } from "../../src/demo/format.ts";

describe("the demo's numbers", () => {
  it("are percent to the nearest tenth", () => {
    expect(percent(6n, 7n)).to.equal("85.7 %");
    expect(percent(2n, 3n)).to.equal("66.7 %");
    expect(percent(1n, 2_000n)).to.equal("0.1 %");
    expect(percent(5n * 10n ** 18n, 5n * 10n ** 18n)).to.equal("100 %");
    expect(percent(0n, 3n)).to.equal("0 %");
  });

  it("are whole days, or minutes that are long enough", () => {
    expect([86_400n, 7n * 86_400n, 1_021n, 60n].map(duration)).to.deep.equal([
      "1 day",
      "7 days",
      "18 minutes",
      "1 minute",
    ]);
  });
});
