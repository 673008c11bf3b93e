import type { Transfer } from "../protocol/transfer.ts";
import type { State } from "./state.ts";

/** Takes amount and fee from the sender and counts its nonce. */
export function charge(state: State, { from, amount, fee }: Transfer): void {
  const sender = state.account(from);
  state.setAccount(from, { ...sender, balance: sender.balance - amount - fee, nonce: sender.nonce + 1n });
}

/** Gives the amount to the receiver. */
export function credit(state: State, { to, amount }: Transfer): void {
  const receiver = state.account(to);
  state.setAccount(to, { ...receiver, balance: receiver.balance + amount });
}
