import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

export interface RegisterParameters {
  /** Poseidon(TAG_KEY, Ax, Ay). */
  readonly key: bigint;
  /** Wei of the native token; the registry must be approved for it and for its registration fee. */
  readonly stake: bigint;
  /** KeyOwnership proof, 256 bytes as hexadecimal. */
  readonly proof: string;
}

/** Registers a key; the sender becomes its owner. @returns the prover's `index`, from 1 */
export async function register(
  { registry }: ChainClient,
  sender: From,
  { key, stake, proof }: RegisterParameters,
): Promise<{ receipt: ContractTransactionReceipt; index: number }> {
  const receipt = await send("register", sender, registry.register.populateTransaction(key, stake, proof));
  return { receipt, index: Number(eventOf(registry, receipt, "Registered")["index"]) };
}
