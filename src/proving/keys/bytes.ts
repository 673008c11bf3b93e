/**
 * Big integers as fixed-width little-endian bytes, four 64-bit limbs at a time: the inner loop of reading and writing
 * keys.
 */

export function readLE256(view: DataView, offset: number): bigint {
  return (
    view.getBigUint64(offset, true) |
    (view.getBigUint64(offset + 8, true) << 64n) |
    (view.getBigUint64(offset + 16, true) << 128n) |
    (view.getBigUint64(offset + 24, true) << 192n)
  );
}

/** Writes `value`, `0 <= value < 2 ** 256`, as 32 bytes. */
export function writeLE256(view: DataView, offset: number, value: bigint): void {
  for (let i = 0; i < 32; i += 8, value >>= 64n) view.setBigUint64(offset + i, value, true);
}
