/** `width` bits of a packed word, from the bit `low` up. */
export function bits(word: bigint, low: number, width: number): bigint {
  return (word >> BigInt(low)) & ((1n << BigInt(width)) - 1n);
}
