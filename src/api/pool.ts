import { BoundedMap } from "../gossip/bounded.ts";
import type { DropReason } from "../protocol/dropReason.ts";
import { type SignedTransfer } from "../protocol/transfer.ts";
import { transferId } from "../protocol/transferId.ts";
import { Mempool, type MempoolOptions } from "../roles/index.ts";
import type { State } from "../state/state.ts";

/** Transfers of which it is remembered what became of them, the oldest forgotten first. */
const MAX_REMEMBERED = 65_536;

/** What a node knows of a transfer that is in no final block. */
export interface PooledTransfer {
  readonly transfer: SignedTransfer;
  /** Why it left; undefined: it waits. */
  readonly reason: DropReason | undefined;
}

/** Transfers that wait for a block, and what became of those that do not any more. */
export class TransferPool {
  readonly #mempool: Mempool;
  readonly #remembered = new BoundedMap<string, PooledTransfer>(MAX_REMEMBERED);
  readonly #waiting = new Map<number, number>();
  readonly #onChange: (id: string, reason: DropReason | undefined) => void;

  /** @param onChange told of each that is taken or leaves, by its id */
  constructor(options: MempoolOptions, onChange: (id: string, reason: DropReason | undefined) => void) {
    this.#onChange = onChange;
    this.#mempool = new Mempool({ ...options, onDrop: ({ transfer, reason }) => this.#dropped(transfer, reason) });
  }

  /** @returns why it is not taken; undefined if it is */
  add(transfer: SignedTransfer, state: State): DropReason | undefined {
    const reason = this.#mempool.add(transfer, state);
    if (reason !== undefined) return reason;
    const id = transferId(transfer);
    this.#remembered.set(id, { transfer, reason: undefined });
    this.#count(transfer.from, 1);
    this.#onChange(id, undefined);
    return undefined;
  }

  /** After a block: what can never be included any more leaves. */
  revise(state: State): void {
    this.#mempool.revise(state);
  }

  find(id: string): PooledTransfer | undefined {
    return this.#remembered.get(id);
  }

  /** Transfers of an account that wait. */
  waitingOf(account: number): number {
    return this.#waiting.get(account) ?? 0;
  }

  /** What was never taken is nobody's business but its sender's. */
  #dropped(transfer: SignedTransfer, reason: DropReason): void {
    const id = transferId(transfer);
    const known = this.#remembered.get(id);
    if (known === undefined || known.reason !== undefined || reason === "known already") return;
    this.#remembered.set(id, { transfer, reason });
    this.#count(transfer.from, -1);
    this.#onChange(id, reason);
  }

  #count(account: number, change: number): void {
    const count = this.waitingOf(account) + change;
    if (count === 0) this.#waiting.delete(account);
    else this.#waiting.set(account, count);
  }
}
