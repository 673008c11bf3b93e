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
  /** Whether it won or was a paid uncle. */
  readonly isPaid: boolean;
  /** Whether it won. */
  readonly isFinal: boolean;
  /** Wei of the native token for one unit of fulfilled weight; 0 until paid, and where a payout policy pays provers. */
  readonly proverUnit: bigint;
  readonly nextStateRoot: bigint;
  readonly contentsHash: string;
  readonly transcriptHash: string;
  readonly roundId: bigint;
  readonly orderCommitment: string;
  /** What VRF outputs of its round are made from; 0 where there are none. */
  readonly roundSeed: bigint;
  readonly txCount: bigint;
  /** L1 operations that it begins with. */
  readonly l1OpCount: bigint;
  /** Root of its exits. */
  readonly withdrawalsRoot: bigint;
  /** Of the score policy, in its round; 0 where it has none. */
  readonly exponent: bigint;
  /** The last second that counted for who is eligible, and with which stake. */
  readonly eligibleAt: bigint;
  /** When proofs were no longer taken, Unix seconds. */
  readonly acceptanceEnds: bigint;
}

/** What L1 knows of a candidate; undefined when there is none of this id. */
export async function getCandidate({ rollup }: ChainClient, proposalId: bigint): Promise<Candidate | undefined> {
  const view = await rollup.candidateOf(proposalId);
  return view.proposer === ZeroAddress ? undefined : ((view as unknown as Result).toObject() as unknown as Candidate);
}
