import { expect } from "chai";
import {
  assertProfile,
  exitsPerBase,
  operationNodes,
  OutOfRangeError,
  type Profile,
  PROFILES,
  transfersPerBlock,
} from "../../src/protocol/index.ts";

/** Four base nodes of 4 transfers, or of 3 operations. */
const profile: Profile = {
  name: "test",
  arity: 2,
  levels: 2,
  accountDepth: 4,
  transfersPerBase: 4,
  operationsPerBase: 3,
};

describe("profile", () => {
  it("gives L1 operations whole base nodes, from the first on", () => {
    expect([0, 1, 3, 4, 6, 7, 12].map((count) => operationNodes(profile, count))).to.deep.equal([0, 1, 1, 2, 2, 3, 4]);
    expect([0, 1, 3, 4, 12].map((count) => transfersPerBlock(profile, count))).to.deep.equal([16, 12, 12, 8, 0]);
    expect(transfersPerBlock(profile)).to.equal(16);
  });

  it("has no room for more operations than its base nodes have places", () => {
    for (const count of [13, -1, 1.5]) {
      expect(() => operationNodes(profile, count)).to.throw(OutOfRangeError, `l1OpCount is ${count}, expected 0 to 12`);
      expect(() => transfersPerBlock(profile, count)).to.throw(OutOfRangeError);
    }
  });

  it("lists exits at as many leaves as the larger kind of node has places", () => {
    expect(exitsPerBase(profile)).to.equal(4);
    expect(exitsPerBase({ transfersPerBase: 1, operationsPerBase: 3 })).to.equal(3);
  });

  it("comes in sizes that circuits can be built for, and refuses others by name", () => {
    for (const one of Object.values(PROFILES)) expect(assertProfile(one)).to.equal(one);
    for (const name of ["transfersPerBase", "operationsPerBase"] as const) {
      for (const count of [0, -1, 1.5, 2 ** 16 + 1]) {
        expect(() => assertProfile({ ...profile, [name]: count })).to.throw(
          OutOfRangeError,
          `${name} is ${count}, expected 1 to 65536`,
        );
      }
      expect(assertProfile({ ...profile, [name]: 2 ** 16 })).to.have.property(name, 2 ** 16);
    }
    for (const accountDepth of [0, 9])
      expect(() => assertProfile({ ...profile, accountDepth })).to.throw(OutOfRangeError, "accountDepth");
  });
});
