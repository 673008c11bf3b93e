import { BoundedMap } from "../gossip/bounded.ts";
import type { DropReason } from "../protocol/dropReason.ts";
import { type SignedTransfer } from "../protocol/transfer.ts";
import { transferId } from "../protocol/transferId.ts";
import { Mempool, type MempoolOptions } from "../roles/index.ts";
import type { State } from "../state/state.ts";

/** Transfers that have left of which it is remembered why, the oldest forgotten first. */
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
  readonly #waiting = new Map<string, SignedTransfer>();
  readonly #left = new BoundedMap<string, PooledTransfer>(MAX_REMEMBERED);
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
    this.#waiting.set(id, transfer);
    this.#left.delete(id);
    this.#onChange(id, undefined);
    return undefined;
  }

  /** After a block: what it includes, and what can never be included any more, leaves. See `Mempool.revise`. */
  revise(state: State, isIncluded?: (id: string) => boolean | undefined): void {
    this.#mempool.revise(state, isIncluded);
  }

  find(id: string): PooledTransfer | undefined {
    const transfer = this.#waiting.get(id);
    return transfer === undefined ? this.#left.get(id) : { transfer, reason: undefined };
  }

  /** Transfers of an account that wait, by their nonces. */
  waitingOf(account: number): readonly SignedTransfer[] {
    return this.#mempool.of(account);
  }

  /** What was never taken is nobody's business but its sender's. */
  #dropped(transfer: SignedTransfer, reason: DropReason): void {
    if (reason === "known already") return;
    const id = transferId(transfer);
    if (!this.#waiting.delete(id)) return;
    this.#left.set(id, { transfer, reason });
    this.#onChange(id, reason);
  }
}
