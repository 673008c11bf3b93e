import type { ContractTransactionReceipt } from "ethers";
import { BoundedMap } from "../../gossip/bounded.ts";

/** How many are remembered, and for how long, ms. */
const MAX_REMEMBERED = 64;
const REMEMBERED_MS = 3_600_000;

type Sent = Promise<ContractTransactionReceipt>;

/**
 * What was sent for commands that have left before it was mined: they were killed, so nobody has seen what came of it.
 * Who does the same again within an hour gets that, once.
 */
export class Undelivered {
  readonly #now: () => number;
  readonly #sent = new BoundedMap<string, { readonly sent: Sent; readonly since: number }>(MAX_REMEMBERED);

  /** @param now milliseconds */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @param call equal for calls that do the same */
  keep(call: string, sent: Sent): void {
    this.#sent.set(call, { sent, since: this.#now() });
    // What has failed may be tried again.
    sent.catch(() => this.#sent.delete(call));
  }

  take(call: string): Sent | undefined {
    const found = this.#sent.get(call);
    this.#sent.delete(call);
    return found !== undefined && this.#now() - found.since < REMEMBERED_MS ? found.sent : undefined;
  }
}
