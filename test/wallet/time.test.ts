import { expect } from "chai";
import { formatDuration, formatMoment } from "../../src/wallet/time.ts";

describe("times", () => {
  it("are dates in UTC", () => {
    expect(formatMoment(0n)).to.equal("1970-01-01 00:00:00 UTC");
    expect(formatMoment(1_796_021_420n)).to.equal("2026-11-30 06:50:20 UTC");
  });

  it("are spans in their two largest units", () => {
    for (const [seconds, text] of [
      [0n, "0 seconds"],
      [1n, "1 second"],
      [61n, "1 minute 1 second"],
      [7_200n, "2 hours"],
      [604_799n, "6 days 23 hours"],
      [86_405n, "1 day"],
    ] as const)
      expect(formatDuration(seconds)).to.equal(text);
  });
});
