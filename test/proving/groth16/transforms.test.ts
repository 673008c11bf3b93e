import { expect } from "chai";
import { FIELD } from "../../../src/protocol/field.ts";
import { curve } from "../../../src/protocol/curve.ts";
import { FileMalformedError } from "../../../src/proving/errors.ts";
import { placeDomain } from "../../../src/proving/groth16/domain.ts";
import type { Kernels } from "../../../src/proving/groth16/kernels.ts";
import { ELEMENT_BYTES, LIMBS, modulo, PAIR_BYTES, toLimbs } from "../../../src/proving/groth16/limbs.ts";
import { multiplyRows, readRows } from "../../../src/proving/groth16/rows.ts";
import { inMemory } from "../../../src/proving/keys/binfile.ts";
import { writeLE256 } from "../../../src/proving/keys/bytes.ts";
import { inverse, invertAll, mod, power, rootOfUnity } from "../../../src/proving/keys/modular.ts";
import { Random } from "../../../src/sim/random.ts";
import { newKernels } from "./support.ts";

/** Value `i` of `n` lies in the first lane of pair `i`, or in the second of pair `i - n / 2`. */
function read(kernels: Kernels, data: number, n: number): bigint[] {
  const pairs = Array.from({ length: n / 2 }, (_, i) => kernels.readPair(data + PAIR_BYTES * i));
  return [...pairs.map(([first]) => first), ...pairs.map(([, second]) => second)].map((value) => modulo(value, FIELD));
}

function write(kernels: Kernels, data: number, values: readonly bigint[]): void {
  const half = values.length / 2;
  for (let i = 0; i < half; i++) kernels.writePair(data + PAIR_BYTES * i, [values[i]!, values[half + i]!]);
}

/** The polynomial of lowest degree with these values on the domain, at `x` outside of it. */
function interpolated(values: readonly bigint[], x: bigint): bigint {
  const n = values.length;
  const root = rootOfUnity(Math.log2(n));
  const nodes = values.map((_, i) => power(root, BigInt(i)));
  const inverses = nodes.map((node) => mod(x - node));
  invertAll(inverses);
  const sum = values.reduce((total, value, i) => (total + value * nodes[i]! * inverses[i]!) % FIELD, 0n);
  return mod(sum * (power(x, BigInt(n)) - 1n) * inverse(BigInt(n)));
}

describe("transforms", function () {
  this.timeout(60_000);
  let kernels: Kernels;
  before(async () => (kernels = await newKernels()));

  /** Random values, and those at the edges. */
  function inputs(log: number, random: Random): bigint[][] {
    const n = 2 ** log;
    const edges = [0n, 1n, FIELD - 1n, FIELD / 2n];
    return [
      Array.from({ length: n }, () => random.below(FIELD)),
      Array.from({ length: n }, (_, i) => edges[(i + log) % 4]!),
      Array.from({ length: n }, (_, i) => (i === n - 1 ? 1n : 0n)),
      Array.from({ length: n }, () => FIELD - 1n),
    ];
  }

  function continuedToCoset(log: number, values: readonly bigint[]): bigint[] {
    const { functions } = kernels;
    const n = values.length;
    const mark = functions.mark();
    const { roots, inverseRoots, coset } = placeDomain(kernels, log);
    const data = functions.allocate(ELEMENT_BYTES * n);
    write(kernels, data, values);
    functions.toCoefficients(data, n, inverseRoots);
    functions.multiplyAll(data, data, coset, n / 2);
    functions.toValues(data, n, roots);
    const continued = read(kernels, data, n);
    functions.release(mark);
    return continued;
  }

  for (const log of [1, 2, 3, 4, 9]) {
    it(`continue ${2 ** log} values to the odd coset`, () => {
      const n = 2 ** log;
      const random = new Random(`transform ${n}`);
      const shift = rootOfUnity(log + 1);
      for (const values of inputs(log, random)) {
        const continued = continuedToCoset(log, values);
        for (const i of new Set([0, 1, n / 2, n - 1, random.index(n)])) {
          const expected = interpolated(values, mod(shift * power(rootOfUnity(log), BigInt(i))));
          expect(continued[i], `${random.seed}, value ${i}`).to.equal(expected);
        }
      }
    });
  }

  it("are those of ffjavascript, all of their values", async () => {
    const { Fr } = curve;
    const random = new Random("ffjavascript");
    for (const log of [1, 6, 13]) {
      for (const values of inputs(log, random)) {
        // Not a Buffer: ffjavascript copies by slice, and slices of a Buffer are no copies.
        const elements = Uint8Array.from(Buffer.concat(values.map((value) => Fr.fromObject(value))));
        const coefficients = await Fr.ifft(elements);
        const shifted = await Fr.batchApplyKey(coefficients, Fr.one, Fr.fromObject(rootOfUnity(log + 1)));
        const theirs = await Fr.fft(shifted);
        const expected = values.map((_, i) => Fr.toObject(theirs.subarray(Fr.n8 * i, Fr.n8 * (i + 1))));
        expect(continuedToCoset(log, values), `${random.seed}, ${values.length} values`).to.deep.equal(expected);
      }
    }
  });
});

describe("rows of A and B", () => {
  let kernels: Kernels;
  before(async () => (kernels = await newKernels()));

  type Entry = readonly [matrix: number, row: number, wire: number, value: bigint];

  const fileOf = (entries: readonly Entry[]): Uint8Array => {
    const bytes = new Uint8Array(4 + 44 * entries.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, entries.length, true);
    entries.forEach(([matrix, row, wire, value], i) => {
      [matrix, row, wire].forEach((word, j) => view.setUint32(4 + 44 * i + 4 * j, word, true));
      writeLE256(view, 4 + 44 * i + 12, mod(value * (1n << 512n)));
    });
    return bytes;
  };

  it("are multiplied by the witness, whatever their lengths", () => {
    const random = new Random("rows");
    const { functions } = kernels;
    const [signals, domainSize] = [40, 32];
    const witness = functions.allocate(ELEMENT_BYTES * signals);
    const wires = Array.from({ length: signals }, (_, i) => [0n, 1n, FIELD - 1n, random.below(FIELD)][i % 4]!);
    const scalars = new Uint8Array(32 * signals);
    wires.forEach((wire, i) => writeLE256(new DataView(scalars.buffer), 32 * i, wire));
    functions.unpackAll(witness, kernels.place(scalars), signals);

    // Rows of 0 to 31 entries, in any order, with the same few coefficients and with others.
    const few = [1n, FIELD - 1n, 5n, FIELD / 2n];
    const entries: Entry[] = [0, 1]
      .flatMap((matrix) => Array.from({ length: domainSize }, (_, row) => ({ matrix, row })))
      .flatMap(({ matrix, row }) =>
        Array.from({ length: row }, (_, i): Entry => [
          matrix,
          row,
          random.index(signals),
          i % 2 ? few[random.index(4)]! : random.below(FIELD),
        ]),
      );
    entries.sort((a, b) => (a[3] < b[3] ? -1 : 1));
    const rows = readRows(inMemory(fileOf(entries)), { signals, domainSize }, "test");
    const outs = [0, 1].map(() => functions.allocate(ELEMENT_BYTES * domainSize)) as [number, number];
    multiplyRows(kernels, rows, witness, outs);

    for (const [matrix, out] of outs.entries()) {
      const expected = Array.from({ length: domainSize }, (_, row) =>
        entries
          .filter((entry) => entry[0] === matrix && entry[1] === row)
          .reduce((sum, [, , wire, value]) => (sum + value * wires[wire]!) % FIELD, 0n),
      );
      expect(read(kernels, out, domainSize), random.seed).to.deep.equal(expected);
    }
  });

  it("are refused when an entry leaves them, or the file is cut off", () => {
    const place = (bytes: Uint8Array) => () => readRows(inMemory(bytes), { signals: 4, domainSize: 8 }, "short.zkey");
    expect(place(fileOf([[2, 0, 0, 1n]]))).to.throw(FileMalformedError, "a coefficient of matrix 2 at (0, 0)");
    expect(place(fileOf([[1, 8, 0, 1n]]))).to.throw(FileMalformedError, "a coefficient of matrix 1 at (8, 0)");
    expect(place(fileOf([[0, 7, 4, 1n]]))).to.throw(FileMalformedError, "a coefficient of matrix 0 at (7, 4)");
    const whole = fileOf([[0, 7, 3, 1n]]);
    expect(place(whole.subarray(0, -1))).to.throw(FileMalformedError, "47 bytes of coefficients, expected 48");
    expect(place(new Uint8Array())).to.throw(FileMalformedError);
  });
});

describe("limbs", () => {
  it("stand for their number, the highest for all that is left", () => {
    const random = new Random("limbs");
    for (const value of [
      0n,
      1n,
      -1n,
      FIELD,
      -FIELD,
      ...Array.from({ length: 100 }, () => random.word() - (1n << 255n)),
    ]) {
      const limbs = toLimbs(value);
      expect(limbs).to.have.length(LIMBS);
      expect(limbs.reduceRight((sum, limb) => (sum << 51n) + limb, 0n)).to.equal(value);
      for (const limb of limbs.slice(0, -1)) expect(limb >= -(1n << 50n) && limb < 1n << 50n).to.equal(true);
    }
  });
});
