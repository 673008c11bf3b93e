import { inverse, LIMB_BITS, LIMBS, modulo, MONTGOMERY_R, toLimbs } from "./limbs.ts";

/**
 * Writes the AssemblyScript module of a prime field of 254 bits: straight-line code over two elements at a time, one in
 * each lane of a vector.
 *
 * A product of two limbs, below 2^102 in magnitude, is split exactly by two fused multiply-adds: added to 1.5 * 2^103,
 * it is rounded to a multiple of 2^51, its high part; added to what that left over, it gives its low part. Both appear
 * as whole numbers in the last bits of the doubles, so that columns are sums of these bit patterns as 64-bit integers.
 * The constants that come with them are known in advance: each column starts at minus their sum.
 */
export function fieldModule(prime: bigint): string {
  return [
    "// Generated: see fieldModule.ts",
    'import { signs } from "./lanes";',
    "",
    ...HELPERS,
    product("mul", prime, { out: [["a", "b", 1]] }),
    product("mulTwo", prime, { out: [["a", "b", 1]], out2: [["c", "d", 1]] }),
    product("square", prime, { out: [["a", "a", 1]] }),
    product("squareDifference", prime, {
      out: [
        ["a", "a", 1],
        ["b", "b", -1],
      ],
    }),
    product("mulSum", prime, {
      out: [
        ["a", "b", 1],
        ["c", "d", 1],
      ],
    }),
    product("mulComplex", prime, {
      out: [
        ["a", "c", 1],
        ["b", "d", -1],
      ],
      out2: [
        ["a", "d", 1],
        ["b", "c", 1],
      ],
    }),
    reduce(prime),
    sums(prime),
    constant("ONE", MONTGOMERY_R, prime),
    constant("R2", MONTGOMERY_R ** 2n, prime),
    constant("CUBE_OF_R", MONTGOMERY_R ** 3n, prime),
    constant("HALF_OF_R", MONTGOMERY_R / 2n, prime),
    "/** Takes a number times 2^256, or twice that, to one times R. */",
    constant("FROM_256", MONTGOMERY_R ** 2n * inverse(1n << 256n, prime), prime),
    constant("FROM_512", MONTGOMERY_R ** 2n * inverse(1n << 512n, prime), prime),
    `export const MODULUS: usize = memory.data<i64>([${parts(prime, LIMBS, LIMB_BITS).join(", ")}], 16);`,
    `export const MODULUS_WORDS: usize = memory.data<u64>([${parts(prime, 4, 64).join(", ")}], 16);`,
  ].join("\n");
}

/** How many limbs higher a reduction takes the low bits of the first columns: see {@link product}. */
const LIFTS = [3, 2, 1, 1];

const HI_BITS = 0x4668n << 48n; // 1.5 * 2^103
const LO_BITS = 0x4338n << 48n; // 1.5 * 2^52
const INTEGER_BITS = 0x4330n << 48n; // 2^52
const MASK = (1n << BigInt(LIMB_BITS)) - 1n;
const HALF = 1n << BigInt(LIMB_BITS - 1);
/** Keeps a column positive, so that its carry can be taken by a shift that knows no sign; columns are below 2^57. */
const POSITIVE = 1n << 60n;
const CARRIED = POSITIVE >> BigInt(LIMB_BITS);

const HELPERS = [
  "const HI: v128 = f64x2.splat(15211807202738752817960438464512.0);",
  "const HI_LO: v128 = f64x2.splat(15211807202738752817960438464512.0 + 6755399441055744.0);",
];

function vector(value: bigint): string {
  return `i64x2.splat(${BigInt.asIntN(64, value)})`;
}

function double(value: bigint): string {
  return `f64x2.splat(${value}.0)`;
}

/** The number nearest to 0 that is the same modulo the prime. */
function centred(value: bigint, prime: bigint): bigint {
  const number = modulo(value, prime);
  return number > prime / 2n ? number - prime : number;
}

/** The address of a pair that holds a number twice. */
function constant(name: string, value: bigint, prime: bigint): string {
  const limbs = toLimbs(centred(value, prime)).flatMap((limb) => [limb, limb]);
  return `export const ${name}: usize = memory.data<f64>([${limbs.map((limb) => `${limb}.0`).join(", ")}], 16);`;
}

function parts(value: bigint, count: number, bits: number): bigint[] {
  return Array.from({ length: count }, (_, i) => BigInt.asUintN(bits, value >> BigInt(bits * i)));
}

/** The low bits of a column as a number of its own, less `offset - 2^52`. */
const lowBits = (column: number, offset: bigint): string =>
  `f64x2.sub(v128.or(v128.and(t${column}, ${vector(MASK)}), ${vector(INTEGER_BITS)}), ${double(offset)})`;

/**
 * Code that adds bit patterns to columns. What the patterns add beside their values is summed up and taken off at the
 * start.
 */
class Columns {
  readonly lines: string[] = [];
  readonly #bias = new Map<number, bigint>();
  readonly #begun = new Set<number>();

  /** `column += a * b` and `column + 1`, with the products' high parts. */
  multiply(column: number, a: string, b: string, sign: 1 | -1 = 1): void {
    this.lines.push(`h = f64x2.relaxed_madd(${a}, ${b}, HI);`);
    this.lines.push(`l = f64x2.relaxed_madd(${a}, ${b}, f64x2.sub(HI_LO, h));`);
    this.#add(column + 1, "h", HI_BITS, sign);
    this.#add(column, "l", LO_BITS, sign);
  }

  carry(column: number): void {
    this.#add(column + 1, `i64x2.shr_u(t${column}, ${LIMB_BITS})`, CARRIED, 1);
  }

  /** The value that makes a column equal to its own plus `offset` when everything has been added. */
  start(column: number, offset: bigint): string {
    return vector(offset - (this.#bias.get(column) ?? 0n));
  }

  #add(column: number, term: string, bias: bigint, sign: 1 | -1): void {
    this.#bias.set(column, (this.#bias.get(column) ?? 0n) + BigInt(sign) * bias);
    const operation = sign === 1 ? "add" : "sub";
    const before = this.#begun.has(column) ? `t${column}` : `START${column}`;
    this.#begun.add(column);
    this.lines.push(`t${column} = i64x2.${operation}(${before}, ${term});`);
  }
}

/** Products with their signs, by the names of their operands. */
type Terms = readonly (readonly [string, string, 1 | -1])[];

/**
 * A function of Montgomery products, or sums or differences of them, by the names of where they go. The code of two is
 * interleaved in pieces of this length, so that the processor has something to do while steps of one wait for another.
 */
const PIECE = 64;

function product(name: string, prime: bigint, results: Readonly<Record<string, Terms>>): string {
  const outs = Object.keys(results);
  const operands = [...new Set(Object.values(results).flatMap((terms) => terms.flatMap(([a, b]) => [a, b])))].sort();
  const bodies = Object.entries(results).map(([out, terms], n) =>
    // Variables of its own.
    reducedSum(prime, out, terms).map((line) => `  ${line.replace(/\b([xhl]|[qt]\d)\b/g, `$1_${n}`)}`),
  );
  const pieces = Math.ceil(Math.max(...bodies.map((body) => body.length)) / PIECE);
  const interleaved = Array.from({ length: pieces }, (_, i) =>
    bodies.flatMap((body) => body.slice(PIECE * i, PIECE * (i + 1))),
  );
  const variables = [
    "x",
    "h",
    "l",
    ...eachLimb((i) => `q${i}`),
    ...Array.from({ length: 2 * LIMBS }, (_, i) => `t${i}`),
  ];
  return [
    `export function ${name}(${[...outs, ...operands].map((n) => `${n}: usize`).join(", ")}): void {`,
    ...operands.flatMap((n) => eachLimb((i) => `  const ${n}${i}: v128 = v128.load(${n}, ${16 * i});`)),
    ...bodies.map((_, n) => `  let ${variables.map((variable) => `${variable}_${n}: v128`).join(", ")};`),
    ...interleaved.flat(),
    "}",
    "",
  ].join("\n");
}

/**
 * The lines of a Montgomery product, or a sum or difference of two, reduced once. The values are whole multiples of R,
 * up to it.
 *
 * A step clears the lowest column: what is above 51 bits is carried, and the rest, `q`, goes to where it means the same
 * modulo the prime p: it is added `q c` times, `l` limbs higher, with `c = 2^(-51 l)`, at most p / 2. As l differs, the
 * first three steps need not wait for each other's products. The last step adds `q p`, which clears its column.
 *
 * In the result, `q c` of a column i counts `2^(51 (i + l - 5))` times: nothing but for the last of these steps, where
 * it is at most 0.13 p. With the last step's p / 2 this is what a product has of its own, 0.63 p.
 */
function reducedSum(prime: bigint, out: string, terms: Terms): string[] {
  const radix = 1n << BigInt(LIMB_BITS);
  const negativeInverse = BigInt.asIntN(LIMB_BITS, -inverse(prime, radix));
  const columns = new Columns();
  const { lines } = columns;
  const top = LIMBS - 1;
  const last = 2 * LIMBS - 1;
  const multiplyColumns = (from: number, to: number): void => {
    for (const [a, b, sign] of terms) {
      for (let i = 0; i < LIMBS; i++) {
        // Of a square, the products of two limbs count twice.
        for (let j = a === b ? i : 0; j < LIMBS; j++) {
          if (i + j < from || i + j >= to) continue;
          columns.multiply(i + j, a === b && i < j ? `f64x2.add(${a}${i}, ${a}${i})` : `${a}${i}`, `${b}${j}`, sign);
        }
      }
    }
    LIFTS.forEach((lift, i) => {
      if (i + lift < from || i + lift >= to) return;
      const factor = toLimbs(centred(inverse(radix ** BigInt(lift), prime), prime));
      factor.forEach((limb, j) => columns.multiply(i + lift + j, `q${i}`, double(limb)));
    });
  };
  for (let column = 0; column < top; column++) {
    multiplyColumns(column, column + 1);
    columns.carry(column);
    lines.push(`q${column} = ${lowBits(column, (1n << 52n) + HALF)};`);
  }
  multiplyColumns(top, last);
  lines.push(`x = ${lowBits(top, 1n << 52n)};`);
  lines.push(`h = f64x2.relaxed_madd(x, ${double(negativeInverse)}, HI);`);
  lines.push(`l = f64x2.relaxed_madd(x, ${double(negativeInverse)}, f64x2.sub(HI_LO, h));`);
  lines.push(`q${top} = f64x2.sub(l, ${double(3n << 51n)});`);
  toLimbs(prime).forEach((limb, j) => columns.multiply(top + j, `q${top}`, double(limb)));
  columns.carry(top);
  for (let column = LIMBS; column < last; column++) {
    columns.carry(column);
    lines.push(`v128.store(${out}, ${lowBits(column, (1n << 52n) + HALF)}, ${16 * (column - LIMBS)});`);
  }
  lines.push(`v128.store(${out}, f64x2.sub(t${last}, ${double(3n << 51n)}), ${16 * (LIMBS - 1)});`);

  const offsetOf = (column: number): bigint => {
    if (column === last) return LO_BITS;
    return POSITIVE + (column === top ? 0n : HALF);
  };
  return lines.map((line) =>
    line.replace(/START(\d+)/, (_, column: string) => columns.start(Number(column), offsetOf(Number(column)))),
  );
}

/**
 * Brings a value whose limbs are below 2^52 to at most half the prime in magnitude, and its limbs to 2^50 + 4: each is
 * rounded by itself, and its neighbour's carry comes on top. Zero has one form, as no limb reaches 2^51 to make up for
 * another.
 */
function reduce(prime: bigint): string {
  return [
    `export function reduce(out: usize, a: usize): void {`,
    ...eachLimb((i) => `  let x${i}: v128 = v128.load(a, ${16 * i});`),
    ...reduction(prime),
    ...eachLimb((i) => `  v128.store(out, y${i}, ${16 * i});`),
    "}",
    "",
  ].join("\n");
}

/**
 * The last steps of two additions of points, one a lane, each in one pass: sums are reduced and go to where they are
 * kept. They are `x3 = square - x1 - x2`, with `x1 - x3`, and `y3 = product - y1`, whose y1 is a reference with a sign.
 */
function sums(prime: bigint): string {
  const pair = (name: string, i: number): string =>
    `v128.load64_lane(${name}1, v128.load64_zero(${name}0, ${8 * i}), 1, ${8 * i})`;
  const scatter = eachLimb(
    (i) => `  v128.store64_lane(out0, y${i}, 0, ${8 * i}), v128.store64_lane(out1, y${i}, 1, ${8 * i});`,
  );
  return [
    "export function sumX(",
    "  out0: usize, out1: usize, difference: usize, square: usize, a0: usize, a1: usize, b0: usize, b1: usize,",
    "): void {",
    ...eachLimb((i) => `  const a${i}_: v128 = ${pair("a", i)};`),
    ...eachLimb(
      (i) => `  let x${i}: v128 = f64x2.sub(f64x2.sub(v128.load(square, ${16 * i}), a${i}_), ${pair("b", i)});`,
    ),
    ...reduction(prime),
    ...scatter,
    ...eachLimb((i) => `  v128.store(difference, f64x2.sub(a${i}_, y${i}), ${16 * i});`),
    "}",
    "export function sumY(out0: usize, out1: usize, product: usize, first: usize, second: usize): void {",
    "  const sign: v128 = signs(first, second);",
    "  const a0 = first & ~1;",
    "  const a1 = second & ~1;",
    ...eachLimb(
      (i) => `  let x${i}: v128 = f64x2.relaxed_nmadd(${pair("a", i)}, sign, v128.load(product, ${16 * i}));`,
    ),
    ...reduction(prime),
    ...scatter,
    "}",
    "",
  ].join("\n");
}

function eachLimb(line: (i: number) => string): string[] {
  return Array.from({ length: LIMBS }, (_, i) => line(i));
}

/** Lines that reduce x0 to x4, to y0 to y4. */
function reduction(prime: bigint): string[] {
  const limbs = toLimbs(prime);
  const top = LIMBS - 1;
  const perPrime = 2 ** (LIMB_BITS * top) / Number(prime);
  const round = double(3n << BigInt(2 * LIMB_BITS));
  const whole = double(3n << 51n);
  const carry = `f64x2.splat(${2 ** -LIMB_BITS})`;
  return [
    `  const k: v128 = f64x2.sub(f64x2.relaxed_madd(x${top}, f64x2.splat(${perPrime}), ${whole}), ${whole});`,
    ...limbs.map((limb, i) => `  x${i} = f64x2.relaxed_nmadd(k, ${double(limb)}, x${i});`),
    ...limbs.slice(1).map((_, i) => `  const h${i}: v128 = f64x2.sub(f64x2.add(x${i}, ${round}), ${round});`),
    `  const y0: v128 = f64x2.sub(x0, h0);`,
    ...limbs.slice(1).map((_, i) => {
      const low = i + 1 < top ? `f64x2.sub(x${i + 1}, h${i + 1})` : `x${top}`;
      return `  const y${i + 1}: v128 = f64x2.relaxed_madd(h${i}, ${carry}, ${low});`;
    }),
  ];
}
