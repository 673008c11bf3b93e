import { expect } from "chai";
import { MalformedError } from "../../src/protocol/errors.ts";
import { formatAmount, parseAmount, parseFee } from "../../src/wallet/amount.ts";
import { UnrepresentableAmountError } from "../../src/wallet/errors.ts";

const B52 = { symbol: "B52", decimals: 18 };
const CENTS = { symbol: "EUR", decimals: 2 };

describe("amounts", () => {
  it("are whole tokens with decimals", () => {
    expect(parseAmount("1.5", B52)).to.equal(1_500_000_000_000_000_000n);
    expect(parseAmount("0", B52)).to.equal(0n);
    expect(parseAmount("0.000000000000000001", B52)).to.equal(1n);
    expect(parseAmount("12.34", CENTS)).to.equal(1_234n);
    expect(parseFee("0.002", B52)).to.equal(2_000_000_000_000_000n);
    expect(formatAmount(1_500_000_000_000_000_000n, B52)).to.equal("1.5 B52");
    expect(formatAmount(1_200n, CENTS)).to.equal("12 EUR");
  });

  it("that are none are refused", () => {
    for (const text of ["", "-1", "1e3", "1.", ".5", "0x10", " 1", "1,5", "one"]) {
      expect(() => parseAmount(text, B52), text).to.throw(
        MalformedError,
        `amount is "${text}", expected a number of whole tokens`,
      );
    }
    expect(() => parseAmount("1.234", CENTS)).to.throw(MalformedError, "at most 2 decimal places");
  });

  it("with too many digits are refused, with those that can be sent", () => {
    expect(() => parseAmount("1.23456789012", B52)).to.throw(
      UnrepresentableAmountError,
      "amount 1.23456789012 has more digits than the L2 keeps, expected 1.23456789 or 1.2345679, the nearest",
    );
    expect(() => parseFee("2.049", B52)).to.throw(UnrepresentableAmountError, "expected 2.047 or 2.05, the nearest");
    const beyond = `${"9".repeat(30)}`;
    expect(() => parseAmount(beyond, B52)).to.throw(
      UnrepresentableAmountError,
      `amount ${beyond} is more than an account can hold, expected at most 79228162000`,
    );
    expect(() => parseAmount(`1${"0".repeat(41)}`, B52)).to.throw(
      UnrepresentableAmountError,
      "than an account can hold",
    );
    expect(parseAmount("79228162000", B52)).to.equal(79_228_162_000n * 10n ** 18n);
  });

  it("that are named as the nearest can be sent", () => {
    try {
      parseAmount("98765.4321012345", B52);
      expect.fail("it was taken");
    } catch (error) {
      const { below, above } = (error as UnrepresentableAmountError).details as { below: string; above: string };
      expect([below, above]).to.deep.equal(["98765.432", "98765.433"]);
      expect(parseAmount(below, B52) < parseAmount(above, B52)).to.equal(true);
    }
  });
});
