import { decodeBlob } from "../blobs/blob.ts";
import { BlobUnavailableError } from "../blobs/errors.ts";
import type { BlobSource } from "../blobs/source.ts";
import type { ChainClient } from "../chain/index.ts";
import type { Log } from "../log/index.ts";
import { type BlockData, blockTransfers, decodeOperations, encodeOperations } from "../protocol/blockData.ts";
import { MalformedError, OutOfRangeError } from "../protocol/errors.ts";
import { publishedTransferId } from "../protocol/transferId.ts";
import { InadmissibleTransferError } from "../state/admission.ts";
import type { ExecutedBlock, Rules } from "../state/executor.ts";
import type { State } from "../state/state.ts";
import { traceBlock } from "../state/trace.ts";
import type { SyncedState } from "../sync/syncedState.ts";
import { syncWithL1 } from "../sync/sync.ts";
import type { L1Commit, L1View } from "./l1View.ts";

/** A block that may become final, as far as executing it takes. */
export interface KnownBlock {
  readonly proposalId: bigint;
  /** proposalId of the block that it builds on; 0 for genesis. */
  readonly parent: bigint;
  /** What its order commits to. */
  readonly txsRoot: bigint;
  readonly txCount: bigint;
  readonly data: BlockData;
}

export interface LedgerPorts {
  readonly client: ChainClient;
  /** The L2 as L1 has decided it, on disk or in memory. */
  readonly synced: SyncedState;
  /** Where the blobs of blocks come from. */
  readonly blobs: BlobSource;
}

/** Seconds of L1 time that blobs of an honest reveal may take: peers and beacon nodes have them some blocks later. */
export const BLOB_PATIENCE = 36n;

/** Blobs that were not to be had. */
interface Missing {
  /** Hash of the L1 block at which they were asked for last. */
  readonly block: string;
  /** L1 time at which they were asked for first, Unix seconds. */
  readonly since: bigint;
  readonly isTold: boolean;
}

/** What of L1 says which blocks were revealed. */
type Revealed = Pick<L1View, "block" | "now" | "round" | "open" | "operations">;

/**
 * The L2 of a node: what is final comes from L1, what may become final is executed on top. A block that cannot be
 * executed is remembered as one: it can never be proven.
 */
export class Ledger {
  readonly #rules: Rules;
  readonly #client: ChainClient;
  readonly #synced: SyncedState;
  readonly #blobs: BlobSource;
  readonly #blocks = new Map<bigint, KnownBlock>();
  /** Of blocks on top of the present head; undefined for one that cannot be proven. */
  readonly #executed = new Map<bigint, ExecutedBlock | undefined>();
  /** Of blocks whose blobs were not to be had. */
  readonly #missing = new Map<bigint, Missing>();
  /** Blocks whose blobs are being asked for again. */
  readonly #again = new Set<bigint>();
  /** What has ended one of these, and should not have. */
  #failure: Error | undefined;

  constructor(rules: Rules, { client, synced, blobs }: LedgerPorts) {
    this.#rules = rules;
    this.#client = client;
    this.#synced = synced;
    this.#blobs = blobs;
  }

  /** After the last final block. */
  get state(): State {
    return this.#synced.state;
  }

  /** proposalId of the last final block that is here. */
  get head(): bigint {
    return this.#synced.head.proposalId;
  }

  /**
   * Follows L1. Forgets blocks that can no longer become final.
   * @returns ids of the transfers in the blocks that became final; undefined if one of them was not known before
   */
  async sync(signal?: AbortSignal): Promise<ReadonlySet<string> | undefined> {
    const { proposalId: before, height } = this.#synced.head;
    await syncWithL1(this.#client, this.#synced, {
      location: this.#synced.location,
      blobs: this.#blobs,
      signal,
    });
    if (this.head === before) return new Set();
    const included = this.#transfersSince(height);
    // Views of the head before are stale.
    this.#executed.clear();
    this.#missing.clear();
    const isAlive = ({ proposalId, parent }: KnownBlock): boolean =>
      proposalId !== this.head && (parent === this.head || this.#blocks.get(parent)?.parent === this.head);
    const alive = [...this.#blocks.values()].filter(isAlive);
    this.#blocks.clear();
    for (const block of alive) this.#blocks.set(block.proposalId, block);
    return included;
  }

  #transfersSince(height: number): ReadonlySet<string> | undefined {
    const ids = new Set<string>();
    for (let next = height + 1; next <= this.#synced.head.height; next++) {
      const block = this.#blocks.get(this.#synced.block(next)?.proposalId ?? 0n);
      if (block === undefined) return undefined;
      const { operations, elements } = block.data;
      for (const transfer of blockTransfers(this.#rules.profile, elements, decodeOperations(operations).length))
        ids.add(publishedTransferId(transfer));
    }
    return ids;
  }

  /**
   * Reads the blobs of all blocks that were revealed and may still win. What is not to be had is asked for again at the
   * next block of L1, and nobody waits for that: whoever reveals blobs that few can give keeps no role from its work.
   * @param log is told, once, of each block whose blobs nobody has after {@link BLOB_PATIENCE}
   */
  async learn(l1: Revealed, log: Pick<Log, "warn">, signal?: AbortSignal): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const wanted = l1.open.filter(
      ({ proposalId, reveal }) =>
        reveal !== undefined &&
        !this.#blocks.has(proposalId) &&
        !this.#again.has(proposalId) &&
        this.#missing.get(proposalId)?.block !== l1.block.hash,
    );
    const first: Promise<void>[] = [];
    for (const commit of wanted) {
      const isAgain = this.#missing.has(commit.proposalId);
      const reading = this.#learn(commit, l1, log, signal);
      if (isAgain) this.#goOn(commit.proposalId, reading, signal);
      else first.push(reading);
    }
    await Promise.all(first);
  }

  async #learn(
    { proposalId, parent, reveal }: L1Commit,
    l1: Revealed,
    log: Pick<Log, "warn">,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { txsRoot, txCount, blobHashes } = reveal!;
    try {
      const elements = await this.#read(blobHashes, l1, signal);
      const data = { operations: encodeOperations(l1.operations), elements };
      this.add({ proposalId, parent, txsRoot, txCount, data });
    } catch (error) {
      if (!(error instanceof BlobUnavailableError)) throw error;
      const { since = l1.now, isTold = false } = this.#missing.get(proposalId) ?? {};
      const isLate = l1.now - since >= BLOB_PATIENCE;
      if (isLate && !isTold)
        log.warn("blob-missing", `the block cannot be read: ${error.message}`, { proposal: proposalId, error });
      this.#missing.set(proposalId, { block: l1.block.hash, since, isTold: isLate || isTold });
    }
  }

  #goOn(proposalId: bigint, reading: Promise<void>, signal: AbortSignal | undefined): void {
    this.#again.add(proposalId);
    void reading
      .catch((error: unknown) => {
        if (!signal?.aborted) this.#failure ??= error as Error;
      })
      .finally(() => this.#again.delete(proposalId));
  }

  /** @param executed what it does, if that is known already */
  add(block: KnownBlock, executed?: ExecutedBlock): void {
    this.#blocks.set(block.proposalId, block);
    if (executed !== undefined) this.#executed.set(block.proposalId, executed);
  }

  block(proposalId: bigint): KnownBlock | undefined {
    return this.#blocks.get(proposalId);
  }

  /** The state after a block; undefined if the block or one below it is unknown, or cannot be proven. */
  stateAfter(proposalId: bigint): State | undefined {
    return proposalId === this.head ? this.state : this.executed(proposalId)?.state;
  }

  /** What a known block does; undefined if a block below it is unknown, or it cannot be proven. */
  executed(proposalId: bigint): ExecutedBlock | undefined {
    const known = this.#executed.get(proposalId);
    // Whatever is noted of L1 makes views stale, also where the head stays, as when it is taken back and comes again.
    if (this.#executed.has(proposalId) && known?.state.isStale !== true) return known;
    const block = this.#blocks.get(proposalId);
    const parent = block && this.stateAfter(block.parent);
    if (block === undefined || parent === undefined) return undefined;
    const executed = this.#execute(parent, block);
    this.#executed.set(proposalId, executed);
    return executed;
  }

  async #read(hashes: readonly string[], { round, now }: Revealed, signal?: AbortSignal): Promise<bigint[]> {
    const elements: bigint[] = [];
    for (const versionedHash of hashes) {
      const name = { versionedHash, notBefore: round.proposalEnds, notAfter: now };
      elements.push(...decodeBlob(await this.#blobs.get(name, signal)));
    }
    return elements;
  }

  #execute(parent: State, { data, txsRoot, txCount }: KnownBlock): ExecutedBlock | undefined {
    try {
      const executed = traceBlock(parent, data, this.#rules);
      return executed.txsRoot === txsRoot && executed.txCount === txCount ? executed : undefined;
    } catch (error) {
      const isUnprovable =
        error instanceof InadmissibleTransferError ||
        error instanceof MalformedError ||
        error instanceof OutOfRangeError;
      if (isUnprovable) return undefined;
      throw error;
    }
  }
}
