import type { ChainClient } from "../chain/client.ts";
import { ChainEndedError } from "./errors.ts";

/**
 * After the end no block comes any more: L1 would still take a message on the bulletin, and gas for it, for nothing.
 * @throws {ChainEndedError}
 */
export async function requireAlive({ bridge }: ChainClient): Promise<void> {
  if (await bridge.isFrozen()) throw new ChainEndedError();
}
