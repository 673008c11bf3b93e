import { ZeroAddress, type Result } from "ethers";
import type { ChainClient } from "../client.ts";

/** A verified proposal. */
export interface Candidate {
  readonly proposer: string;
  /** BID_UNIT. */
  readonly burnBid: bigint;
  readonly proverShareBps: bigint;
  /** Unix seconds. */
  readonly committedAt: bigint;
  readonly score: bigint;
  /** Distinct fulfilled provers. */
  readonly provers: bigint;
  readonly fulfilledWeight: bigint;
  readonly assignedWeight: bigint;
  /** Wei of the asset. */
  readonly fees: bigint;
  /** Wei of the native token for one unit of fulfilled weight; 0 until paid. */
  readonly proverUnit: bigint;
  readonly nextStateRoot: bigint;
  readonly contentsHash: string;
  readonly transcriptHash: string;
}

/** What L1 knows of a candidate; undefined when there is none of this id. */
export async function getCandidate({ rollup }: ChainClient, proposalId: bigint): Promise<Candidate | undefined> {
  const view = await rollup.candidateOf(proposalId);
  return view.proposer === ZeroAddress ? undefined : ((view as unknown as Result).toObject() as unknown as Candidate);
}
