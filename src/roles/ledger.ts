import type { ChainClient } from "../chain/index.ts";
import type { PackedOperation } from "../protocol/operation.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { InadmissibleTransferError } from "../state/admission.ts";
import { executeBlock, type ExecutedBlock, type Rules } from "../state/executor.ts";
import type { State } from "../state/state.ts";
import type { SyncedState } from "../sync/syncedState.ts";
import { syncWithL1 } from "../sync/sync.ts";

/** A block that may become final, as far as executing it takes. */
export interface KnownBlock {
  readonly proposalId: bigint;
  /** proposalId of the block that it builds on; 0 for genesis. */
  readonly parent: bigint;
  readonly operations: readonly PackedOperation[];
  /** In the block's order. */
  readonly transfers: readonly SignedTransfer[];
}

export interface LedgerPorts {
  readonly client: ChainClient;
  /** The L2 as L1 has decided it, on disk or in memory. */
  readonly synced: SyncedState;
}

/**
 * The L2 of a node: what is final comes from L1, what may become final is executed on top. A block that cannot be
 * executed is remembered as one: it can never be proven.
 */
export class Ledger {
  readonly #rules: Rules;
  readonly #client: ChainClient;
  readonly #synced: SyncedState;
  readonly #blocks = new Map<bigint, KnownBlock>();
  /** Of blocks on top of the present head; undefined for one that cannot be executed. */
  readonly #executed = new Map<bigint, ExecutedBlock | undefined>();

  constructor(rules: Rules, { client, synced }: LedgerPorts) {
    this.#rules = rules;
    this.#client = client;
    this.#synced = synced;
  }

  /** After the last final block. */
  get state(): State {
    return this.#synced.state;
  }

  /** proposalId of the last final block that is here. */
  get head(): bigint {
    return this.#synced.head.proposalId;
  }

  /** Follows L1. Forgets blocks that can no longer become final. */
  async sync(signal?: AbortSignal): Promise<void> {
    const before = this.head;
    await syncWithL1(this.#client, this.#synced, { location: "the ledger", signal });
    if (this.head === before) return;
    // Views of the head before are stale.
    this.#executed.clear();
    const isAlive = ({ proposalId, parent }: KnownBlock): boolean =>
      proposalId !== this.head && (parent === this.head || this.#blocks.get(parent)?.parent === this.head);
    const alive = [...this.#blocks.values()].filter(isAlive);
    this.#blocks.clear();
    for (const block of alive) this.#blocks.set(block.proposalId, block);
  }

  /** @param executed what it does, if that is known already */
  add(block: KnownBlock, executed?: ExecutedBlock): void {
    this.#blocks.set(block.proposalId, block);
    if (executed !== undefined) this.#executed.set(block.proposalId, executed);
  }

  block(proposalId: bigint): KnownBlock | undefined {
    return this.#blocks.get(proposalId);
  }

  /** The state after a block; undefined if the block or one below it is unknown, or cannot be executed. */
  stateAfter(proposalId: bigint): State | undefined {
    return proposalId === this.head ? this.state : this.executed(proposalId)?.state;
  }

  /** What a known block does; undefined if a block below it is unknown, or it cannot be executed. */
  executed(proposalId: bigint): ExecutedBlock | undefined {
    if (this.#executed.has(proposalId)) return this.#executed.get(proposalId);
    const block = this.#blocks.get(proposalId);
    const parent = block && this.stateAfter(block.parent);
    if (block === undefined || parent === undefined) return undefined;
    const executed = this.#execute(parent, block);
    this.#executed.set(proposalId, executed);
    return executed;
  }

  #execute(parent: State, { operations, transfers }: KnownBlock): ExecutedBlock | undefined {
    try {
      return executeBlock(parent, operations, transfers, this.#rules);
    } catch (error) {
      if (error instanceof InadmissibleTransferError) return undefined;
      throw error;
    }
  }
}
