import type { ChainClient } from "../chain/client.ts";
import { ChainEndedError } from "./errors.ts";

/**
 * After the end of the chain no block comes. L1 would still take messages for the bulletin, and gas, for nothing.
 * @throws {ChainEndedError}
 */
export async function requireAlive({ bridge }: ChainClient): Promise<void> {
  if (await bridge.isFrozen()) throw new ChainEndedError();
}
