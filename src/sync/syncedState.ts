import { toQuantity } from "ethers";
import { MalformedError } from "../protocol/errors.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { BlockData } from "../protocol/blockData.ts";
import { type PlacedExit, unpackExit } from "../protocol/exit.ts";
import { toHex32 } from "../protocol/hex.ts";
import type { Account } from "../state/account.ts";
import { replayBlock, ReplayMismatchError } from "../state/replay.ts";
import { type Head, State, WrongStoreError } from "../state/state.ts";
import { DamagedStoreError, readRecords, type Store } from "../state/store.ts";
import {
  blockKey,
  decodeBlock,
  encodeBlock,
  exitsKey,
  type FinalBlock,
  type FinalExit,
  type L1Block,
  ownerKey,
} from "./finalBlock.ts";
import { fullKey, lowestFeeIfFull } from "./fullBlocks.ts";
import { decodeGenesis, encodeGenesis } from "./genesis.ts";
import { Journal, JOURNAL_LENGTH } from "./journal.ts";
import { rollupName } from "./names.ts";

const ROLLUP = "rollup";
const GENESIS = "genesis";
const SCANNED = "scanned";
const SNAPSHOT = "snapshot";

/**
 * The L2 as L1 has decided it, on disk: the state, and for every height the L1 block that decided it and the exits that
 * can be claimed. The last heights can be taken back. Every change is one durable batch, so whatever ends the process
 * leaves a whole height behind.
 */
export class SyncedState {
  readonly #journal: Journal;
  readonly #deployment: Deployment;
  #state: State;

  private constructor(journal: Journal, deployment: Deployment, state: State) {
    this.#journal = journal;
    this.#deployment = deployment;
    this.#state = state;
  }

  /**
   * Opens what is in `store`, or begins with the genesis.
   * @param findAccounts gives the genesis accounts, if the store is empty
   * @param journalLength heights that can be taken back
   * @throws {WrongStoreError} if the store is another rollup's
   * @throws {DamagedStoreError} if it does not hold what was written to it
   */
  static async open(
    store: Store,
    deployment: Deployment,
    findAccounts: () => Promise<readonly Account[]>,
    journalLength = JOURNAL_LENGTH,
  ): Promise<SyncedState> {
    const { location } = store;
    const journal = new Journal(store, journalLength);
    const rollup = rollupName(deployment);
    const found = store.get(ROLLUP);
    if (found !== undefined && found !== rollup) throw new WrongStoreError(location, found, rollup);
    const stored = store.get(GENESIS);
    const accounts = stored === undefined ? await findAccounts() : readRecords(location, () => decodeGenesis(stored));
    const state = await State.open(journal, { accountDepth: deployment.profile.accountDepth, accounts });
    if (stored === undefined) {
      const { stateRoot } = state.head;
      if (stateRoot !== deployment.genesis.root)
        throw new MalformedError("root of the genesis accounts", toHex32(stateRoot), toHex32(deployment.genesis.root));
      await journal.note(
        new Map([
          [ROLLUP, rollup],
          [GENESIS, encodeGenesis(accounts)],
        ]),
      );
    }
    const synced = new SyncedState(journal, deployment, State.at(journal, state.accountDepth));
    const damage = readRecords(location, () => synced.#damage());
    if (damage !== undefined) throw new DamagedStoreError(location, damage);
    return synced;
  }

  /** Where it is kept, for messages. */
  get location(): string {
    return this.#journal.location;
  }

  /** After the last final block. A fork may be changed; it is good until the next block is added. */
  get state(): State {
    return this.#state;
  }

  get head(): Head {
    return this.#state.head;
  }

  /** The last L1 block that was read; undefined before the first look. */
  get scanned(): L1Block | undefined {
    const encoded = this.#journal.get(SCANNED);
    return encoded === undefined ? undefined : (JSON.parse(encoded) as L1Block);
  }

  /** The height that came with a snapshot; undefined if all were replayed. Nothing is known of the state before it. */
  get snapshotHeight(): number | undefined {
    const encoded = this.#journal.get(SNAPSHOT);
    return encoded === undefined ? undefined : Number(encoded);
  }

  /** @returns undefined for a height that is not final, and for genesis */
  block(height: number): FinalBlock | undefined {
    const encoded = height > this.head.height ? undefined : this.#journal.get(blockKey(height));
    return encoded === undefined ? undefined : decodeBlock(height, encoded);
  }

  /** All exits of a height, by position. */
  exitsOf(height: number): FinalExit[] {
    const { proposalId } = this.block(height) ?? { proposalId: 0n };
    const stored = JSON.parse(this.#journal.get(exitsKey(height)) ?? "[]") as [position: number, packed: string][];
    return stored.map(([position, hex]) => {
      const packed = BigInt(hex);
      return { ...unpackExit(packed)!, position, packed, height, proposalId };
    });
  }

  /** The lowest fee of a block that was replayed here and was full, wei; undefined for any other. */
  lowestFeeOf(height: number): bigint | undefined {
    const stored = height > this.head.height ? undefined : this.#journal.get(fullKey(height));
    return stored === undefined ? undefined : BigInt(stored);
  }

  /** All exits of an L1 address, the oldest first. */
  exitsOwnedBy(l1Owner: bigint): FinalExit[] {
    const count = this.#countOf(l1Owner);
    const heights = Array.from({ length: count }, (_, i) => Number(this.#journal.get(ownerKey(l1Owner, i))));
    return heights.flatMap((height) => this.exitsOf(height).filter((exit) => exit.l1Owner === l1Owner));
  }

  /**
   * Adds the block of the next height.
   * @throws {ReplayMismatchError | MalformedError | OutOfRangeError} if the data are not that block's; nothing changes
   * then
   */
  async append(block: FinalBlock, data: BlockData): Promise<void> {
    const { state, exits } = replayBlock(this.#state, this.#deployment.profile, data, block.stateRoot);
    const marks = this.#marks([block], new Map([[block.height, exits]]));
    const lowest = lowestFeeIfFull(this.#deployment.profile, data);
    if (lowest !== undefined) marks.set(fullKey(block.height), `${lowest}`);
    await this.#become(state, state.commit(block.proposalId, marks));
  }

  /**
   * Goes from the genesis to the last of `blocks` at once.
   * @param blocks all heights from 1 on
   * @param accounts the state after the last of them, by index
   * @param exits of those heights of which any are known, by position
   * @throws {ReplayMismatchError} unless the accounts are that block's; nothing changes then
   * @throws {MalformedError} if there are heights here already
   */
  async adopt(
    blocks: readonly FinalBlock[],
    accounts: ReadonlyMap<number, Account>,
    exits: ReadonlyMap<number, readonly PlacedExit[]>,
  ): Promise<void> {
    if (this.head.height !== 0) throw new MalformedError("height to begin a snapshot at", this.head.height, "0");
    const last = blocks.at(-1)!;
    const state = this.#state.fork();
    for (const [index, account] of accounts) state.setAccount(index, account);
    if (state.root !== last.stateRoot) throw new ReplayMismatchError(state.root, last.stateRoot);
    const marks = this.#marks(blocks, exits).set(SNAPSHOT, `${last.height}`);
    await this.#become(state, state.commit(last.proposalId, marks, last.height));
    // All accounts were changes of this view.
    this.#reopen();
  }

  /**
   * Takes the last height back.
   * @returns false if the height before is forgotten or was never here; nothing changes then
   */
  async takeBack(): Promise<boolean> {
    if (this.head.height === this.snapshotHeight) return false;
    // L1 has to be read again from the height before on.
    const before = this.block(this.head.height - 1)?.l1Block;
    const taken = this.#journal.takeBack(new Map([[SCANNED, before && JSON.stringify(before)]]));
    this.#reopen();
    return taken.finally(() => this.#reopen());
  }

  /**
   * Notes that L1 has decided the same heights in other blocks, after a reorganisation.
   * @param blocks all heights from 1 to the last that is here
   * @returns false if any is another one, or is missing; nothing changes then
   */
  async move(blocks: readonly FinalBlock[]): Promise<boolean> {
    const { height } = this.head;
    const isSame = ({ height: each, proposalId, stateRoot }: FinalBlock, i: number): boolean => {
      const known = this.block(each);
      return each === i + 1 && known?.proposalId === proposalId && known.stateRoot === stateRoot;
    };
    if (blocks.length !== height || !blocks.every(isSame)) return false;
    const moved = new Map(blocks.map((block) => [blockKey(block.height), encodeBlock(block)]));
    const noted = this.#journal.note(moved.set(SCANNED, JSON.stringify(blocks.at(-1)?.l1Block)));
    this.#reopen();
    await noted.finally(() => this.#reopen());
    return true;
  }

  /** Notes that all heights which L1 has decided up to `block` are here. */
  async noteScanned(block: L1Block): Promise<void> {
    const noted = this.#journal.note(new Map([[SCANNED, JSON.stringify(block)]]));
    this.#reopen();
    await noted;
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }

  /** What the store holds of blocks and their exits. */
  #marks(blocks: readonly FinalBlock[], exits: ReadonlyMap<number, readonly PlacedExit[]>): Map<string, string> {
    const marks = new Map(blocks.map((block) => [blockKey(block.height), encodeBlock(block)]));
    const counts = new Map<bigint, number>();
    for (const [height, placed] of exits) {
      if (placed.length === 0) continue;
      marks.set(exitsKey(height), JSON.stringify(placed.map(({ position, packed }) => [position, toQuantity(packed)])));
      for (const owner of new Set(placed.map(({ l1Owner }) => l1Owner))) {
        const count = counts.get(owner) ?? this.#countOf(owner);
        counts.set(owner, count + 1);
        marks.set(ownerKey(owner, count), `${height}`);
        marks.set(ownerKey(owner), `${count + 1}`);
      }
    }
    return marks;
  }

  /** Others read on while a block is written: from now on by its view, as all older ones are stale. */
  async #become(state: State, written: Promise<void>): Promise<void> {
    this.#state = state;
    try {
      await written;
    } catch (error) {
      this.#reopen();
      throw error;
    }
  }

  /** Notes and what was taken back leave older views stale. */
  #reopen(): void {
    this.#state = State.at(this.#journal, this.#state.accountDepth);
  }

  /** Which of the store's records do not belong to its head; undefined if all do. */
  #damage(): string | undefined {
    const { height, proposalId, stateRoot } = this.head;
    if (height === 0)
      return stateRoot === this.#deployment.genesis.root ? undefined : "its state without blocks is not the genesis";
    const block = this.block(height);
    if (block?.proposalId !== proposalId || block.stateRoot !== stateRoot)
      return `its last height is not block ${height}`;
    return undefined;
  }

  #countOf(l1Owner: bigint): number {
    return Number(this.#journal.get(ownerKey(l1Owner)) ?? 0);
  }
}
