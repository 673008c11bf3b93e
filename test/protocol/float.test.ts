import { expect } from "chai";
import { AMOUNT_MANTISSA_BITS, decodeFloat, encodeFloat, NotRepresentableError } from "../../src/protocol/float.ts";

describe("regression: encodeFloat", () => {
  // A transfer is encoded before its balance and signature are looked at. Dividing this number down would take hours.
  it("refuses an absurd amount at once", function () {
    this.timeout(20_000);
    expect(() => encodeFloat(10n ** 1_000_000n, AMOUNT_MANTISSA_BITS)).to.throw(NotRepresentableError);
  });

  it("still takes the largest amount", () => {
    const largest = (2n ** 27n - 1n) * 10n ** 31n;
    expect(decodeFloat(encodeFloat(largest, AMOUNT_MANTISSA_BITS), AMOUNT_MANTISSA_BITS)).to.equal(largest);
    expect(() => encodeFloat(largest * 10n, AMOUNT_MANTISSA_BITS)).to.throw(NotRepresentableError);
  });
});
