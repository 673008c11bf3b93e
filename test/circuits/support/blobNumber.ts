/** A number of 255 bits in the circuits' six limbs, least significant first. */
export const limbs = (value: bigint): bigint[] => [0, 1, 2, 3, 4, 5].map((i) => limb(value, i));

/** 43 bits of a number. */
export const limb = (value: bigint, i: number): bigint => BigInt.asUintN(43, value >> BigInt(43 * i));

/** The number with these limbs, in range or not. */
export const joined = (parts: readonly bigint[]): bigint => parts.reduceRight((sum, part) => (sum << 43n) + part, 0n);
