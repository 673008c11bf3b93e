import { getAddress, toBeHex } from "ethers";

/** The address that a number stands for, with its checksum. */
export const addressOf = (l1Owner: bigint): string => getAddress(toBeHex(l1Owner, 20));
