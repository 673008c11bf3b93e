import { expect } from "chai";
import { BLOB_FIELD, FIELD, toLimbs } from "../../../src/protocol/index.ts";
import { Random } from "../../../src/sim/random.ts";
import { choicesAsWritten } from "../support/asWritten.ts";
import { joined, limb, limbs } from "../support/blobNumber.ts";
import { choosableSignals } from "../support/choosable.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { mutateHints } from "../support/hints.ts";
import { compiling, gadget, loadCircuit, type TestCircuit } from "../support/testCircuit.ts";

const EDGES = [0n, 1n, (1n << 43n) - 1n, 1n << 172n, FIELD - 1n, FIELD, BLOB_FIELD - 2n, BLOB_FIELD - 1n];
const random = new Random("blobField");
const draw = (): bigint => (random.word() + (random.word() << 256n)) % BLOB_FIELD;

/** Reads an output of six limbs. */
const numberOf = (circuit: TestCircuit, witness: readonly bigint[], name = "out"): bigint =>
  joined([0, 1, 2, 3, 4, 5].map((i) => circuit.read(witness, `${name}[${i}]`)));

describe("CanonicalLimbs", () => {
  const circuit = () => loadCircuit(gadget("blobField", "CanonicalLimbs"));

  it("cuts what is below q, next to every edge", async () => {
    const canonical = await circuit();
    for (const value of [...EDGES, 1n << 86n, (1n << 172n) - 1n, ((BLOB_FIELD >> 172n) << 172n) - 1n]) {
      const witness = await canonical.witness({ in: toLimbs(value) });
      expect(canonical.broken(witness)).to.equal(0);
      expect(numberOf(canonical, witness)).to.equal(value);
    }
  });

  it("refuses q and more, whichever limb is too large, and limbs beyond their bits", async () => {
    const canonical = await circuit();
    const [low, middle, high] = toLimbs(BLOB_FIELD - 1n);
    const most = (1n << 86n) - 1n;
    for (const beyond of [
      [low + 1n, middle, high],
      [most, middle, high],
      [0n, middle + 1n, high],
      [0n, most, high],
      [0n, 0n, high + 1n],
      [0n, 0n, (1n << 83n) - 1n],
      [1n << 86n, 0n, 0n],
      [0n, 1n << 86n, 0n],
      [0n, 0n, 1n << 83n],
      [FIELD - 1n, 0n, 0n],
    ]) {
      await expectUnprovable(canonical, { in: beyond }, "TightBits");
    }
  });

  it("leaves no choice, although the inverse of 0 may be anything", async () => {
    const canonical = await circuit();
    const witness = await canonical.witness({ in: toLimbs(draw()) });
    const { tried, free } = mutateHints(canonical, witness);
    expect(tried).to.be.greaterThan(20);
    for (const hint of free) expect(hint).to.match(/\.inv$/);
    expect(choosableSignals(canonical, witness).sort()).to.deep.equal([...free].sort());
  });
});

describe("SplitLimbs", () => {
  it("cuts 86, 86 and 83 bits and no more", async () => {
    const circuit = await loadCircuit(gadget("blobField", "SplitLimbs"));
    const value = (1n << 255n) - 1n - (5n << 43n);
    const most = [BigInt.asUintN(86, value), BigInt.asUintN(86, value >> 86n), value >> 172n];
    expect(numberOf(circuit, await circuit.witness({ in: most }))).to.equal(value);
    for (const [i, bits] of [86n, 86n, 83n].entries())
      await expectUnprovable(circuit, { in: most.with(i, 1n << bits) }, "Num2Bits");
    expect(await choicesAsWritten(gadget("blobField", "SplitLimbs"))).to.deep.equal([]);
  });
});

const sumOf = (a: readonly bigint[], b: readonly bigint[], c: bigint): bigint =>
  a.reduce((sum, one, i) => sum + one * b[i]!, c);

/** The columns of the same sum. */
function columnsOf(a: readonly bigint[], b: readonly bigint[], c: bigint): bigint[] {
  const columns = [...limbs(c), 0n, 0n, 0n, 0n, 0n];
  a.forEach((one, k) =>
    limbs(one).forEach((x, i) => limbs(b[k]!).forEach((y, j) => (columns[i + j] = columns[i + j]! + x * y))),
  );
  return columns;
}

const repeated = (n: number, value: () => bigint): bigint[] => Array.from({ length: n }, value);

/** Factors and what is added: the same at an edge, at an edge and drawn, and drawn. */
const casesOf = (n: number): (readonly [bigint[], bigint[], bigint])[] => [
  ...EDGES.map((edge) => [repeated(n, () => edge), repeated(n, () => edge), edge] as const),
  ...EDGES.map((edge) => [repeated(n, () => edge), repeated(n, draw), draw()] as const),
  ...repeated(8, () => 0n).map(() => [repeated(n, draw), repeated(n, draw), draw()] as const),
];

describe("Division", () => {
  const circuit = () => loadCircuit(gadget("blobField", "Division"));
  before(compiling(circuit));

  /** Every sum of one product, of three, and of as many as there may be. */
  const SUMS = [1, 3, 28].flatMap((n) => casesOf(n)).map((one) => ({ sum: sumOf(...one), column: columnsOf(...one) }));

  interface Claim {
    readonly quotient: bigint;
    readonly remainder: bigint;
  }

  /** Inputs that claim a quotient and a remainder in limbs that the highest ends, whatever their range. */
  const claiming = (column: readonly bigint[], { quotient, remainder }: Claim) => ({
    column,
    quotient: [0, 1, 2, 3, 4, 5, 6].map((i) => (i < 6 ? limb(quotient, i) : quotient >> 258n)),
    remainder: [BigInt.asUintN(86, remainder), BigInt.asUintN(86, remainder >> 86n), remainder >> 172n],
  });

  it("takes the quotient and the remainder of every sum, the largest included", async () => {
    const division = await circuit();
    for (const { sum, column } of SUMS) {
      const [quotient, remainder] = [sum / BLOB_FIELD, sum % BLOB_FIELD];
      const witness = await division.witness(claiming(column, { quotient, remainder }));
      expect(division.broken(witness)).to.equal(0);
      expect(numberOf(division, witness)).to.equal(remainder);
    }
  });

  it("refuses q more or less in the remainder, which the quotient makes up for", async () => {
    const division = await circuit();
    for (const { sum, column } of SUMS) {
      const [quotient, remainder] = [sum / BLOB_FIELD, sum % BLOB_FIELD];
      const more = { quotient: quotient - 1n, remainder: remainder + BLOB_FIELD };
      const less = { quotient: quotient + 1n, remainder: remainder - BLOB_FIELD };
      await expectUnprovable(division, claiming(column, more), quotient === 0n ? "Num2Bits" : "TightBits");
      await expectUnprovable(division, claiming(column, less), "TightBits");
    }
  });

  it("refuses any other quotient or remainder", async () => {
    const division = await circuit();
    for (const { sum, column } of SUMS) {
      const [quotient, remainder] = [sum / BLOB_FIELD, sum % BLOB_FIELD];
      const others = [
        { quotient: quotient + 1n, remainder },
        { quotient, remainder: (remainder + 1n) % BLOB_FIELD },
        { quotient: quotient ^ (1n << 259n), remainder },
        { quotient, remainder: remainder ^ (1n << 172n) },
      ];
      for (const other of others.filter((one) => one.remainder < BLOB_FIELD))
        await expectUnprovable(division, claiming(column, other), "Num2Bits");
    }
  });

  it("refuses what agrees modulo p and 2^258 alone: the sum plus or minus 2^258 p", async () => {
    const division = await circuit();
    let tried = 0;
    for (const { sum, column } of SUMS) {
      for (const other of [sum + (FIELD << 258n), sum - (FIELD << 258n)]) {
        const [quotient, remainder] = [other / BLOB_FIELD, other % BLOB_FIELD];
        if (other < 0n || quotient >> 260n !== 0n) continue;
        await expectUnprovable(division, claiming(column, { quotient, remainder }), "Num2Bits");
        tried++;
      }
    }
    expect(tried).to.be.greaterThan(20);
  });

  it("refuses what agrees modulo 2^344 alone: only the check modulo p is left to do so", async () => {
    const division = await circuit();
    let tried = 0;
    for (const { sum, column } of SUMS) {
      for (const other of [sum + (1n << 344n), sum - (1n << 344n), sum + (5n << 400n)]) {
        const [quotient, remainder] = [other / BLOB_FIELD, other % BLOB_FIELD];
        if (other < 0n || quotient >> 260n !== 0n) continue;
        await expectUnprovable(division, claiming(column, { quotient, remainder }), "Division");
        tried++;
      }
    }
    expect(tried).to.be.greaterThan(20);
  });

  it("refuses limbs beyond their bits, also where the next limb makes up for them", async () => {
    const division = await circuit();
    const { sum, column } = SUMS.at(-1)!;
    const honest = claiming(column, { quotient: sum / BLOB_FIELD, remainder: sum % BLOB_FIELD });
    const { quotient, remainder } = honest;
    for (let i = 0; i < 6; i++) {
      const carried = quotient.with(i, quotient[i]! + (1n << 43n)).with(i + 1, quotient[i + 1]! - 1n);
      await expectUnprovable(division, { ...honest, quotient: carried }, "Num2Bits");
    }
    for (let i = 0; i < 2; i++) {
      const carried = remainder.with(i, remainder[i]! + (1n << 86n)).with(i + 1, remainder[i + 1]! - 1n);
      await expectUnprovable(division, { ...honest, remainder: carried }, "TightBits");
    }
    await expectUnprovable(division, { ...honest, quotient: quotient.with(6, 4n) }, "Num2Bits");
  });

  it("leaves no choice: columns, quotient and remainder determine everything but inverses of 0", async () => {
    const division = await circuit();
    for (const hint of await choicesAsWritten(gadget("blobField", "Division"))) expect(hint).to.match(/\.inv$/);
    const { sum, column } = SUMS.at(-1)!;
    const witness = await division.witness(
      claiming(column, { quotient: sum / BLOB_FIELD, remainder: sum % BLOB_FIELD }),
    );
    const { tried, free } = mutateHints(division, witness);
    expect(tried).to.be.greaterThan(350);
    expect(choosableSignals(division, witness).sort()).to.deep.equal([...free].sort());
  });
});

for (const n of [1, 3, 28]) {
  describe(`SumOfProducts(${n})`, () => {
    const circuit = () => loadCircuit(gadget("blobField", "SumOfProducts", n));
    before(compiling(circuit));

    const inputs = (a: readonly bigint[], b: readonly bigint[], c: bigint) => ({
      a: a.map(limbs),
      b: b.map(limbs),
      c: limbs(c),
    });

    it("adds and multiplies like the library, up to the largest sums", async () => {
      const products = await circuit();
      for (const one of casesOf(n)) {
        const witness = await products.witness(inputs(...one));
        expect(products.broken(witness)).to.equal(0);
        expect(numberOf(products, witness)).to.equal(sumOf(...one) % BLOB_FIELD);
      }
    });

    it("takes what is only added in limbs of 86 bits, too", async () => {
      const products = await circuit();
      const most = repeated(n, () => BLOB_FIELD - 1n);
      const [low, middle, high] = toLimbs(BLOB_FIELD - 1n);
      const witness = await products.witness({
        ...inputs(most, most, 0n),
        c: [low, 0n, middle, 0n, high, 0n],
      });
      expect(products.broken(witness)).to.equal(0);
      expect(numberOf(products, witness)).to.equal(sumOf(most, most, BLOB_FIELD - 1n) % BLOB_FIELD);
    });

    it("leaves no signal free, and no hint but inverses of 0", async () => {
      const products = await circuit();
      const witness = await products.witness(inputs(repeated(n, draw), repeated(n, draw), draw()));
      const { tried, free } = mutateHints(products, witness);
      expect(tried).to.be.greaterThan(350);
      for (const hint of free) expect(hint).to.match(/\.inv$/);
      expect(choosableSignals(products, witness).sort()).to.deep.equal([...free].sort());
    });

    it("forms its columns from every product: a changed value breaks it", async () => {
      const products = await circuit();
      const witness = await products.witness(inputs(repeated(n, draw), repeated(n, draw), draw()));
      for (const value of products.signals(/^value\[\d+\]\[\d+\]$/))
        expect(products.broken(products.edit(witness, { [value]: 7n })), value).to.be.greaterThan(0);
    });
  });
}
