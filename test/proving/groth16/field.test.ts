import { expect } from "chai";
import { BASE_FIELD, FIELD } from "../../../src/protocol/field.ts";
import { compileKernels } from "../../../src/proving/groth16/compileKernels.ts";
import { engineOf, multipliesExactly } from "../../../src/proving/groth16/engine.ts";
import type { KernelFunctions, Kernels } from "../../../src/proving/groth16/kernels.ts";
import { modulo, MONTGOMERY_R, PAIR_BYTES } from "../../../src/proving/groth16/limbs.ts";
import { Uniform } from "../../support/uniform.ts";
import { newKernels } from "./support.ts";

const LIMB = 2 ** 51;
/** Limbs of reduced numbers, and of differences of two, are at most. */
const REDUCED = LIMB / 2 + 4;
const DIFFERENCE = 2 * REDUCED;
/** The largest whose products with those stay below 2^102. */
const FACTOR = LIMB - 16;
/** What a product of values A and B is at most, in primes: `A B p / R + OWN`. */
const OWN = 0.63;

/** Limbs with the value they stand for. */
interface Operand {
  readonly limbs: readonly number[];
  readonly value: bigint;
}

/** The value of limbs in one lane. */
function valueAt(limbs: Float64Array, lane: number): bigint {
  let value = 0n;
  for (let i = 4; i >= 0; i--) value = (value << 51n) + BigInt(limbs[2 * i + lane]!);
  return value;
}

/**
 * Numbers up to `most` primes in magnitude whose limbs are as large as `limb`, at every combination of ends that a few
 * random bits choose, and numbers in between.
 */
function operands(count: number, prime: bigint, most: number, limb: number, random: Uniform): Operand[] {
  const top = Math.floor((most * Number(prime)) / 2 ** 204) - 2;
  const ends = [limb, -limb, limb - 1, 1 - limb, limb / 2, -limb / 2, 0, 1, -1];
  const any = (bound: number): number => Math.round((2 * random.unit() - 1) * bound);
  return Array.from({ length: count }, (_, n) => {
    const limbs = Array.from({ length: 5 }, (_, i) => {
      const bound = i === 4 ? top : limb;
      const end = ends[random.word() % ends.length]!;
      return n % 4 === 3 ? any(bound) : Math.max(-bound, Math.min(bound, end));
    });
    return { limbs, value: limbs.reduceRight((sum, l) => (sum << 51n) + BigInt(l), 0n) };
  });
}

describe("field kernels", function () {
  this.timeout(120_000);
  const seed = 0xb52;
  let kernels: Kernels;
  let pairs: number[];
  before(async () => {
    kernels = await newKernels();
    pairs = Array.from({ length: 6 }, () => kernels.functions.allocate(PAIR_BYTES));
  });

  const put = (pair: number, first: Operand, second: Operand): void => {
    const limbs = kernels.doubles(pair, 10);
    for (let i = 0; i < 5; i++) {
      limbs[2 * i] = first.limbs[i]!;
      limbs[2 * i + 1] = second.limbs[i]!;
    }
  };

  /** Checks a result's lane: congruent, its limbs at most 2^50 but for the last, its value below the bound. */
  const expectProduct = (out: Float64Array, lane: number, product: bigint, prime: bigint, most: number): void => {
    const value = valueAt(out, lane);
    if ((value * MONTGOMERY_R - product) % prime !== 0n) expect.fail(`seed ${seed}: ${value} R is not ${product}`);
    for (let i = 0; i < 4; i++)
      if (Math.abs(out[2 * i + lane]!) > LIMB / 2) expect.fail(`seed ${seed}: limb ${i} is ${out[2 * i + lane]!}`);
    if (Math.abs(Number(value) / Number(prime)) > most) expect.fail(`seed ${seed}: ${value}, expected ${most} primes`);
  };

  // The largest that are multiplied: differences of reduced numbers with running products of them, see extension.ts.
  for (const [name, prime, products] of [
    ["mulFq", BASE_FIELD, 1_048_576],
    ["mulFr", FIELD, 131_072],
  ] as const) {
    it(`${name} is exact for ${products.toLocaleString("en")} products of the largest limbs`, () => {
      const random = new Uniform(seed);
      const left = operands(1024, prime, 2.03, FACTOR, random);
      const right = operands(1024, prime, 1.02, DIFFERENCE, random);
      const most = ((2.03 * 1.02 * Number(prime)) / Number(MONTGOMERY_R) + OWN) * 1.0001;
      const [a, b, c] = pairs as [number, number, number];
      const out = kernels.doubles(c, 10);
      for (let n = 0; n < products / 2; n++) {
        const [x, y] = [left[n & 1023]!, left[(n * 7 + 1) & 1023]!];
        const [z, w] = [right[(n >> 9) & 1023]!, right[(n * 5 + (n >> 10)) & 1023]!];
        put(a, x, y);
        put(b, z, w);
        kernels.functions[name](c, a, b);
        expectProduct(out, 0, x.value * z.value, prime, most);
        expectProduct(out, 1, y.value * w.value, prime, most);
      }
    });
  }

  for (const [name, prime, results] of [
    ["mulSumFq", BASE_FIELD, [(x, y, z, w) => x * y + z * w]],
    ["mulSumFr", FIELD, [(x, y, z, w) => x * y + z * w]],
    ["mulTwoFq", BASE_FIELD, [(x, y) => x * y, (_x, _y, z, w) => z * w]],
    ["mulComplexFq", BASE_FIELD, [(x, z, y, w) => x * y - z * w, (x, z, y, w) => x * w + z * y]],
  ] as const satisfies [string, bigint, ((x: bigint, y: bigint, z: bigint, w: bigint) => bigint)[]][]) {
    it(`${name} is exact for the largest limbs`, () => {
      const random = new Uniform(seed);
      const left = operands(256, prime, 1.02, DIFFERENCE, random);
      const right = operands(256, prime, 2.6, FACTOR, random);
      const most = ((2 * 1.02 * 2.6 * Number(prime)) / Number(MONTGOMERY_R) + OWN) * 1.0001;
      const from = name === "mulComplexFq" ? [left, left, right, right] : [left, right, left, right];
      const { functions } = kernels;
      for (let n = 0; n < 65_536; n++) {
        const values = from.map((some) => [some[random.word() & 255]!, some[random.word() & 255]!] as const);
        values.forEach(([first, second], i) => put(pairs[i]!, first, second));
        const [a, b, c, d, out, out2] = pairs as [number, number, number, number, number, number];
        if (name === "mulSumFq" || name === "mulSumFr") functions[name](out, a, b, c, d);
        else functions[name](out, out2, a, b, c, d);
        for (const lane of [0, 1] as const) {
          const [x, y, z, w] = values.map((pair) => pair[lane].value) as [bigint, bigint, bigint, bigint];
          for (const [i, result] of results.entries())
            expectProduct(kernels.doubles([out, out2][i]!, 10), lane, result(x, y, z, w), prime, most);
        }
      }
    });
  }

  it("squareFq and squareDifferenceFq are exact for the largest limbs", () => {
    const random = new Uniform(seed);
    const from = operands(512, BASE_FIELD, 2.2, REDUCED, random);
    const most = ((2.2 ** 2 * Number(BASE_FIELD)) / Number(MONTGOMERY_R) + OWN) * 1.0001;
    const [a, b, out] = pairs as [number, number, number];
    const { functions } = kernels;
    for (let n = 0; n < 65_536; n++) {
      const [x, y, z, w] = Array.from({ length: 4 }, () => from[random.word() & 511]!) as [
        Operand,
        Operand,
        Operand,
        Operand,
      ];
      put(a, x, y);
      put(b, z, w);
      functions.squareFq(out, a);
      expectProduct(kernels.doubles(out, 10), 0, x.value ** 2n, BASE_FIELD, most);
      expectProduct(kernels.doubles(out, 10), 1, y.value ** 2n, BASE_FIELD, most);
      functions.squareDifferenceFq(out, a, b);
      expectProduct(kernels.doubles(out, 10), 0, x.value ** 2n - z.value ** 2n, BASE_FIELD, most);
      expectProduct(kernels.doubles(out, 10), 1, y.value ** 2n - w.value ** 2n, BASE_FIELD, most);
    }
  });

  for (const [name, prime] of [
    ["reduceFq", BASE_FIELD],
    ["reduceFr", FIELD],
  ] as const) {
    it(`${name} brings sums of several numbers to half the prime, zero to zero`, () => {
      const random = new Uniform(seed);
      const [a, b] = pairs as [number, number];
      for (const operand of operands(20_000, prime, 3.5, 2 * LIMB, random)) {
        put(a, operand, { limbs: [0, 0, 0, 0, 0], value: 0n });
        kernels.functions[name](b, a);
        const limbs = kernels.doubles(b, 10);
        const value = valueAt(limbs, 0);
        expect(modulo(value - operand.value, prime) === 0n, `seed ${seed}: ${operand.value}`).to.equal(true);
        expect(Math.abs(Number(value) / Number(prime))).to.be.at.most(0.500001);
        for (let i = 0; i < 4; i++) expect(Math.abs(limbs[2 * i]!)).to.be.at.most(REDUCED);
        for (let i = 0; i < 5; i++) expect(limbs[2 * i + 1]! === 0).to.equal(true);
      }
      // Zero has one form: multiples of the prime become it.
      for (const multiple of [-3n, -2n, -1n, 1n, 2n, 3n]) {
        kernels.writePair(a, [multiple * prime, 0n]);
        kernels.functions[name](b, a);
        expect([...kernels.doubles(b, 10)].every((limb) => limb === 0)).to.equal(true);
      }
    });
  }

  it("bring the coordinates of sums to half the prime, from the largest there are", () => {
    const random = new Uniform(seed);
    const { functions } = kernels;
    const points = operands(512, BASE_FIELD, 0.51, REDUCED, random);
    const products = operands(512, BASE_FIELD, 1.04, LIMB / 2, random);
    const pick = (from: readonly Operand[]): Operand => from[random.word() & 511]!;
    const [product, difference] = pairs as [number, number];
    const [a0, a1, b0, b1, out0, out1] = Array.from({ length: 6 }, () => functions.allocate(PAIR_BYTES / 2)) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const element = (address: number): number[] => [...kernels.doubles(address, 5)];
    const expectReduced = (address: number, expected: bigint): bigint => {
      const limbs = element(address);
      const value = limbs.reduceRight((sum, limb) => (sum << 51n) + BigInt(limb), 0n);
      if (modulo(value - expected, BASE_FIELD) !== 0n) expect.fail(`seed ${seed}: ${value}, expected ${expected}`);
      expect(Math.abs(Number(value) / Number(BASE_FIELD))).to.be.at.most(0.500001);
      for (const limb of limbs.slice(0, 4)) expect(Math.abs(limb)).to.be.at.most(REDUCED);
      return value;
    };
    for (let n = 0; n < 20_000; n++) {
      const lanes = [pick(products), pick(products)] as const;
      const [x1, z1, x2, z2] = [pick(points), pick(points), pick(points), pick(points)] as const;
      put(product, ...lanes);
      for (const [address, { limbs }] of [
        [a0, x1],
        [a1, z1],
        [b0, x2],
        [b1, z2],
      ] as const)
        kernels.doubles(address, 5).set(limbs);
      functions.sumXFq(out0, out1, difference, product, a0, a1, b0, b1);
      const x3 = expectReduced(out0, lanes[0].value - x1.value - x2.value);
      const z3 = expectReduced(out1, lanes[1].value - z1.value - z2.value);
      const differences = kernels.doubles(difference, 10);
      expect(valueAt(differences, 0) === x1.value - x3 && valueAt(differences, 1) === z1.value - z3).to.equal(true);
      functions.sumYFq(out0, out1, product, a0, a1 | 1);
      expectReduced(out0, lanes[0].value - x1.value);
      expectReduced(out1, lanes[1].value + z1.value);
    }
  });

  it("invert every number but 0", () => {
    const random = new Uniform(seed);
    const [a, out] = pairs as [number, number];
    const powers = Array.from({ length: 253 }, (_, i) => 1n << BigInt(i));
    const any = operands(2_000, BASE_FIELD, 1, LIMB, random).map(({ value }) => value);
    for (const value of [1n, BASE_FIELD - 1n, BASE_FIELD / 2n, BASE_FIELD / 2n + 1n, ...powers, ...any]) {
      if (value % BASE_FIELD === 0n) continue;
      for (const signed of [value, -value]) {
        kernels.writePair(a, [signed, signed]);
        kernels.functions.inverseFq(out, a);
        const inverses = kernels.readPair(out);
        for (const inverse of inverses)
          if (modulo(inverse * signed - MONTGOMERY_R ** 2n, BASE_FIELD) !== 0n) expect.fail(`the inverse of ${signed}`);
      }
    }
  });

  it("are trusted only on a machine that rounds as they need", () => {
    expect(multipliesExactly(kernels)).to.equal(true);
    // What a machine does whose products of limbs are rounded before the addition: the low parts are wrong.
    const rounding =
      (exact: KernelFunctions["mulFq"]): KernelFunctions["mulFq"] =>
      (out, a, b) => {
        exact(out, a, b);
        const limbs = kernels.doubles(out, 10);
        if (Math.abs(limbs[9]!) > 2 ** 48) limbs[1]! += 1;
      };
    for (const name of ["mulFq", "mulFr"] as const) {
      const machine = {
        functions: { ...kernels.functions, [name]: rounding((...args) => kernels.functions[name](...args)) },
        writePair: kernels.writePair.bind(kernels),
        readPair: kernels.readPair.bind(kernels),
      };
      expect(multipliesExactly(machine)).to.equal(false);
    }
  });

  it("leave proving to snarkjs, and say why, where WebAssembly does not have their instructions", async () => {
    const code = await compileKernels();
    expect((await engineOf(code)).name).to.equal("kernels");
    // f64x2.relaxed_madd becomes an instruction that nobody has.
    const unknown = new Uint8Array(code);
    const at = Buffer.from(code).indexOf(Buffer.from("fd8702", "hex"));
    expect(at).to.be.greaterThan(0);
    unknown[at + 1] = 0xff;
    expect(await engineOf(unknown)).to.deep.equal({
      name: "snarkjs",
      reason: `Node ${process.versions.node} here has no relaxed SIMD`,
    });
  });
});
