import { BalanceOverflowError, InsufficientBalanceError } from "../state/admission.ts";
import { type Asset, formatAmount } from "./amount.ts";

/** The words for what of an account comes into blocks first, with a space before them; empty if nothing does. */
export function describeAhead(operations: number, transfers: number): string {
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const parts = [
    ...(operations === 0 ? [] : [`${count(operations, "operation")} in the queue`]),
    ...(transfers === 0 ? [] : [`${count(transfers, "transfer")} in no block yet`]),
  ];
  return parts.length === 0 ? "" : ` after ${parts.join(" and ")}`;
}

/**
 * A refusal as people read it, in tokens and with what is still to come. The L2 counts in wei and knows its own state
 * only.
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
