import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventsOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

/** What a winner (place 0) or an uncle was paid. */
export interface PaidCandidate {
  readonly proposalId: bigint;
  readonly proposer: string;
  readonly place: number;
  /** Of its bid, BID_UNIT. */
  readonly burnt: bigint;
  /** Wei of the native token for one unit of fulfilled weight; under fair pay, for each prover. */
  readonly proverUnit: bigint;
  /** Wei of the native token. */
  readonly proposerReward: bigint;
  /** Wei of the asset. */
  readonly fees: bigint;
}

/** How a height was decided. */
export interface Advance {
  readonly roundId: bigint;
  readonly proposalId: bigint;
  readonly stateRoot: bigint;
  /** Wei. */
  readonly minted: bigint;
  /** Wei. */
  readonly burnt: bigint;
  /** What the builder of the L1 block was credited with, wei. */
  readonly tip: bigint;
  readonly paid: readonly PaidCandidate[];
}

/** Makes the leading candidate final and opens the next height. By anyone. */
export async function advance(
  client: ChainClient,
  sender: From,
): Promise<Advance & { receipt: ContractTransactionReceipt }> {
  const { rollup } = client;
  const receipt = await send("advance", sender, rollup.advance.populateTransaction());
  return { receipt, ...advanceIn(client, receipt)! };
}

/**
 * The advance in a transaction: every action first makes final what is decided already. Undefined where nothing was
 * due.
 */
export function advanceIn({ rollup }: ChainClient, receipt: ContractTransactionReceipt): Advance | undefined {
  const [advanced] = eventsOf(rollup, receipt, "Advanced");
  if (advanced === undefined) return undefined;
  const [tipped] = eventsOf(rollup, receipt, "Tipped");
  const paid = eventsOf(rollup, receipt, "CandidatePaid").map((event) => {
    const candidate = event.toObject() as unknown as PaidCandidate;
    return { ...candidate, place: Number(candidate.place) };
  });
  const outcome = advanced.toObject() as unknown as Omit<Advance, "tip" | "paid">;
  return { ...outcome, tip: (tipped?.["amount"] as bigint | undefined) ?? 0n, paid };
}
