import { OutOfRangeError } from "../errors.ts";
import { FIELD } from "../field.ts";

/** Fractional bits of a logarithm. */
export const LN_BITS = 96n;

const ONE = 1n << 127n;
/** 2^127 ln 2. */
const LN2 = 0x58b90bfbe8e7bcd5e4f1d9cc01f97b57n;
/** 2^96 ln p, rounded up. */
const LN_FIELD = 0xafc7a30b6624b59e73845dfef5n;
/** Leading bits of an argument that count. */
const LEADING_BITS = 81;

/** 2^-(1/2), 2^-(1/4), 2^-(1/8), 2^-(1/16), and the least mantissa whose product with each is still 1 or more. */
const INVERSE_ROOTS = [
  0x5a827999fcef32422cbec4d9baa55f4fn,
  0x6ba27e656b4eb57a1cd345dcc8169fefn,
  0x75606373ee921c976816bad9b8372a7dn,
  0x7a92be8a924366163dce863d76cc07e1n,
].map((inverse, i) => ({ inverse, bound: ((1n << 254n) + inverse - 1n) / inverse, ln: LN2 >> BigInt(i + 1) }));

/** 1 / 13, 1 / 11, .. 1. */
const COEFFICIENTS = [13n, 11n, 9n, 7n, 5n, 3n, 1n].map((n) => ONE / n);

/**
 * The natural logarithm in units of 2^-96, as LogMath.sol has it, bit for bit: rounded down, and never falling as `x`
 * grows. It is too small by less than 2^-85 for `x` below 2^81, by less than 2^-79 above.
 *
 * @param x above 0, below 2^256
 */
export function ln(x: bigint): bigint {
  if (x <= 0n || x >= 1n << 256n) throw new OutOfRangeError("argument of ln", x, "1 to 2^256 - 1");
  const bits = x.toString(2).length;
  let m = ((x << BigInt(256 - bits)) >> BigInt(256 - LEADING_BITS)) << BigInt(128 - LEADING_BITS);
  let result = BigInt(bits - 1) * LN2;
  for (const root of INVERSE_ROOTS) {
    if (m < root.bound) continue;
    m = (m * root.inverse) >> 127n;
    result += root.ln;
  }
  const z = ((m - ONE) << 127n) / (m + ONE);
  const z2 = (z * z) >> 127n;
  const sum = COEFFICIENTS.reduce((sum, coefficient) => coefficient + ((z2 * sum) >> 127n), 0n);
  return (result + ((z * sum) >> 126n)) >> 31n;
}

/** `-ln(beta / p)` in units of 2^-96: at least 1, too large by less than 2^-79. @param beta 0 < beta < p */
export function minusLn(beta: bigint): bigint {
  if (beta <= 0n || beta >= FIELD) throw new OutOfRangeError("beta", beta, "1 to p - 1");
  return LN_FIELD - ln(beta);
}
