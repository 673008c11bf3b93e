import { expect } from "chai";
import { keccak256, verifyTypedData, Wallet } from "ethers";
import {
  decodeOperation,
  decodePackedOperation,
  dueOperations,
  encodeOperation,
  encodePackedOperation,
  FIELD,
  MalformedError,
  NotRepresentableError,
  type Operation,
  operationChain,
  operationFields,
  operationKind,
  OutOfRangeError,
  packOperation,
  signOperation,
  typedOperation,
  unpackOperation,
} from "../../src/protocol/index.ts";

const deposit: Operation = { from: 0, to: 2, amount: 300n, l1Owner: 4n, key: (5n << 240n) | 6n };
const forcedTransfer: Operation = { from: 1, to: 2, amount: 300n, l1Owner: 4n, key: 0n };
const forcedExit: Operation = { ...forcedTransfer, to: 0 };
const encoded = (fields: string): string => `0x${fields.replaceAll(" ", "")}`;

describe("operations", () => {
  it("are what their fields say, and nothing else", () => {
    expect([deposit, forcedTransfer, forcedExit].map(operationKind)).to.deep.equal([
      "deposit",
      "forcedTransfer",
      "forcedExit",
    ]);
    const malformed: [Operation, string][] = [
      [{ ...deposit, from: 1 }, "one with from, to, key, l1Owner"],
      [{ ...deposit, to: 0 }, "one with key, l1Owner"],
      [{ ...deposit, key: 0n }, "one with to, l1Owner"],
      [{ ...deposit, l1Owner: 0n }, "one with to, key"],
      [{ ...forcedExit, key: 1n }, "one with from, key, l1Owner"],
      [{ ...forcedTransfer, l1Owner: 0n }, "one with from, to"],
      [{ from: 0, to: 0, amount: 1n, l1Owner: 0n, key: 0n }, "one with nothing"],
    ];
    for (const [operation, message] of malformed) {
      expect(() => operationKind(operation)).to.throw(MalformedError, message);
      expect(() => packOperation(operation)).to.throw(MalformedError, message);
    }
  });

  it("are 60 bytes with every field in its place", () => {
    const owner = `${"0".repeat(39)}4`;
    expect(encodeOperation(deposit)).to.equal(encoded(`0000 0002 00002580 ${owner} 0005 ${"6".padStart(60, "0")}`));
    expect(encodeOperation(forcedTransfer)).to.equal(encoded(`0001 0002 00002580 ${owner} 0000 ${"0".repeat(60)}`));
    for (const operation of [deposit, forcedTransfer, forcedExit]) {
      expect(decodeOperation(encodeOperation(operation))).to.deep.equal(operation);
      expect(unpackOperation(packOperation(operation))).to.deep.equal(operation);
    }
    expect(unpackOperation([0n, 0n])).to.equal(undefined);
  });

  it("refuse what does not fit, without touching the neighbour", () => {
    const overflows: [Partial<Operation>, string][] = [
      [{ to: 2 + 2 ** 16 }, "to"],
      [{ l1Owner: 2n ** 160n }, "l1Owner"],
      [{ key: FIELD }, "key"],
    ];
    for (const [change, field] of overflows)
      expect(() => packOperation({ ...deposit, ...change })).to.throw(OutOfRangeError, field);
    expect(() => packOperation({ ...forcedExit, from: 2 ** 16 })).to.throw(OutOfRangeError, "from");
    expect(() => packOperation({ ...deposit, amount: 2n ** 27n * 10n ** 31n })).to.throw(NotRepresentableError);
    expect(() => unpackOperation([2n ** 240n, 0n])).to.throw(OutOfRangeError, "operation word 0");
    expect(() => unpackOperation([1n << 208n, 2n ** 240n])).to.throw(OutOfRangeError, "operation word 1");
    const [high, low] = packOperation(deposit);
    expect(() => unpackOperation([high | 0xffffn, low])).to.throw(OutOfRangeError, "key");
    expect(() => unpackOperation([0n, 1n])).to.throw(MalformedError, "one with key");
    expect(() => decodeOperation(`0x${"00".repeat(60)}`)).to.throw(MalformedError, "operation is none");
    expect(() => decodeOperation("0x00")).to.throw(MalformedError, "encoded operation is 1 bytes, expected 60 bytes");
  });

  it("keep the encoding of an amount that has several", () => {
    // 30 * 10^1 in place of 300
    const [high, low] = packOperation(deposit);
    const other = [high - (0x2580n << 176n) + (((30n << 5n) | 1n) << 176n), low] as const;
    expect(unpackOperation(other)).to.deep.equal(deposit);
    expect(operationFields(other)).to.deep.equal({
      from: 0,
      to: 2,
      encodedAmount: (30n << 5n) | 1n,
      l1Owner: 4n,
      key: deposit.key,
    });
    expect(decodePackedOperation(encodePackedOperation(other))).to.deep.equal(other);
  });

  it("are chained by 216 bits of a hash over the chain and their bytes", () => {
    const bytes = encodeOperation(deposit).slice(2);
    const first = BigInt(keccak256(`0x${"00".repeat(27)}${bytes}`)) & (2n ** 216n - 1n);
    expect(operationChain(0n, `0x${bytes}`)).to.equal(first);
    expect(operationChain(first, encodeOperation(forcedExit))).to.not.equal(
      operationChain(0n, encodeOperation(forcedExit)),
    );
    expect(() => operationChain(2n ** 216n, `0x${bytes}`)).to.throw(OutOfRangeError, "previous chain");
    expect(() => operationChain(0n, `0x${bytes}00`)).to.throw(MalformedError);
  });
});

describe("due operations", () => {
  const postedAt = [10n, 10n, 20n, 30n, 30n];

  it("were posted before the cut, not at it", () => {
    expect([9n, 10n, 11n, 20n, 21n, 30n, 31n].map((cut) => dueOperations(postedAt, 0, cut, 9))).to.deep.equal([
      0, 0, 2, 2, 3, 3, 5,
    ]);
  });

  it("begin after the settled ones and are no more than fit", () => {
    expect([0, 1, 2, 3, 4, 5].map((settled) => dueOperations(postedAt, settled, 21n, 9))).to.deep.equal([
      3, 2, 1, 0, 0, 0,
    ]);
    expect([0, 1, 2, 3].map((settled) => dueOperations(postedAt, settled, 31n, 2))).to.deep.equal([2, 2, 2, 2]);
    expect(dueOperations(postedAt, 4, 31n, 2)).to.equal(1);
    expect(dueOperations(postedAt, 0, 31n, 0)).to.equal(0);
  });
});

describe("signed operations", () => {
  const route = { chainId: 1n, bridge: "0x00000000000000000000000000000000000000b5" };

  it("are their owner's, for one bridge and nonce", async () => {
    const wallet = new Wallet(`0x${"52".repeat(32)}`);
    const operation = { l1Owner: BigInt(wallet.address), from: 3, to: 0, amount: 300n, nonce: 7n };
    const signature = await signOperation(wallet, route, operation);
    const signer = (change: Partial<typeof operation>, to = route): string => {
      const { domain, types, value } = typedOperation(to, { ...operation, ...change });
      return verifyTypedData(domain, types, value, signature);
    };
    expect(signer({})).to.equal(wallet.address);
    for (const change of [{ from: 4 }, { to: 1 }, { amount: 301n }, { nonce: 8n }, { l1Owner: 1n }]) {
      expect(signer(change)).to.not.equal(wallet.address);
    }
    expect(signer({}, { ...route, chainId: 2n })).to.not.equal(wallet.address);
    expect(signer({}, { ...route, bridge: wallet.address })).to.not.equal(wallet.address);
    expect(typedOperation(route, operation).value.amount).to.equal(300n << 5n);
  });
});
