import type { ContractTransactionReceipt, Signer } from "ethers";
import type { Flags } from "../../protocol/flags.ts";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { transact } from "../transact.ts";
import { openingOf, type Commitment } from "./commitment.ts";

export interface SubmitProofParameters {
  readonly commitment: Commitment;
  readonly nextStateRoot: bigint;
  readonly txsRoot: bigint;
  readonly fees: bigint;
  readonly l1OpCount: bigint;
  readonly txCount: bigint;
  readonly withdrawalsRoot: bigint;
  readonly dataEval: bigint;
  readonly proversRoot: bigint;
  /** Voted and delivered bits only. */
  readonly flags: Flags;
  /** C of the root proof. */
  readonly rootCommitment: bigint;
  /** Content of slots 1.., in slot order. */
  readonly contents: readonly bigint[];
  /** VRF output of the worker of each slot, in slot order; empty if the round has no seed. */
  readonly betas: readonly bigint[];
  /** 256 bytes for each slot, in slot order, as hexadecimal; `0x` if there are `cuts`. */
  readonly proofs: string;
  /** Where one part of the forest ends and the next begins, if all parts were verified before. */
  readonly cuts?: readonly number[];
}

export interface SubmitProofReturn {
  readonly receipt: ContractTransactionReceipt;
  readonly proposalId: bigint;
  /** In the ranking, 0 first. */
  readonly place: number;
  readonly score: bigint;
  /** Distinct fulfilled provers. */
  readonly provers: number;
}

/** Verifies a forest on L1 and ranks its proposal. By anyone. */
export async function submitProof(
  client: ChainClient,
  signer: Signer,
  parameters: SubmitProofParameters,
): Promise<SubmitProofReturn> {
  const { rollup } = client;
  const { commitment, flags, contents, betas, cuts = [], ...statement } = parameters;
  const submission = {
    ...statement,
    opening: openingOf(commitment),
    transcript: commitment.transcript,
    flags: [...flags],
    contents: [...contents],
    betas: [...betas],
    cuts: [...cuts],
  };
  const receipt = await transact("submitProof", signer, (sender, overrides) =>
    rollup.connect(sender).submitProof(submission, overrides),
  );
  const event = eventOf(rollup, receipt, "CandidateProven");
  return {
    receipt,
    proposalId: event["proposalId"] as bigint,
    place: Number(event["place"]),
    score: event["score"] as bigint,
    provers: Number(event["provers"]),
  };
}
