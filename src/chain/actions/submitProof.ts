import type { ContractTransactionReceipt } from "ethers";
import type { ProvenForest } from "../../protocol/forest.ts";
import type { ChainClient } from "../client.ts";
import { eventOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";
import { openingOf, type Commitment } from "./commitment.ts";

export interface SubmitProofParameters {
  readonly commitment: Commitment;
  readonly forest: ProvenForest;
  /** Where one part of the forest ends and the next begins, if all parts were verified before; no proofs follow. */
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
  sender: From,
  { commitment, forest, cuts = [] }: SubmitProofParameters,
): Promise<SubmitProofReturn> {
  const { rollup } = client;
  const { statement, flags, rootCommitment, contents, betas, proofs } = forest;
  const { nextStateRoot, txsRoot, fees, l1OpCount, txCount, withdrawalsRoot, dataEval, proversRoot } = statement;
  const submission = {
    ...{ nextStateRoot, txsRoot, fees, l1OpCount, txCount, withdrawalsRoot, dataEval, proversRoot },
    opening: openingOf(commitment),
    transcript: commitment.transcript,
    flags: [...flags],
    rootCommitment,
    contents: [...contents],
    betas: [...betas],
    proofs: cuts.length === 0 ? proofs : "0x",
    cuts: [...cuts],
  };
  const receipt = await send("submitProof", sender, rollup.submitProof.populateTransaction(submission));
  const event = eventOf(rollup, receipt, "CandidateProven");
  return {
    receipt,
    proposalId: event["proposalId"] as bigint,
    place: Number(event["place"]),
    score: event["score"] as bigint,
    provers: Number(event["provers"]),
  };
}
