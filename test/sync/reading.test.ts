import { expect } from "chai";
import { ZeroHash } from "ethers";
import { StoreError } from "../../src/state/index.ts";
import type { Changes } from "../../src/state/records.ts";
import { genesisRoot, State } from "../../src/state/state.ts";
import { MemoryStore } from "../../src/state/store.ts";
import { SyncedState } from "../../src/sync/syncedState.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { DEPLOYMENT } from "../api/offline.ts";
import { GENESIS } from "../state/fixtures.ts";

/** A store whose writes take until they are let through, as on a slow disk; its version is that of the last one. */
class SlowStore extends MemoryStore {
  readonly #waiting: ((failure?: Error) => void)[] = [];
  #isSlow = false;
  #version = 0;

  override get version(): number {
    return this.#version;
  }

  slowDown(): void {
    this.#isSlow = true;
  }

  end(failure?: Error): void {
    for (const settle of this.#waiting.splice(0)) settle(failure);
  }

  override async write(changes: Changes): Promise<void> {
    this.#version++;
    if (this.#isSlow) {
      const failure = await new Promise<Error | undefined>((resolve) => this.#waiting.push(resolve));
      if (failure !== undefined) throw failure;
    }
    await super.write(changes);
  }
}

describe("the L2 of a node that follows L1", () => {
  const deployment = { ...DEPLOYMENT, genesis: { root: genesisRoot(GENESIS), supply: 0n } };
  const l1Block = { number: 5, hash: ZeroHash };

  async function begun() {
    const store = new SlowStore();
    const synced = await SyncedState.open(store, deployment, () => Promise.resolve(GENESIS.accounts));
    const later = State.ofGenesis(GENESIS).fork();
    later.setAccount(1, { ...later.account(1), balance: later.account(1).balance + 1n });
    const accounts = new Map([1, 2].map((index) => [index, later.account(index)]));
    const block = { height: 1, proposalId: 9n, stateRoot: later.root, l1Block };
    store.slowDown();
    return {
      store,
      synced,
      block,
      adopted: synced.adopt([block], accounts, new Map()),
      balance: later.account(1).balance,
    };
  }
  const seen = ({ head, state }: SyncedState) => ({ ...head, balance: state.account(1).balance, root: state.root });

  it("is read while a block is written, and while something is noted or taken back", async () => {
    const { store, synced, block, adopted, balance } = await begun();
    const { proposalId, stateRoot } = block;
    const expected = { height: 1, proposalId, stateRoot, root: stateRoot, balance };
    expect(seen(synced)).to.deep.equal(expected);
    store.end();
    await adopted;
    expect(seen(synced)).to.deep.equal(expected);
    const noted = synced.noteScanned(l1Block);
    expect(seen(synced)).to.deep.equal(expected);
    store.end();
    await noted;
    expect(seen(synced)).to.deep.equal(expected);
    const empty = { operations: "0x", elements: [] };
    const appended = synced.append({ ...block, height: 2, proposalId: 10n }, empty);
    expect(seen(synced)).to.deep.equal({ ...expected, height: 2, proposalId: 10n });
    store.end();
    await appended;
    const taken = synced.takeBack();
    expect(synced.head.height).to.be.oneOf([1, 2]);
    store.end();
    expect(await taken).to.equal(true);
    expect(seen(synced)).to.deep.equal(expected);
    // It came as a whole: there is nothing before it to go back to.
    expect(await synced.takeBack()).to.equal(false);
  });

  it("is as before when the block cannot be written", async () => {
    const { store, synced, adopted } = await begun();
    store.end(new StoreError("write", "a disk", new Error("it is full")));
    await expectRejection(adopted, StoreError, "full");
    expect(seen(synced)).to.include({ height: 0, root: deployment.genesis.root });
  });
});
