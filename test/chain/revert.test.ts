import { expect } from "chai";
import { AbiCoder, concat, id, Interface } from "ethers";
import { decodeRevert } from "../../src/chain/revert.ts";

const BID = new Interface(["error BidTooLow(uint256 burnBid, uint256 minBid)"]).encodeErrorResult("BidTooLow", [1, 5]);

describe("decodeRevert", () => {
  it("finds the data wherever a client puts it", () => {
    const error = (properties: object): Error => Object.assign(new Error("call failed"), properties);
    for (const failure of [
      error({ data: BID }),
      error({ data: { data: BID } }),
      error({ info: { error: { data: BID } } }),
      error({ error: error({ data: BID }) }),
      Object.assign(new Error("wrapped", { cause: error({ data: { message: "reverted", data: BID } }) })),
    ]) {
      expect(decodeRevert("commit", failure)).to.include({ call: "commit", error: "BidTooLow" });
    }
  });

  it("leaves alone what no contract has refused", () => {
    for (const failure of [
      new Error("connect ECONNREFUSED"),
      undefined,
      null,
      "0x",
      7,
      Object.assign(new Error(), { data: "none" }),
    ]) {
      expect(decodeRevert("commit", failure)).to.equal(undefined);
    }
  });

  it("tells what Solidity itself throws", () => {
    const standard = (signature: string, type: string, value: unknown): object => ({
      data: concat([id(signature).slice(0, 10), AbiCoder.defaultAbiCoder().encode([type], [value])]),
    });
    expect(decodeRevert("x", standard("Error(string)", "string", "too late"))!.message).to.equal(
      "x was refused: too late",
    );
    expect(decodeRevert("x", standard("Panic(uint256)", "uint256", 17))!.message).to.match(
      /^x was refused: panic \(.*17\)$/,
    );
    expect(decodeRevert("x", { data: "0x" })!.message).to.equal("x was refused: no reason given");
    expect(decodeRevert("x", { data: "0x12345678" })!.message).to.equal("x was refused: unknown error 0x12345678");
  });

  it("survives data that do not fit their error", () => {
    expect(decodeRevert("x", { data: BID.slice(0, 20) })!.error).to.equal(BID.slice(0, 10));
  });
});
