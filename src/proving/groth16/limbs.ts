/** An element is `sum(limb[i] * 2 ** (51 i))`, its limbs whole numbers in doubles, of either sign. */
export const LIMB_BITS = 51;
export const LIMBS = 5;
/** Bytes of an element in memory. */
export const ELEMENT_BYTES = 8 * LIMBS;
/** Bytes of two elements that are multiplied side by side. */
export const PAIR_BYTES = 2 * ELEMENT_BYTES;

const RADIX = 1n << BigInt(LIMB_BITS);

/** Montgomery's R: elements are stored times this. */
export const MONTGOMERY_R = 1n << BigInt(LIMB_BITS * LIMBS);

/** The value's limbs, all but the last in [-2^50, 2^50). */
export function toLimbs(value: bigint): bigint[] {
  const limbs: bigint[] = [];
  for (let i = 1; i < LIMBS; i++) {
    const limb = BigInt.asIntN(LIMB_BITS, value);
    limbs.push(limb);
    value = (value - limb) / RADIX;
  }
  return [...limbs, value];
}

/** The limbs of a number times R, as the kernels multiply with it: at most half the prime in magnitude. */
export function toElement(value: bigint, prime: bigint): number[] {
  const number = modulo(value * MONTGOMERY_R, prime);
  return toLimbs(number > prime / 2n ? number - prime : number).map(Number);
}

/** The value that limbs stand for. */
export function fromLimbs(limbs: Iterable<number | bigint>): bigint {
  return [...limbs].reduceRight<bigint>((sum, limb) => sum * RADIX + BigInt(limb), 0n);
}

export function modulo(a: bigint, modulus: bigint): bigint {
  const rest = a % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** @param a coprime to `modulus` */
export function inverse(a: bigint, modulus: bigint): bigint {
  let [r, next, s, nextS] = [modulus, modulo(a, modulus), 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next] = [next, r - quotient * next];
    [s, nextS] = [nextS, s - quotient * nextS];
  }
  return modulo(s, modulus);
}
