import { setImmediate as turn } from "node:timers/promises";
import type { z } from "zod";
import { toHex32 } from "../../protocol/hex.ts";
import { accountCount } from "../../protocol/profile.ts";
import type { Account } from "../../state/account.ts";
import type { SyncedState } from "../../sync/syncedState.ts";
import { addressOf } from "../index/address.ts";
import type { account } from "../schema/index.ts";

type AccountAnswer = z.infer<typeof account>;

/** Accounts that are read before others get their turn. */
const AT_ONCE = 1_000;

export const accountOf = (index: number, { key, balance, nonce, l1Owner }: Account): AccountAnswer => ({
  index,
  key: toHex32(key),
  balance: balance.toString(),
  nonce: nonce.toString(),
  l1Owner: addressOf(l1Owner),
});

/** Who has which accounts, after one final block. */
interface Book {
  readonly proposalId: bigint;
  /** Of all accounts, rising. */
  readonly all: readonly number[];
  readonly byKey: ReadonlyMap<bigint, readonly number[]>;
  readonly byOwner: ReadonlyMap<bigint, readonly number[]>;
}

export interface Wanted {
  readonly key?: bigint | undefined;
  readonly l1Owner?: bigint | undefined;
}

/** Finds accounts by key and owner. All of them are read once after each final block, if anybody asks. */
export class AccountBook {
  readonly #synced: SyncedState;
  #book: Promise<Book> | undefined;
  #of: bigint | undefined;

  constructor(synced: SyncedState) {
    this.#synced = synced;
  }

  /** Indexes of accounts, rising. */
  async find({ key, l1Owner }: Wanted): Promise<readonly number[]> {
    const { all, byKey, byOwner } = await this.#current();
    if (key !== undefined) {
      const own = byKey.get(key) ?? [];
      const others = l1Owner === undefined ? undefined : new Set(byOwner.get(l1Owner));
      return others === undefined ? own : own.filter((index) => others.has(index));
    }
    return l1Owner === undefined ? all : (byOwner.get(l1Owner) ?? []);
  }

  async #current(): Promise<Book> {
    for (;;) {
      const { proposalId } = this.#synced.head;
      if (this.#of !== proposalId || this.#book === undefined) {
        this.#of = proposalId;
        this.#book = this.#read(proposalId);
        this.#book.catch(() => (this.#book = undefined));
      }
      const book = await this.#book;
      // What was read while a block came may be of either.
      if (this.#synced.head.proposalId === book.proposalId) return book;
    }
  }

  async #read(proposalId: bigint): Promise<Book> {
    const all: number[] = [];
    const [byKey, byOwner] = [new Map<bigint, number[]>(), new Map<bigint, number[]>()];
    const add = (to: Map<bigint, number[]>, owner: bigint, index: number): void => {
      const known = to.get(owner);
      if (known === undefined) to.set(owner, [index]);
      else known.push(index);
    };
    const count = accountCount(this.#synced.state);
    for (let index = 1; index < count; index++) {
      if (index % AT_ONCE === 0) await turn();
      const { key, l1Owner } = this.#synced.state.account(index);
      if (key === 0n) continue;
      all.push(index);
      add(byKey, key, index);
      add(byOwner, l1Owner, index);
    }
    return { proposalId, all, byKey, byOwner };
  }
}
