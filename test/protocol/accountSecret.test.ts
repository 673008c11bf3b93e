import { expect } from "chai";
import {
  accountKeyOf,
  accountSecret,
  assertSecretKey,
  MalformedError,
  secretKeyFromSeed,
} from "../../src/protocol/index.ts";

const KEY = `0x${"a1".repeat(32)}`;

describe("accountSecret", () => {
  it("is the same for the same L1 key, for ever, and another for any other", () => {
    // Changing this would lock every wallet out of its account.
    expect(accountKeyOf(accountSecret(KEY))).to.equal(
      6842516846126555626258397595327812489885654837606683545740663446819130338091n,
    );
    expect(assertSecretKey(accountSecret(KEY))).to.equal(accountSecret(KEY.toUpperCase().replace("0X", "0x")));
    expect(accountSecret(`0x${"a1".repeat(31)}a2`)).to.not.equal(accountSecret(KEY));
  });

  it("is of no other use of the same bytes", () => {
    expect(accountSecret(KEY)).to.not.equal(secretKeyFromSeed(Buffer.from(KEY.slice(2), "hex")));
  });

  it("does not repeat what it refuses", () => {
    for (const wrong of ["0x", "a1".repeat(32), `${KEY}00`]) {
      expect(() => accountSecret(wrong)).to.throw(
        MalformedError,
        "the L1 private key is of another form (not shown), expected 32 bytes as hexadecimal",
      );
    }
  });

  it("is of no number that is no key", () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const hex = (value: bigint): string => `0x${value.toString(16).padStart(64, "0")}`;
    for (const wrong of [0n, order, 2n ** 256n - 1n]) {
      expect(() => accountSecret(hex(wrong))).to.throw(
        MalformedError,
        "the L1 private key is no key (not shown), expected a number from 1 to the order of secp256k1 - 1",
      );
    }
    for (const right of [1n, order - 1n])
      expect(assertSecretKey(accountSecret(hex(right)))).to.equal(accountSecret(hex(right)));
  });
});
