import { FIELD, compress } from "../../../src/protocol/index.ts";
import { type Account, EMPTY_ACCOUNT } from "../../../src/state/account.ts";

/**
 * An account tree that holds whatever it is told to, also what no state holds: all leaves in a list, hashed anew each
 * time.
 */
export class PlainTree {
  readonly depth: number;
  readonly #accounts: Account[];

  /** @param accounts from index 0 on; the others are empty */
  constructor(depth: number, accounts: readonly Account[]) {
    this.depth = depth;
    this.#accounts = Array.from({ length: 4 ** depth }, (_, index) => accounts[index] ?? EMPTY_ACCOUNT);
  }

  get root(): bigint {
    return this.crown(0)[0]!;
  }

  account(index: number): Account {
    return this.#accounts[index]!;
  }

  /** Values are taken modulo the field order. */
  set(index: number, account: Account): void {
    const { key, balance, nonce, l1Owner } = account;
    this.#accounts[index] = {
      key: reduce(key),
      balance: reduce(balance),
      nonce: reduce(nonce),
      l1Owner: reduce(l1Owner),
    };
  }

  /** The nodes `depth` levels below the root, left to right. */
  crown(depth: number): bigint[] {
    return this.#layers()[this.depth - depth]!;
  }

  /** For each height the four children of the account's ancestor above it, from the lowest. */
  path(index: number): bigint[][] {
    return this.#layers()
      .slice(0, -1)
      .map((layer, height) => {
        const at = Math.floor(index / 4 ** height);
        return layer.slice(at - (at % 4), at - (at % 4) + 4);
      });
  }

  clone(): PlainTree {
    return new PlainTree(this.depth, this.#accounts);
  }

  #layers(): bigint[][] {
    const layers = [this.#accounts.map(({ key, balance, nonce, l1Owner }) => compress([key, balance, nonce, l1Owner]))];
    while (layers.at(-1)!.length > 1) {
      const below = layers.at(-1)!;
      layers.push(Array.from({ length: below.length / 4 }, (_, i) => compress(below.slice(4 * i, 4 * i + 4))));
    }
    return layers;
  }
}

const reduce = (value: bigint): bigint => ((value % FIELD) + FIELD) % FIELD;
