import { FIELD } from "../../protocol/field.ts";

/** `FIELD - 1` is divisible by `2 ** TWO_ADICITY`: the largest domain of roots of unity. */
export const TWO_ADICITY = 28;

export function mod(a: bigint, modulus: bigint = FIELD): bigint {
  const r = a % modulus;
  return r < 0n ? r + modulus : r;
}

export function power(base: bigint, exponent: bigint, modulus: bigint = FIELD): bigint {
  let result = 1n;
  for (let b = mod(base, modulus), e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * b) % modulus;
    b = (b * b) % modulus;
  }
  return result;
}

/** The inverse modulo the prime `modulus`; 0 for 0. */
export function inverse(a: bigint, modulus: bigint = FIELD): bigint {
  return power(a, modulus - 2n, modulus);
}

/** Inverts every element in place for the price of one inversion (Montgomery's trick). No element may be 0. */
export function invertAll(values: bigint[]): void {
  const prefixes: bigint[] = [];
  let product = 1n;
  for (const value of values) {
    prefixes.push(product);
    product = (product * value) % FIELD;
  }
  let suffix = inverse(product);
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i]!;
    values[i] = (suffix * prefixes[i]!) % FIELD;
    suffix = (suffix * value) % FIELD;
  }
}

/** snarkjs' generator of the domain of `2 ** log` points: powers of the least non-residue, 5. */
export function rootOfUnity(log: number): bigint {
  return power(5n, (FIELD - 1n) >> BigInt(log));
}
