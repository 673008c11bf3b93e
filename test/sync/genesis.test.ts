import { expect } from "chai";
import { MalformedError, OutOfRangeError } from "../../src/protocol/errors.ts";
import { FIELD } from "../../src/protocol/field.ts";
import type { Account } from "../../src/state/account.ts";
import { decodeGenesis, encodeGenesis } from "../../src/sync/genesis.ts";

const account = (change: Partial<Account> = {}): Account => ({
  key: 1n,
  balance: 2n,
  nonce: 0n,
  l1Owner: 3n,
  ...change,
});

describe("genesis on L1", () => {
  it("comes back as it was", () => {
    const accounts = [
      account(),
      account({ key: FIELD - 1n, balance: 2n ** 96n - 1n, l1Owner: 2n ** 160n - 1n }),
      account({ key: 7n, balance: 0n, l1Owner: 0n }),
    ];
    const encoded = encodeGenesis(accounts);
    expect(encoded.length).to.equal(2 + 2 * 64 * 3);
    expect(decodeGenesis(encoded)).to.deep.equal(accounts);
    expect(decodeGenesis("0x")).to.deep.equal([]);
  });

  it("has no room for what does not fit", () => {
    for (const change of [{ key: FIELD }, { balance: 2n ** 96n }, { l1Owner: 2n ** 160n }, { balance: -1n }]) {
      expect(() => encodeGenesis([account(change)])).to.throw(OutOfRangeError);
    }
  });

  it("of another form is none", () => {
    for (const encoded of ["", "0x0", `0x${"00".repeat(63)}`, `0x${"00".repeat(65)}`, `0x${"00".repeat(64 * 2_001)}`]) {
      expect(() => decodeGenesis(encoded), `${encoded.length} characters`).to.throw(
        MalformedError,
        "encoded genesis is ",
      );
    }
  });
});
