import { formatAmount } from "./amount.ts";
import type { WalletContext } from "./context.ts";
import { InsufficientFundsError } from "./errors.ts";

/**
 * Whether the bridge is to be allowed to pull what an operation takes: it may not pull as much yet.
 * @param what it is for, for messages
 * @throws {InsufficientFundsError}
 */
export async function needsApproval(
  { client, asset, identity }: WalletContext,
  needed: bigint,
  what: string,
): Promise<boolean> {
  const { address } = identity;
  const [balance, allowance] = await Promise.all([
    client.asset.balanceOf(address),
    client.asset.allowance(address, client.deployment.contracts.bridge),
  ]);
  if (balance < needed)
    throw new InsufficientFundsError(what, formatAmount(balance, asset), formatAmount(needed, asset));
  return allowance < needed;
}
