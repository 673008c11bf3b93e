import { toBeHex } from "ethers";

/** `value` as 0x and 64 hexadecimal digits. */
export function toHex32(value: bigint): string {
  return toBeHex(value, 32);
}
