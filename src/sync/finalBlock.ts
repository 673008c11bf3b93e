import { getAddress, toBeHex, toQuantity } from "ethers";
import type { PlacedExit } from "../protocol/exit.ts";

/** A block of L1. */
export interface L1Block {
  readonly number: number;
  readonly hash: string;
}

/** A final block of the L2. */
export interface FinalBlock {
  readonly height: number;
  readonly proposalId: bigint;
  readonly stateRoot: bigint;
  /** Where L1 decided it. */
  readonly l1Block: L1Block;
}

/** An exit of a final block. */
export interface FinalExit extends PlacedExit {
  readonly height: number;
  readonly proposalId: bigint;
}

/** Keys and values of these in a store. */
export const blockKey = (height: number): string => `block:${height}`;
export const exitsKey = (height: number): string => `exits:${height}`;

/** Count of the heights with exits of an owner, or one of them. */
export function ownerKey(l1Owner: bigint, i?: number): string {
  const address = getAddress(toBeHex(l1Owner, 20));
  return i === undefined ? `owner:${address}` : `owner:${address}:${i}`;
}

export function encodeBlock({ proposalId, stateRoot, l1Block }: FinalBlock): string {
  return JSON.stringify([toQuantity(proposalId), toQuantity(stateRoot), l1Block.number, l1Block.hash]);
}

export function decodeBlock(height: number, encoded: string): FinalBlock {
  const [proposalId, stateRoot, number, hash] = JSON.parse(encoded) as [string, string, number, string];
  return { height, proposalId: BigInt(proposalId), stateRoot: BigInt(stateRoot), l1Block: { number, hash } };
}
