import { expect } from "chai";
import {
  blockWithdrawalsRoot,
  decodeFloat,
  exitLeaf,
  exitPath,
  exitPlace,
  exitPosition,
  hashMany,
  MalformedError,
  NotRepresentableError,
  OutOfRangeError,
  packExit,
  placeExits,
  type Profile,
  TAG,
  unpackExit,
  withdrawalsRootOf,
} from "../../src/protocol/index.ts";

/** Four base nodes with three leaves each. */
const profile: Profile = {
  name: "test",
  arity: 2,
  levels: 2,
  accountDepth: 4,
  transfersPerBase: 1,
  operationsPerBase: 3,
};
const leaves = [
  [0n, 0n, 0n],
  [packExit({ l1Owner: 1n, amount: 2n }), 0n, packExit({ l1Owner: 3n, amount: 4n })],
  [0n, 0n, 0n],
  [0n, packExit({ l1Owner: 1n, amount: 2n }), 0n],
];

describe("exits", () => {
  it("are an amount and an owner in 192 bits, 0 is none", () => {
    expect(packExit({ l1Owner: 5n, amount: 7n })).to.equal((7n << 165n) | 5n);
    const most = { l1Owner: 2n ** 160n - 1n, amount: (2n ** 27n - 1n) * 10n ** 31n };
    expect(packExit(most)).to.equal(2n ** 192n - 1n);
    expect(unpackExit(packExit(most))).to.deep.equal(most);
    expect(unpackExit(0n)).to.equal(undefined);
    expect(unpackExit(5n)).to.deep.equal({ l1Owner: 5n, amount: 0n });
  });

  it("keep the encoding of an amount that has several", () => {
    const other = exitLeaf((30n << 5n) | 1n, 5n);
    expect(unpackExit(other)).to.deep.equal({ l1Owner: 5n, amount: 300n });
    expect(other).to.not.equal(packExit({ l1Owner: 5n, amount: 300n }));
    expect(decodeFloat(other >> 160n, 27)).to.equal(300n);
    expect(placeExits([[other]])[0]!.packed).to.equal(other);
  });

  it("refuse what does not fit", () => {
    expect(() => packExit({ l1Owner: 2n ** 160n, amount: 1n })).to.throw(OutOfRangeError, "l1Owner");
    expect(() => packExit({ l1Owner: 1n, amount: 2n ** 27n * 10n ** 31n })).to.throw(NotRepresentableError);
    expect(() => unpackExit(2n ** 192n)).to.throw(OutOfRangeError, "packed exit");
    expect(() => exitPosition({ base: 0, leaf: 2 ** 16 })).to.throw(OutOfRangeError, "leaf");
  });

  it("have one position each", () => {
    expect(exitPosition({ base: 3, leaf: 5 })).to.equal(3 * 65_536 + 5);
    for (const place of [
      { base: 0, leaf: 65_535 },
      { base: 16_383, leaf: 0 },
    ]) {
      expect(exitPlace(exitPosition(place))).to.deep.equal(place);
    }
    expect(placeExits(leaves).map(({ position }) => position)).to.deep.equal([65_536, 65_538, 196_609]);
  });
});

describe("withdrawals roots", () => {
  const exits = placeExits(leaves);

  it("hash leaves, then children", () => {
    const bases = leaves.map((one) => hashMany(TAG.withdrawals, one));
    expect(leaves.map(withdrawalsRootOf)).to.deep.equal(bases);
    const [a, b, c, d] = bases as [bigint, bigint, bigint, bigint];
    const merges = [hashMany(TAG.withdrawals, [a, b]), hashMany(TAG.withdrawals, [c, d])];
    expect(blockWithdrawalsRoot(profile, exits)).to.equal(hashMany(TAG.withdrawals, merges));
    expect(exitPath(profile, exits, 65_538)).to.deep.equal({ leaves: leaves[1], children: [[a, b], merges] });
    expect(exitPath(profile, exits, 196_609)).to.deep.equal({ leaves: leaves[3], children: [[c, d], merges] });
  });

  it("refuse exits where no block has any, and paths to none", () => {
    expect(() => exitPath(profile, exits, 65_537)).to.throw(
      MalformedError,
      "position is 65537, expected one of an exit",
    );
    const beyond = (position: number) => [{ position, packed: 1n }];
    expect(() => blockWithdrawalsRoot(profile, beyond(4 * 65_536))).to.throw(
      OutOfRangeError,
      "base of an exit is 4, expected 0 to 3",
    );
    expect(() => blockWithdrawalsRoot(profile, beyond(3))).to.throw(
      OutOfRangeError,
      "leaf of an exit is 3, expected 0 to 2",
    );
  });
});
