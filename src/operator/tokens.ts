import { formatUnits } from "ethers";
import type { ChainClient } from "../chain/index.ts";
import { B52Error } from "../protocol/errors.ts";

/** Wei of the native token for people. */
export const formatTokens = (wei: bigint): string => `${formatUnits(wei, 18).replace(/\.0$/, "")} tokens`;

/** Unix seconds for people. */
export const isoTime = (seconds: bigint): string => new Date(Number(seconds) * 1_000).toISOString();

/** An account has less than it is to pay. */
export class TooFewTokensError extends B52Error {
  constructor(address: string, found: bigint, expected: bigint) {
    super(`${address} has ${formatTokens(found)} on L1, expected at least ${formatTokens(expected)}: send it some`, {
      address,
      found,
      expected,
    });
  }
}

/** @throws {TooFewTokensError} */
export async function requireTokens({ token }: ChainClient, address: string, amount: bigint): Promise<void> {
  const found = await token.balanceOf(address);
  if (found < amount) throw new TooFewTokensError(address, found, amount);
}
