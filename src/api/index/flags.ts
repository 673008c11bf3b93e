import type { Flags } from "../../protocol/flags.ts";

/** Flags as a row has them. */
export const encodeFlags = (flags: Flags): string => flags.map((word) => word.toString(16)).join();

export const decodeFlags = (encoded: string): Flags => encoded.split(",").map((word) => BigInt(`0x${word}`));
