import { expect } from "chai";
import { roundName } from "../../src/devnet/status.ts";

describe("the status of a devnet", () => {
  it("names a round and its phase as `b52 status` does", () => {
    expect(roundName({ round: { height: 1, attempt: 0 }, phase: "Expired" })).to.equal("height 1: Waiting");
    expect(roundName({ round: { height: 1, attempt: 1 }, phase: "Expired" })).to.equal("height 1, attempt 1: Expired");
    expect(roundName({ round: { height: 1, attempt: 0 }, phase: "Frozen" })).to.equal("height 1: Frozen");
  });
});
