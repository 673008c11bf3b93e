import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";

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
  signer: Signer,
  { key, stake, proof }: RegisterParameters,
): Promise<{ receipt: ContractTransactionReceipt; index: number }> {
  const receipt = await transact("register", signer, (sender, overrides) =>
    registry.connect(sender).register(key, stake, proof, overrides),
  );
  return { receipt, index: Number(eventOf(registry, receipt, "Registered")["index"]) };
}
