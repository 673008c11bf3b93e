import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { transact } from "../transact.ts";
import { openingOf, type Commitment } from "./commitment.ts";

/** One node's proof, made with the key of its slot's prover. */
export interface NodeProof {
  /** From 1. */
  readonly slot: number;
  /** VRF output; 0 in a round without a seed. */
  readonly beta: bigint;
  /** Votes for its children that the proof shows, one bit a child. */
  readonly mask: bigint;
  /** Content of slots 1.., in slot order. */
  readonly contents: readonly bigint[];
  /** 256 bytes as hexadecimal. */
  readonly proof: string;
}

/** The contract's `NodeProof`. */
export const nodeProofOf = ({ slot, beta, mask, contents, proof }: NodeProof) => ({
  slot,
  beta,
  mask,
  contents: [...contents],
  proof,
});

/** Delivers a node's proof straight to L1, in the acceptance window of a revealed proposal. By anyone. */
export async function handIn(
  { court }: ChainClient,
  signer: Signer,
  commitment: Commitment,
  node: NodeProof,
): Promise<ContractTransactionReceipt> {
  return transact("handIn", signer, (sender, overrides) =>
    court.connect(sender).handIn(openingOf(commitment), commitment.transcript, nodeProofOf(node), overrides),
  );
}
