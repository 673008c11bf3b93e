import { id } from "ethers";
import { B52Error, MalformedError, OutOfRangeError } from "../protocol/errors.ts";
import { accountCount } from "../protocol/profile.ts";
import { type Account, accountLeaf, decodeAccount, EMPTY_ACCOUNT, encodeAccount } from "./account.ts";
import { Overlay } from "./overlay.ts";
import { DamagedStoreError, MemoryStore, readRecords, type Store } from "./store.ts";
import { Tree, type TreePath } from "./tree.ts";

/** The block that a stored state is the result of. */
export interface Head {
  /** 0 for genesis. */
  readonly height: number;
  /** 0 for genesis. */
  readonly proposalId: bigint;
  readonly stateRoot: bigint;
}

/** What a state begins with. */
export interface Genesis {
  readonly accountDepth: number;
  /** Account `i` of the list gets index `i + 1`; index 0 is never used. */
  readonly accounts: readonly Account[];
}

/** The store is sound, and another's. */
export class WrongStoreError extends B52Error {
  constructor(location: string, found: string, expected: string) {
    super(
      `the store at ${location} is that of ${found}, expected ${expected}: name another folder, or remove this ` +
        "one and sync again",
      {
        location,
        found,
        expected,
      },
    );
  }
}

const HEAD = "head";
const ORIGIN = "origin";

/** All accounts and their tree after some block. A fork can be changed without touching what it was forked from. */
export class State {
  readonly #values: Overlay;
  readonly #tree: Tree;

  private constructor(accountDepth: number, values: Overlay) {
    this.#values = values;
    this.#tree = new Tree(accountDepth, values);
  }

  /**
   * Opens the state in `store`, or writes the genesis to an empty one. Hashes every account.
   * @throws {WrongStoreError} if the store began with another genesis
   * @throws {DamagedStoreError} unless the accounts make the tree, and the tree is its head's
   */
  static async open(store: Store, genesis: Genesis): Promise<State> {
    const origin = originOf(genesis);
    const state = State.at(store, genesis.accountDepth);
    const found = store.get(ORIGIN);
    if (found === undefined) {
      state.#fill(genesis);
      await state.#values.commit(new Map([[ORIGIN, origin]]));
    } else if (found !== origin) {
      throw new WrongStoreError(store.location, `genesis ${found}`, `genesis ${origin}`);
    }
    const damage = readRecords(store.location, () => state.#damage());
    if (damage !== undefined) throw new DamagedStoreError(store.location, damage);
    return state;
  }

  /** What is in a store that was opened, as it is now. */
  static at(store: Store, accountDepth: number): State {
    return new State(accountDepth, new Overlay(store));
  }

  /** The genesis state in memory. */
  static ofGenesis(genesis: Genesis): State {
    const state = new State(genesis.accountDepth, new Overlay(new MemoryStore()));
    state.#fill(genesis);
    return state;
  }

  get accountDepth(): number {
    return this.#tree.depth;
  }

  get root(): bigint {
    return this.#tree.root;
  }

  /** The last committed block below this state. */
  get head(): Head {
    return decodeHead(this.#values.get(HEAD)!);
  }

  /** The account at `index`, empty if unused. @throws {OutOfRangeError} if the tree has no such index */
  account(index: number): Account {
    const count = accountCount(this);
    if (!Number.isInteger(index) || index < 0 || index >= count)
      throw new OutOfRangeError("account", index, `0 to ${count - 1}`);
    return this.#stored(index) ?? EMPTY_ACCOUNT;
  }

  setAccount(index: number, account: Account): void {
    this.#tree.update(index, accountLeaf(account));
    this.#values.set(`account:${index}`, encodeAccount(account));
  }

  /** The path of account `index` in the present tree. */
  path(index: number): TreePath {
    return this.#tree.path(index);
  }

  /** The tree's nodes `depth` levels below its root, left to right. */
  crown(depth: number): bigint[] {
    return this.#tree.layer(this.accountDepth - depth);
  }

  /** Whether the store has moved on under this view, so that it cannot be read any more. */
  get isStale(): boolean {
    return this.#values.isStale;
  }

  fork(): State {
    return new State(this.accountDepth, this.#values.fork());
  }

  /**
   * Stores this state, with all forks below it, as the result of block `proposalId`, in one atomic write.
   * @param marks what else the store is to hold from then on
   * @param height of the block, if it is not the next one
   * @throws {StaleStateError} if another block was committed since
   */
  async commit(
    proposalId: bigint,
    marks: ReadonlyMap<string, string> = new Map(),
    height = this.head.height + 1,
  ): Promise<void> {
    const head = encodeHead({ height, proposalId, stateRoot: this.root });
    await this.#values.commit(new Map([...marks, [HEAD, head]]));
  }

  #stored(index: number): Account | undefined {
    const encoded = this.#values.get(`account:${index}`);
    return encoded === undefined ? undefined : decodeAccount(encoded);
  }

  /** What is wrong with what is stored; undefined: nothing. */
  #damage(): string | undefined {
    const leaves = new Map<number, bigint>();
    for (let index = 0; index < accountCount(this); index++) {
      const account = this.#stored(index);
      if (account !== undefined) leaves.set(index, accountLeaf(account));
    }
    const wrong = this.#tree.firstWrong(leaves);
    if (wrong !== undefined) return `the accounts do not hash to its ${wrong}`;
    return this.root === this.head.stateRoot ? undefined : "its tree is not that of its last height";
  }

  #fill(genesis: Genesis): void {
    genesis.accounts.forEach((account, i) => {
      if (account.key === 0n)
        throw new MalformedError(`key of genesis account ${i + 1}`, 0, "the y coordinate of a public key");
      this.setAccount(i + 1, account);
    });
    this.#values.set(HEAD, encodeHead({ height: 0, proposalId: 0n, stateRoot: this.root }));
  }
}

/** The state root that a deployment starts with. */
export function genesisRoot(genesis: Genesis): bigint {
  return State.ofGenesis(genesis).root;
}

/** Names a genesis without building its tree, so that stores of different ones can be told apart. */
function originOf({ accountDepth, accounts }: Genesis): string {
  return id([accountDepth, ...accounts.map(encodeAccount)].join(";"));
}

function encodeHead({ height, proposalId, stateRoot }: Head): string {
  return [height, proposalId, stateRoot].join(",");
}

function decodeHead(encoded: string): Head {
  const [height, proposalId, stateRoot] = encoded.split(",") as [string, string, string];
  return { height: Number(height), proposalId: BigInt(proposalId), stateRoot: BigInt(stateRoot) };
}
