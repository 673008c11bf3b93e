import {
  mul as mulFq,
  mulComplex,
  mulSum,
  mulTwo as mulTwoFq,
  reduce as reduceFq,
  square as squareFq,
  squareDifference,
} from "./fq";
import { inverse as inverseFq } from "./inverse";
import { add as addFq, copy, isZero as isZeroFq, PAIR, scale as scaleFq, sub as subFq } from "./lanes";

/*
 * The fields of coordinates: Fq (degree 1, for G1) and Fq2 = Fq[i] / (i^2 + 1) (degree 2, for G2; a pair of it is two
 * pairs of Fq). With values as multiples of p, at most:
 *
 *   reduced                              0.51, limbs 2^50 + 4
 *   a difference of two reduced ones     1.02, limbs 2^51 + 8
 *   mul of values A and B                0.379 A B + 0.63 (degree 1), 0.757 A B + 0.63 (degree 2), limbs 2^50
 *
 * A product of limbs may reach 2^102, the last limb of a result 2^51, which is 2.64 p.
 */

const T: usize = memory.data(160, 16);
const U: usize = memory.data(80, 16);

export function add(degree: usize, out: usize, a: usize, b: usize): void {
  addFq(out, a, b);
  if (degree == 2) addFq(out + PAIR, a + PAIR, b + PAIR);
}

export function sub(degree: usize, out: usize, a: usize, b: usize): void {
  subFq(out, a, b);
  if (degree == 2) subFq(out + PAIR, a + PAIR, b + PAIR);
}

export function scale(degree: usize, out: usize, a: usize, factors: v128): void {
  scaleFq(out, a, factors);
  if (degree == 2) scaleFq(out + PAIR, a + PAIR, factors);
}

export function reduce(degree: usize, out: usize, a: usize): void {
  reduceFq(out, a);
  if (degree == 2) reduceFq(out + PAIR, a + PAIR);
}

export function isZero(degree: usize, a: usize, lane: usize): bool {
  return isZeroFq(a, lane) && (degree == 1 || isZeroFq(a + PAIR, lane));
}

/** `out` may be `a` or `b`. */
export function mul(degree: usize, out: usize, a: usize, b: usize): void {
  if (degree == 1) {
    mulFq(out, a, b);
  } else {
    mulComplex(out, out + PAIR, a, a + PAIR, b, b + PAIR);
  }
}

/** `out = a b` and `out2 = c d`, faster than one after the other; `out` may be any of them. */
export function mulTwo(degree: usize, out: usize, out2: usize, a: usize, b: usize, c: usize, d: usize): void {
  if (degree == 1) {
    mulTwoFq(out, out2, a, b, c, d);
  } else {
    mulComplex(out2, out2 + PAIR, c, c + PAIR, d, d + PAIR);
    mulComplex(out, out + PAIR, a, a + PAIR, b, b + PAIR);
  }
}

/** For an `a` that is reduced or, of degree 1, a product up to 2.3; `out` may be `a`. */
export function square(degree: usize, out: usize, a: usize): void {
  if (degree == 1) {
    squareFq(out, a);
  } else {
    addFq(U, a, a);
    squareDifference(T, a, a + PAIR);
    mulFq(out + PAIR, U, a + PAIR);
    copy(out, T);
  }
}

/** For a reduced `a`, not 0, the same in both lanes. */
export function inverse(degree: usize, out: usize, a: usize): void {
  if (degree == 1) {
    inverseFq(out, a);
  } else {
    mulSum(T, a, a, a + PAIR, a + PAIR);
    inverseFq(U, T);
    mulFq(out, a, U);
    scaleFq(T, a + PAIR, f64x2.splat(-1));
    mulFq(out + PAIR, T, U);
  }
}
