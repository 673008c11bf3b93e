import type { Deposits } from "../l1View.ts";
import type { EventArgs } from "./event.ts";

/** Seats of proposers and their deposits, both by address. */
export class ProposerHistory {
  readonly seats = new Map<string, number>();
  readonly deposits = new Map<string, Deposits>();

  onSeatTaken(args: EventArgs): void {
    this.seats.set(args["proposer"] as string, Number(args["seat"]));
  }

  /** Deposited or withdrawn. */
  onBalance(args: EventArgs): void {
    const proposer = args["proposer"] as string;
    const balance = args["balance"] as bigint;
    const [even, odd] = this.deposits.get(proposer) ?? [0n, 0n];
    this.deposits.set(proposer, args["lane"] === 0n ? [balance, odd] : [even, balance]);
  }
}
