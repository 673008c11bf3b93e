import { exitLeaf } from "../protocol/exit.ts";
import { encodedAmountOf, type Transfer } from "../protocol/transfer.ts";
import type { State } from "./state.ts";

/** Takes amount and fee from the sender and counts its nonce. */
export function charge(state: State, { from, amount, fee }: Transfer): void {
  const sender = state.account(from);
  state.setAccount(from, { ...sender, balance: sender.balance - amount - fee, nonce: sender.nonce + 1n });
}

/** Gives the amount to the receiver, if there is one: an exit has none. */
export function credit(state: State, { to, amount }: Transfer): void {
  if (to === 0) return;
  const receiver = state.account(to);
  state.setAccount(to, { ...receiver, balance: receiver.balance + amount });
}

/** The packed exit that a transfer is, 0 if it has a receiver. */
export function exitOf(packed: bigint, { to }: Transfer, l1Owner: bigint): bigint {
  return to === 0 ? exitLeaf(encodedAmountOf(packed), l1Owner) : 0n;
}
