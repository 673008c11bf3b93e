import { createHash } from "node:crypto";
import { DevelopmentKeysError } from "../proving/errors.ts";
import { DEVELOPMENT_TAU_HASH, LOCAL_CHAIN_IDS } from "../proving/keys/networks.ts";

/**
 * Recognises development keys by the part of the verifying key that all circuits share, whatever else is said about
 * them.
 * @param commonKey `alpha | beta | gamma` as hexadecimal
 * @throws DevelopmentKeysError when they are, and the chain is not local
 */
export function assertCommonKeyAllowed(chainId: bigint, commonKey: string): void {
  if (LOCAL_CHAIN_IDS.includes(chainId)) return;
  const tauHash = createHash("sha256")
    .update(Buffer.from(commonKey.slice(2), "hex"))
    .digest("hex");
  if (tauHash === DEVELOPMENT_TAU_HASH) throw new DevelopmentKeysError("every circuit", chainId, LOCAL_CHAIN_IDS);
}
