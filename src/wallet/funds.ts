import { approveAsset } from "../chain/actions/approveAsset.ts";
import { formatAmount } from "./amount.ts";
import type { WalletContext } from "./context.ts";
import { InsufficientFundsError } from "./errors.ts";

/**
 * Lets the bridge pull what an operation takes, unless it may already.
 * @param what it is for, for messages
 * @throws {InsufficientFundsError} before anything is sent
 */
export async function provideFunds(
  { client, asset, identity, signer }: WalletContext,
  needed: bigint,
  what: string,
): Promise<void> {
  const { address } = identity;
  const [balance, allowance] = await Promise.all([
    client.asset.balanceOf(address),
    client.asset.allowance(address, client.deployment.contracts.bridge),
  ]);
  if (balance < needed)
    throw new InsufficientFundsError(what, formatAmount(balance, asset), formatAmount(needed, asset));
  if (allowance < needed) await approveAsset(client, signer, needed);
}
