import { expect } from "chai";
import { assertField, assertUint, B52Error, FIELD, OutOfRangeError, TAG, tag } from "../../src/protocol/index.ts";

describe("field", () => {
  it("accepts 0 to FIELD - 1 and names what it refuses", () => {
    expect(assertField(0n)).to.equal(0n);
    expect(assertField(FIELD - 1n)).to.equal(FIELD - 1n);
    expect(() => assertField(FIELD, "content")).to.throw(
      OutOfRangeError,
      `content is ${FIELD}, expected 0 to FIELD - 1`,
    );
    expect(() => assertField(-1n)).to.throw(OutOfRangeError, "field element is -1");
  });

  it("accepts unsigned integers of the given bits only", () => {
    expect(assertUint(255, 8, "x")).to.equal(255n);
    for (const bad of [256, -1, 0.5, Number.NaN, 2 ** 53, 256n, -1n]) {
      expect(() => assertUint(bad, 8, "x")).to.throw(OutOfRangeError, `x is ${bad}`);
    }
  });

  it("reads tags as big-endian ASCII, all different", () => {
    expect(tag("b52.key")).to.equal(0x6235322e6b6579n);
    expect(new Set(Object.values(TAG)).size).to.equal(Object.keys(TAG).length);
  });

  it("errors carry their class name and the values", () => {
    const error = new OutOfRangeError("slot", 9, "0 to 6");
    expect(error).to.be.instanceOf(B52Error);
    expect(error.name).to.equal("OutOfRangeError");
    expect(error.details).to.deep.equal({ name: "slot", value: 9, expected: "0 to 6" });
  });
});
