import { babyjubjub } from "@noble/curves/misc.js";
import { curve } from "./curve.ts";
import { SUBGROUP_ORDER } from "./field.ts";

/** An affine point of Baby Jubjub. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

/** The curve's coefficients: `A x^2 + y^2 = 1 + D x^2 y^2`. */
export const A = 168700n;
export const D = 168696n;

/*
 * Sums of multiples in WebAssembly, for signatures that are checked: a quarter of what they take with bigints. How long
 * they take depends on the scalars, so they are not for secrets.
 *
 * Points are extended coordinates X, Y, T, Z in the curve's memory, with x = X / Z, y = Y / Z, T = X Y / Z, and the
 * formulas those of Hisil, Wong, Carter and Dawson (2008). A is a square and D is none, so they hold for all points.
 */
type Place = number;

const { tm, Fr } = curve;
/** Field operations: the places of their operands, then that of the result. */
const { frm_mul, frm_square, frm_add, frm_sub, frm_eq, frm_isZero } = tm.instance.exports as unknown as {
  readonly frm_mul: (a: Place, b: Place, to: Place) => void;
  readonly frm_square: (a: Place, to: Place) => void;
  readonly frm_add: (a: Place, b: Place, to: Place) => void;
  readonly frm_sub: (a: Place, b: Place, to: Place) => void;
  readonly frm_eq: (a: Place, b: Place) => number;
  readonly frm_isZero: (a: Place) => number;
};

const ELEMENT = 32;
const [Y, T, Z] = [ELEMENT, 2 * ELEMENT, 3 * ELEMENT];
const POINT = 4 * ELEMENT;
const DIGIT_BITS = 4;
const DIGITS = 1 << DIGIT_BITS;
/** Digits of a scalar of 256 bits. */
const SCALAR_DIGITS = 256 / DIGIT_BITS;

const write = (place: Place, value: bigint): void => tm.setBuff(place, Fr.e(value));

function constant(value: bigint): Place {
  const place = tm.alloc(ELEMENT);
  write(place, value);
  return place;
}

const [pA, pD] = [constant(A), constant(D)];
const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, () => tm.alloc(ELEMENT)) as Eight;
const sum = tm.alloc(POINT);
/** The multiples 0 to 15 of the base point, and of another. */
const ofBase = tm.alloc(DIGITS * POINT);
const ofPoint = tm.alloc(DIGITS * POINT);

type Eight = [Place, Place, Place, Place, Place, Place, Place, Place];

function writePoint(place: Place, { x, y }: Point): void {
  write(place, x);
  write(place + Y, y);
  frm_mul(place, place + Y, place + T);
  write(place + Z, 1n);
}

const writeZero = (place: Place): void => writePoint(place, { x: 0n, y: 1n });

const isZero = (place: Place): boolean => frm_isZero(place) !== 0 && frm_eq(place + Y, place + Z) !== 0;

function add(p: Place, q: Place, to: Place): void {
  frm_mul(p, q, a);
  frm_mul(p + Y, q + Y, b);
  frm_mul(p + T, q + T, c);
  frm_mul(c, pD, c);
  frm_mul(p + Z, q + Z, d);
  frm_add(p, p + Y, e);
  frm_add(q, q + Y, f);
  frm_mul(e, f, e);
  frm_sub(e, a, e);
  frm_sub(e, b, e);
  frm_sub(d, c, f);
  frm_add(d, c, g);
  frm_mul(a, pA, a);
  frm_sub(b, a, h);
  writeProducts(to);
}

function double(p: Place, to: Place): void {
  frm_square(p, a);
  frm_square(p + Y, b);
  frm_square(p + Z, c);
  frm_add(c, c, c);
  frm_add(p, p + Y, e);
  frm_square(e, e);
  frm_sub(e, a, e);
  frm_sub(e, b, e);
  frm_mul(a, pA, d);
  frm_add(d, b, g);
  frm_sub(g, c, f);
  frm_sub(d, b, h);
  writeProducts(to);
}

/** How both formulas end. */
function writeProducts(to: Place): void {
  frm_mul(e, f, to);
  frm_mul(g, h, to + Y);
  frm_mul(e, h, to + T);
  frm_mul(f, g, to + Z);
}

/** The multiples of the point at place 1 of a table. */
function fill(table: Place): void {
  writeZero(table);
  for (let i = 2; i < DIGITS; i++) add(table + (i - 1) * POINT, table + POINT, table + i * POINT);
}

/** Writes `times` of the base point and `timesPoint` of that in `ofPoint`, both of 256 bits, to `sum`. */
function addMultiples(times: bigint, timesPoint: bigint): void {
  const terms = [
    [digitsOf(times), ofBase],
    [digitsOf(timesPoint), ofPoint],
  ] as const;
  writeZero(sum);
  for (let i = 0; i < SCALAR_DIGITS; i++) {
    for (let bit = 0; bit < DIGIT_BITS; bit++) double(sum, sum);
    for (const [digits, table] of terms) if (digits[i] !== 0) add(sum, table + digits[i]! * POINT, sum);
  }
}

/** Highest first. */
const digitsOf = (scalar: bigint): readonly number[] =>
  Array.from(scalar.toString(DIGITS).padStart(SCALAR_DIGITS, "0"), (digit) => parseInt(digit, DIGITS));

writePoint(ofBase + POINT, babyjubjub.Point.BASE.toAffine());
fill(ofBase);

/** Whether a point of the curve is of the prime subgroup. */
export function isTorsionFree(point: Point): boolean {
  writePoint(ofPoint + POINT, point);
  fill(ofPoint);
  addMultiples(0n, SUBGROUP_ORDER);
  return isZero(sum);
}

/**
 * Whether `s` times the base point is `r8` plus `challenge` times 8 times `key`, and 8 times `key` is not zero.
 * @param key on the curve, like `r8`
 * @param challenge below SUBGROUP_ORDER, like `s`
 */
export function isSignature(
  key: Point,
  challenge: bigint,
  { r8, s }: { readonly r8: Point; readonly s: bigint },
): boolean {
  const key8 = ofPoint + POINT;
  writePoint(key8, key);
  for (let i = 0; i < 3; i++) double(key8, key8);
  if (isZero(key8)) return false;
  fill(ofPoint);
  addMultiples(s, SUBGROUP_ORDER - challenge);
  // Both coordinates of r8, brought to the sum's denominator.
  return (["x", "y"] as const).every((axis, i) => {
    write(a, r8[axis]);
    frm_mul(a, sum + Z, a);
    return frm_eq(a, sum + i * Y) !== 0;
  });
}
