import { expect } from "chai";
import { duration, percent, scoreText, tokens } from "../../src/demo/format.ts";

describe("the demo's numbers", () => {
  it("are tokens to the nearest millionth", () => {
    expect(tokens(39_900_000_000_000_000_004n)).to.equal("39.9 B52");
    expect(tokens(1_999_999_500_000_000_000n)).to.equal("2 B52");
    expect(tokens(1_234_567_499_999_999_999n)).to.equal("1.234567 B52");
    expect(tokens(0n)).to.equal("0 B52");
  });

  it("are scores with what of them is for the size of the block", () => {
    expect(scoreText(2_812_500_000_000n, 9n)).to.equal("score 2,812,500,000,000 (x 9 for its size)");
    expect(scoreText(343_000_000n, 1n)).to.equal("score 343,000,000");
  });

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
