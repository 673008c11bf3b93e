import { BalanceOverflowError, InsufficientBalanceError } from "../state/admission.ts";
import { type Asset, formatAmount } from "./amount.ts";

/** What comes into blocks before something of an account, in words; nothing if nothing does. */
export function describeAhead(operations: number, transfers: number): string {
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const parts = [
    ...(operations === 0 ? [] : [`${count(operations, "operation")} in the queue`]),
    ...(transfers === 0 ? [] : [`${count(transfers, "transfer")} in no block yet`]),
  ];
  return parts.length === 0 ? "" : ` after ${parts.join(" and ")}`;
}

/**
 * The same refusal as people read it: the L2 counts in wei, and does not know what of a balance is still to come.
 * @param ahead {@link describeAhead} of the sender
 */
export function inTokens(error: unknown, asset: Asset, ahead: string): unknown {
  const show = (wei: bigint): string => formatAmount(wei, asset);
  if (error instanceof InsufficientBalanceError) {
    const { from, balance, needed } = error;
    return new InsufficientBalanceError(from, balance, needed, { show, ahead });
  }
  return error instanceof BalanceOverflowError ? new BalanceOverflowError(error.to, error.balance, show) : error;
}
