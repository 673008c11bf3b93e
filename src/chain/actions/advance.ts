import type { ContractTransactionReceipt, Signer } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventOf, eventsOf } from "../events.ts";
import { transact } from "../transact.ts";

/** What a winner (place 0) or an uncle was paid. */
export interface PaidCandidate {
  readonly proposalId: bigint;
  readonly proposer: string;
  readonly place: number;
  /** Of its bid, BID_UNIT. */
  readonly burnt: bigint;
  /** Wei of the native token for one unit of fulfilled weight. */
  readonly proverUnit: bigint;
  /** Wei of the native token. */
  readonly proposerReward: bigint;
  /** Wei of the asset. */
  readonly fees: bigint;
}

export interface AdvanceReturn {
  readonly receipt: ContractTransactionReceipt;
  readonly proposalId: bigint;
  readonly stateRoot: bigint;
  /** Wei. */
  readonly minted: bigint;
  /** Wei. */
  readonly burnt: bigint;
  readonly paid: readonly PaidCandidate[];
}

/** Makes the leading candidate final and opens the next height. By anyone. */
export async function advance({ rollup }: ChainClient, signer: Signer): Promise<AdvanceReturn> {
  const receipt = await transact("advance", signer, (sender, overrides) => rollup.connect(sender).advance(overrides));
  const { proposalId, stateRoot, minted, burnt } = eventOf(rollup, receipt, "Advanced").toObject() as Record<string, bigint>;
  const paid = eventsOf(rollup, receipt, "CandidatePaid").map((event) => {
    const candidate = event.toObject() as unknown as PaidCandidate;
    return { ...candidate, place: Number(candidate.place) };
  });
  return { receipt, proposalId: proposalId!, stateRoot: stateRoot!, minted: minted!, burnt: burnt!, paid };
}
