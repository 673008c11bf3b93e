import { toBeHex } from "ethers";

/** `value` as 0x and 64 hexadecimal digits. */
export function toHex32(value: bigint): string {
  return toBeHex(value, 32);
}

/** Bytes `from .. to` of hexadecimal, at no more cost than they have: ethers' `dataSlice` decodes all of it first. */
export function sliceHex(hex: string, from: number, to?: number): string {
  return `0x${hex.slice(2 + 2 * from, to === undefined ? undefined : 2 + 2 * to)}`;
}
