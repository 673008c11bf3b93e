import { expect } from "chai";
import { buildPoseidonReference } from "circomlibjs";
import { compress, FIELD, hashMany, MalformedError, OutOfRangeError, poseidon, tag } from "../../src/protocol/index.ts";

describe("poseidon", () => {
  it("equals circomlib's published value", () => {
    expect(poseidon([1n, 2n])).to.equal(7853200120776062878684798364095072458815029376092732009249414926327459813530n);
  });

  it("equals the reference implementation for every input count", async () => {
    const reference = await buildPoseidonReference();
    for (let n = 1; n <= 16; n++) {
      const inputs = Array.from({ length: n }, (_, i) => FIELD - 1n - BigInt(i));
      expect(poseidon(inputs)).to.equal(reference.F.toObject(reference(inputs)));
    }
  });

  it("refuses no inputs, 17 inputs and inputs that are not canonical", () => {
    expect(() => poseidon([])).to.throw(MalformedError, "Poseidon input count is 0, expected 1 to 16");
    expect(() => poseidon(Array<bigint>(17).fill(0n))).to.throw(MalformedError, "17");
    expect(() => poseidon([FIELD])).to.throw(OutOfRangeError);
    expect(() => poseidon([-1n])).to.throw(OutOfRangeError);
  });
});

describe("compress", () => {
  it("is Poseidon's permutation of four elements, by the reference, plus the first of them", async () => {
    const reference = await buildPoseidonReference();
    for (const four of [
      [0n, 0n, 0n, 0n],
      [1n, 2n, 3n, 4n],
      [FIELD - 1n, FIELD - 2n, 0n, FIELD - 3n],
    ]) {
      const [first, ...others] = four as [bigint, ...bigint[]];
      const permuted = reference.F.toObject(reference(others, first));
      expect(compress(four)).to.equal((permuted + first) % FIELD);
    }
  });

  it("depends on every element and its place", () => {
    const all = [
      [1n, 2n, 3n, 4n],
      [2n, 1n, 3n, 4n],
      [1n, 2n, 4n, 3n],
      [0n, 2n, 3n, 4n],
      [1n, 0n, 3n, 4n],
      [1n, 2n, 0n, 4n],
      [1n, 2n, 3n, 0n],
    ];
    expect(new Set(all.map(compress)).size).to.equal(all.length);
  });

  it("refuses other numbers of elements and elements that are not canonical", () => {
    for (const length of [0, 3, 5])
      expect(() => compress(Array<bigint>(length).fill(0n))).to.throw(MalformedError, `is ${length}, expected 4`);
    for (const bad of [FIELD, -1n]) expect(() => compress([0n, 0n, 0n, bad])).to.throw(OutOfRangeError);
    for (const bad of [FIELD, -1n]) expect(() => compress([bad, 0n, 0n, 0n])).to.throw(OutOfRangeError);
  });
});

describe("hashMany", () => {
  const t = tag("b52.txs");
  const list = (n: number): bigint[] => Array.from({ length: n }, (_, i) => BigInt(i + 1));

  it("chains 14 elements, then 15 at a time", () => {
    expect(hashMany(t, [])).to.equal(poseidon([t, 0n]));
    expect(hashMany(t, list(14))).to.equal(poseidon([t, 14n, ...list(14)]));
    expect(hashMany(t, list(15))).to.equal(poseidon([poseidon([t, 15n, ...list(14)]), 15n]));
    const two = poseidon([poseidon([t, 30n, ...list(14)]), ...list(29).slice(14)]);
    expect(hashMany(t, list(30))).to.equal(poseidon([two, 30n]));
  });

  it("binds tag and length: [a] and [a, 0] differ", () => {
    expect(hashMany(t, [5n])).to.not.equal(hashMany(t, [5n, 0n]));
    expect(hashMany(t, [5n])).to.not.equal(hashMany(tag("b52.root"), [5n]));
    for (let n = 1; n < 33; n++) expect(hashMany(t, list(n))).to.not.equal(hashMany(t, [...list(n), 0n]));
  });
});
