import { expect } from "chai";
import { FIELD } from "../../../src/protocol/field.ts";
import { curve } from "../../../src/protocol/curve.ts";
import { type G1, type G2, type Group, g1, g2, type Point } from "../../../src/proving/groth16/groups.ts";
import { placeKeyPoints, placeScalars, readPoints } from "../../../src/proving/groth16/keyPoints.ts";
import type { Kernels } from "../../../src/proving/groth16/kernels.ts";
import { multiplyPoints, placeFillers, placePoints, windowBits } from "../../../src/proving/groth16/multiscalar.ts";
import { inMemory } from "../../../src/proving/keys/binfile.ts";
import { writeLE256 } from "../../../src/proving/keys/bytes.ts";
import { FixedBase } from "../../../src/proving/keys/fixedBase.ts";
import { Random } from "../../../src/sim/random.ts";
import { newKernels } from "./support.ts";

/** A multiple of the generator, by how often, and what it is multiplied by. */
type Term = readonly [point: bigint, scalar: bigint];

interface Case {
  readonly name: string;
  readonly terms: readonly Term[];
}

const HALF = FIELD / 2n;

function cases(random: Random): Case[] {
  const any = (): bigint => random.below(FIELD);
  const many = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
  const edges = [0n, 1n, 2n, FIELD - 1n, FIELD - 2n, HALF, HALF + 1n, 1n << 253n, (1n << 253n) - 1n, 0xffffn, 0x10000n];
  const point = any();
  const scalar = any();
  return [
    { name: "no points", terms: [] },
    { name: "infinity alone", terms: [[0n, any()]] },
    { name: "one point", terms: [[any(), any()]] },
    { name: "every scalar 0", terms: many(40, () => [any(), 0n]) },
    { name: "every scalar 1", terms: many(300, () => [any(), 1n]) },
    { name: "every scalar r - 1", terms: many(300, () => [any(), FIELD - 1n]) },
    { name: "scalars at the edges", terms: many(edges.length * 5, (i) => [any(), edges[i % edges.length]!]) },
    { name: "infinities between points", terms: many(200, (i) => [i % 3 === 0 ? 0n : any(), any()]) },
    // One bucket of equal points: doublings all the way, also of sums, and an odd number of them.
    { name: "one point many times, with one scalar", terms: many(137, () => [point, scalar]) },
    { name: "one point many times, with any scalars", terms: many(500, () => [point, any()]) },
    // One bucket of opposite points: infinity everywhere, also as a total.
    {
      name: "a point and its negative, with one scalar",
      terms: many(128, (i) => [i % 2 ? FIELD - point : point, scalar]),
    },
    {
      name: "a point with a scalar and its negative",
      terms: many(64, (i) => [point, i % 2 ? FIELD - scalar : scalar]),
    },
    // Halves of a bucket whose sums are equal, or opposite, though no two points are.
    {
      name: "sums that meet",
      terms: [
        [3n, scalar],
        [5n, scalar],
        [1n, scalar],
        [7n, scalar],
      ],
    },
    {
      name: "sums that cancel",
      terms: [
        [3n, scalar],
        [5n, scalar],
        [FIELD - 1n, scalar],
        [FIELD - 7n, scalar],
      ],
    },
    { name: "the points that fill up vectors", terms: many(60, (i) => [BigInt(1 + (i % 3)), scalar]) },
    { name: "small multiples of one point", terms: many(400, (i) => [BigInt(i % 7), BigInt(i % 5)]) },
    { name: "random points and scalars", terms: many(3000, () => [any(), any()]) },
  ];
}

describe("sums of multiples of points", function () {
  this.timeout(120_000);
  let kernels: Kernels;
  before(async () => {
    kernels = await newKernels();
    placeFillers(kernels);
  });

  const scalarBytes = (terms: readonly Term[]): Uint8Array => {
    const bytes = new Uint8Array(32 * terms.length);
    const view = new DataView(bytes.buffer);
    terms.forEach(([, scalar], i) => writeLE256(view, 32 * i, scalar));
    return bytes;
  };

  function sum<P extends Point<P>>(group: Group<P>, points: Uint8Array, scalars: Uint8Array): P {
    const mark = kernels.functions.mark();
    const placed = placePoints(kernels, group, points);
    const result = multiplyPoints(kernels, placed, kernels.place(scalars));
    kernels.functions.release(mark);
    return result;
  }

  /** The same by a key's points, of which no two have the same x. */
  function mergedSum<P extends Point<P>>(
    group: Group<P>,
    points: Uint8Array,
    scalars: Uint8Array,
  ): { sum: P; count: number } {
    const mark = kernels.functions.mark();
    const read = readPoints(kernels, group, inMemory(points));
    const address = placeScalars(kernels, scalars, read);
    const sum = multiplyPoints(kernels, placeKeyPoints(kernels, group, read), address);
    kernels.functions.release(mark);
    return { sum, count: read.places.length };
  }

  function test<P extends Point<P> & { equals(other: P): boolean; toAffine(): unknown }>(
    name: "G1" | "G2",
    group: Group<P>,
  ): void {
    describe(`in ${name}`, () => {
      const random = new Random(`sums ${name}`);
      let base: FixedBase;
      before(async () => (base = await FixedBase.create(curve, name)));

      for (const { name: title, terms } of cases(random)) {
        it(`are right: ${title}`, () => {
          const total = terms.reduce((rest, [point, scalar]) => (rest + point * scalar) % FIELD, 0n);
          const points = base.multiply(terms.map(([point]) => point));
          const found = sum(group, points, scalarBytes(terms));
          const expected = group.generator.multiplyUnsafe(total);
          expect(found.toAffine(), random.seed).to.deep.equal(expected.toAffine());
          const { sum: merged, count } = mergedSum(group, points, scalarBytes(terms));
          expect(merged.toAffine(), random.seed).to.deep.equal(expected.toAffine());
          const different = new Set(terms.map(([point]) => (point > HALF ? FIELD - point : point)));
          different.delete(0n);
          expect(count).to.equal(different.size);
        });
      }

      it("are those of ffjavascript", async () => {
        const terms = Array.from({ length: 700 }, (): Term => [random.below(FIELD), random.below(FIELD)]);
        const points = base.multiply(terms.map(([point]) => point));
        const scalars = scalarBytes(terms);
        const theirs = curve[name].toAffine(await curve[name].multiExpAffine(points, scalars));
        expect(Buffer.from(group.encode(sum(group, points, scalars))).equals(theirs), random.seed).to.equal(true);
      });
    });
  }
  test("G1", g1);
  test("G2", g2);

  it("take every width of windows to the same result", async () => {
    const { functions } = kernels;
    const random = new Random("windows");
    const terms = Array.from({ length: 50 }, (): Term => [random.below(FIELD), random.below(FIELD)]);
    terms.push([1n, FIELD - 1n], [2n, 0n], [3n, 1n]);
    const base = await FixedBase.create(curve, "G1");
    const points = base.multiply(terms.map(([point]) => point));
    const total = terms.reduce((rest, [point, scalar]) => (rest + point * scalar) % FIELD, 0n);
    for (let c = 2; c <= 16; c++) {
      const mark = functions.mark();
      const placed = placePoints(kernels, g1, points);
      const found = multiplyPoints(kernels, placed, kernels.place(scalarBytes(terms)), c);
      functions.release(mark);
      expect(found.equals(g1.generator.multiplyUnsafe(total)), `${c} bits`).to.equal(true);
    }
  });

  it("are right above 2 GiB, where addresses become negative", async () => {
    const high = await newKernels();
    // Nothing touches what lies below.
    high.functions.allocate(2 ** 31);
    placeFillers(high);
    const random = new Random("above 2 GiB");
    const terms = Array.from({ length: 100 }, (): Term => [random.below(FIELD), random.below(FIELD)]);
    const total = terms.reduce((rest, [point, scalar]) => (rest + point * scalar) % FIELD, 0n);
    for (const [name, group] of [
      ["G1", g1],
      ["G2", g2],
    ] as const) {
      const base = await FixedBase.create(curve, name);
      const points = base.multiply(terms.map(([point]) => point));
      expect(high.functions.mark()).to.be.lessThan(0);
      const right = (of: Group<G1> | Group<G2>): boolean => {
        const placed = placePoints(high, of as Group<G1>, points);
        const found = multiplyPoints(high, placed, high.place(scalarBytes(terms)));
        return found.equals((of as Group<G1>).generator.multiplyUnsafe(total));
      };
      expect(right(group), name).to.equal(true);
    }
  });

  it("choose wider windows for more points", () => {
    const bits = [1, 100, 10_000, 1_000_000, 10_000_000].map(windowBits);
    expect(bits).to.deep.equal([...bits].sort((a, b) => a - b));
    expect(bits[0]).to.be.at.least(2);
    expect(bits.at(-1)).to.equal(16);
  });
});
