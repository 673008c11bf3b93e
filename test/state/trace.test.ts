import { expect } from "chai";
import {
  type BlockData,
  FIELD,
  MalformedError,
  OutOfRangeError,
  packTransfer,
  pointsAt,
  publicKey,
  sign,
  SUBGROUP_ORDER,
  type SignedTransfer,
  transferElements,
  transferMessage,
  verify,
} from "../../src/protocol/index.ts";
import {
  BadSignatureError,
  executeBlock,
  InadmissibleTransferError,
  InsufficientBalanceError,
  traceBlock,
} from "../../src/state/index.ts";
import { DOMAIN, ETHER, everyKind, genesisState, PROFILE, RULES, transfer, userSecret } from "./fixtures.ts";

describe("traceBlock", () => {
  const { operations, transfers } = everyKind();

  it("gives the executed block, with all that its witnesses need, from what is public alone", () => {
    for (const [ops, list] of [
      [operations, transfers],
      [[], transfers],
      [operations, []],
      [[], []],
    ] as const) {
      const executed = executeBlock(genesisState(), ops, list.slice(0, ops.length === 0 ? 3 : 4), RULES);
      const traced = traceBlock(genesisState(), executed.data, RULES);
      const { state, ...rest } = traced;
      const { state: expected, ...others } = executed;
      expect(state.root).to.equal(expected.root);
      expect(rest).to.deep.equal(others);
    }
  });

  it("does not mind where places are left unused: a foreign proposer may", () => {
    const [first, second] = [transfer(1, 2, 0), transfer(3, 4, 0)].map(elementsOf);
    const gap = { packed: 0n, r8y: 0n, s: 0n };
    const elements = [...transferElements(PROFILE, [gap, first!]), ...transferElements(PROFILE, [second!])];
    const traced = traceBlock(genesisState(), { operations: "0x", elements }, RULES);
    expect(traced.txCount).to.equal(2n);
    expect(traced.state.root).to.equal(
      executeBlock(genesisState(), [], [transfer(1, 2, 0), transfer(3, 4, 0)], RULES).state.root,
    );
    expect(traced.data.elements).to.deep.equal(elements.slice(0, traced.data.elements.length));
  });

  it("finds the points of a signature among the four pairs with its y coordinates, whichever they are", () => {
    const found = new Set<string>();
    for (let i = 0; i < 12; i++) {
      // A secret and its negative have the same y.
      const secret = i % 2 === 0 ? userSecret(1) : SUBGROUP_ORDER - userSecret(1);
      const packed = packTransfer({ from: 1, to: 2, amount: BigInt(i + 1), fee: 0n });
      const signature = sign(secret, transferMessage(DOMAIN, packed, 0n));
      const elements = transferElements(PROFILE, [{ packed, r8y: signature.r8.y, s: signature.s }]);
      const traced = traceBlock(genesisState(), { operations: "0x", elements }, RULES);
      const [base] = traced.bases;
      const { signed } = base!.kind === "transfers" ? base!.transfers[0]! : expect.fail("transfers first");
      expect(signed!.sender).to.deep.equal(publicKey(secret));
      expect(signed!.signature).to.deep.equal(signature);
      found.add([signed!.sender, signature.r8].map(({ x, y }) => pointsAt(y).findIndex((one) => one.x === x)).join());
    }
    expect(found.size, "all four are tried").to.equal(4);
  });

  it("keeps an amount as it is encoded, also if this program would encode it otherwise", () => {
    // 30 * 10^1 wei, for 300.
    const encoded = (30n << 5n) | 1n;
    const packed = packTransfer({ from: 1, to: 0, amount: 0n, fee: 0n }) | (encoded << 16n);
    const signature = sign(userSecret(1), transferMessage(DOMAIN, packed, 0n));
    const elements = transferElements(PROFILE, [{ packed, r8y: signature.r8.y, s: signature.s }]);
    const { exits, bases } = traceBlock(genesisState(), { operations: "0x", elements }, RULES);
    expect(exits.map(({ amount }) => amount)).to.deep.equal([300n]);
    expect(bases[0]!.elements).to.deep.equal(elements);
  });

  describe("refuses what no circuit proves:", () => {
    const honest = elementsOf(transfer(1, 2, 0));
    const dataOf = (change: Partial<typeof honest>): BlockData => ({
      operations: "0x",
      elements: rawElements({ ...honest, ...change }),
    });
    const cases: readonly (readonly [string, BlockData, abstract new (...parameters: never[]) => Error])[] = [
      ["another S", dataOf({ s: honest.s + 1n }), BadSignatureError],
      ["S + l", dataOf({ s: honest.s + SUBGROUP_ORDER }), OutOfRangeError],
      ["another R8.y", dataOf({ r8y: honest.r8y + 1n }), BadSignatureError],
      ["R8.y + p", dataOf({ r8y: honest.r8y + FIELD }), OutOfRangeError],
      ["another transfer", dataOf({ packed: honest.packed + (1n << 16n) }), BadSignatureError],
      ["a used nonce", { operations: "0x", elements: twice(honest) }, BadSignatureError],
      ["a signature without a transfer", dataOf({ packed: 0n }), MalformedError],
      ["account 0 as sender", dataOf({ packed: honest.packed - (1n << 64n) }), InadmissibleTransferError],
      ["a sender that is not there", dataOf({ packed: honest.packed + (8n << 64n) }), InadmissibleTransferError],
      ["an index beyond the tree", dataOf({ packed: honest.packed + (256n << 48n) }), InadmissibleTransferError],
      [
        "more than there is",
        { operations: "0x", elements: rawElements(elementsOf(transfer(1, 2, 0, { amount: 101n * ETHER }))) },
        InsufficientBalanceError,
      ],
      ["an element of the padding", { operations: "0x", elements: [0n, 0n, 0n, 0n, 0n, 1n] }, MalformedError],
    ];
    for (const [what, data, type] of cases) {
      it(what, () => {
        expect(() => traceBlock(genesisState(), data, RULES)).to.throw(type as never);
      });
    }

    it("a word in which a place is used that no node has", () => {
      const elements = [...transferElements(PROFILE, [honest])];
      elements[0] = elements[0]! + 1n;
      expect(() => traceBlock(genesisState(), { operations: "0x", elements }, RULES)).to.throw(MalformedError);
    });
  });

  it("tells the points with a y coordinate, which verify tells apart", () => {
    const { x, y } = publicKey(userSecret(3));
    expect(pointsAt(y).map((point) => point.x)).to.have.members([x, FIELD - x]);
    expect(pointsAt(1n)).to.deep.equal([{ x: 0n, y: 1n }]);
    expect(pointsAt(FIELD)).to.deep.equal([]);
    expect(pointsAt(-1n)).to.deep.equal([]);
    const none = Array.from({ length: 20 }, (_, i) => BigInt(i + 2)).filter((one) => pointsAt(one).length === 0);
    expect(none.length).to.be.greaterThan(0);
    const message = 5n;
    const signature = sign(userSecret(3), message);
    expect(pointsAt(y).map((point) => verify(point, message, signature))).to.have.members([true, false]);
  });
});

function elementsOf({ signature, ...terms }: SignedTransfer) {
  return { packed: packTransfer(terms), r8y: signature.r8.y, s: signature.s };
}

/** The elements of a node with one transfer, whatever is in it. */
function rawElements({ packed, r8y, s }: ReturnType<typeof elementsOf>): bigint[] {
  return [packed << 160n, r8y, s];
}

function twice({ packed, r8y, s }: ReturnType<typeof elementsOf>): bigint[] {
  return [(packed << 160n) | (packed << 80n), r8y, s, r8y, s];
}
