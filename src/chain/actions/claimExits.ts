import type { ContractTransactionReceipt } from "ethers";
import type { ChainClient } from "../client.ts";
import { eventsOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";

/** An exit of a final block. */
export interface ExitClaim {
  readonly proposalId: bigint;
  /** Base index << 16 | leaf index. */
  readonly position: number;
  /** The packed leaf. */
  readonly exit: bigint;
}

export interface ClaimExitsParameters {
  /** At most as many as one proof has places for. */
  readonly claims: readonly ExitClaim[];
  /** C of the ExitClaim proof. */
  readonly commitment: bigint;
  /** 256 bytes as hexadecimal. */
  readonly proof: string;
}

/** Pays exits to their owners. By anyone. @returns `amount` in wei of the asset, of all together */
export async function claimExits(
  { bridge }: ChainClient,
  sender: From,
  { claims, commitment, proof }: ClaimExitsParameters,
): Promise<{ receipt: ContractTransactionReceipt; amount: bigint }> {
  const receipt = await send(
    "claimExits",
    sender,
    bridge.claimExits.populateTransaction([...claims], commitment, proof),
  );
  const amounts = eventsOf(bridge, receipt, "ExitClaimed").map((event) => event["amount"] as bigint);
  return { receipt, amount: amounts.reduce((sum, amount) => sum + amount, 0n) };
}
