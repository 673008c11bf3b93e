import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ClassicLevel } from "classic-level";
import hre from "hardhat";
import { BlobUnavailableError } from "../../src/blobs/errors.ts";
import { MemoryBlobs } from "../../src/blobs/folder.ts";
import { type BlobSource, SourceList } from "../../src/blobs/source.ts";
import * as actions from "../../src/chain/actions/index.ts";
import type { ChainClient } from "../../src/chain/client.ts";
import { NodeSilentError, RefusedBlockError } from "../../src/chain/errors.ts";
import { blockWithdrawalsRoot } from "../../src/protocol/exit.ts";
import type { ExecutedBlock } from "../../src/state/executor.ts";
import { WrongStoreError } from "../../src/state/state.ts";
import { DamagedStoreError, MemoryStore, type Store, StoreFullError } from "../../src/state/store.ts";
import {
  findGenesis,
  MissingDataError,
  MissingHeightError,
  NodeBehindError,
  openDatabase,
  SyncedState,
  type SyncProgress,
  syncWithL1,
  TooDeepReorganisationError,
  UnknownGenesisError,
  UnusableBlockError,
} from "../../src/sync/index.ts";
import { FolderError } from "../../src/chain/folders.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { limitedNode } from "../support/limitedNode.ts";
import { ETHER, type PlayedL2, playHeight, playL2, userWallet } from "../support/playedL2.ts";
import { takenBack } from "../support/takenBack.ts";
import { withQueries } from "../support/withQueries.ts";
import { decideBlock, draftBlock, fullTranscript } from "../../src/sim/madeUpBlock.ts";

const LOCATION = "the store";

describe("syncWithL1", () => {
  let l2: PlayedL2;

  const begin = takenBack(async () => playL2(await hre.network.create()));
  beforeEach(async () => {
    l2 = await begin();
  });

  const open = (store: Store = new MemoryStore(), client = l2.client, journalLength?: number): Promise<SyncedState> =>
    SyncedState.open(store, client.deployment, () => findGenesis(client), journalLength);

  const sync = (synced: SyncedState, client: ChainClient = l2.client): Promise<SyncProgress> =>
    syncWithL1(client, synced, { location: LOCATION, blobs: l2.blobs });

  const expectSame = (synced: SyncedState, { state }: Pick<PlayedL2, "state"> = l2): void => {
    expect(synced.state.root).to.equal(state.root);
    expect(synced.head.stateRoot).to.equal(state.root);
    for (let index = 0; index < 256; index++) expect(synced.state.account(index)).to.deep.equal(state.account(index));
  };

  const signer = async (index: number) => (await l2.connection.ethers.getSigners())[index]!;

  /** Operations of every kind, applicable and not. */
  async function postOperations(): Promise<void> {
    const { client } = l2;
    const [user, other] = [await signer(1), await signer(2)];
    await actions.depositAsset(client, user, {
      to: 9,
      amount: 5n * ETHER,
      key: userWallet(9).key,
      l1Owner: user.address,
    });
    await actions.depositAsset(client, user, { to: 2, amount: 3n * ETHER, key: 77n, l1Owner: user.address });
    await actions.forceTransfer(client, user, { from: 1, to: 3, amount: ETHER });
    await actions.forceExit(client, other, { from: 2, amount: 2n * ETHER });
    await actions.forceExit(client, other, { from: 1, amount: 2n * ETHER });
  }

  it("rebuilds on another machine, from L1 and blobs alone, the same root, accounts and exits", async () => {
    const played: ExecutedBlock[] = [await playHeight(l2), await playHeight(l2, [])];
    await postOperations();
    played.push(await playHeight(l2, [{ from: 3, to: 0, amount: 4n * ETHER }]));
    played.push(
      await playHeight(l2, [
        { from: 2, to: 1 },
        { from: 4, to: 0 },
      ]),
    );
    played.push(await playHeight(l2));
    expect(played.reduce((sum, { l1OpCount }) => sum + l1OpCount, 0)).to.equal(5);

    const synced = await open();
    expect(await sync(synced)).to.deep.include({ height: 5, takenBack: 0 });
    expectSame(synced);
    expect(await l2.client.rollup.stateRoot()).to.equal(synced.state.root);
    for (const [i, { exits, state }] of played.entries()) {
      const block = synced.block(i + 1)!;
      expect(block.stateRoot).to.equal(state.root);
      const rebuilt = synced.exitsOf(i + 1);
      expect(rebuilt).to.deep.equal(exits.map((exit) => ({ ...exit, height: i + 1, proposalId: block.proposalId })));
      const root = await l2.client.rollup.withdrawalsRootOf(block.proposalId);
      expect(blockWithdrawalsRoot(l2.rules.profile, rebuilt)).to.equal(root);
    }
    const all = played.flatMap(({ exits }) => exits);
    expect(all).to.have.length(4);
    for (const owner of new Set(all.map(({ l1Owner }) => l1Owner))) {
      expect(synced.exitsOwnedBy(owner).map(({ packed }) => packed)).to.deep.equal(
        all.filter(({ l1Owner }) => l1Owner === owner).map(({ packed }) => packed),
      );
    }
    expect(synced.exitsOwnedBy(1n)).to.deep.equal([]);
  });

  it("begins with the genesis, and has nothing to do twice", async () => {
    const store = new MemoryStore();
    const synced = await open(store);
    await sync(synced);
    expectSame(synced);
    expect(synced.head.height).to.equal(0);
    const { version } = store;
    const { queryFilter } = countingQueries(l2.client);
    await sync(synced, queryFilter.client);
    expect(queryFilter.blocks(), "no block is looked at twice").to.equal(0);
    expect(store.version).to.equal(version);
  });

  it("goes on with what L1 has decided since", async () => {
    const store = new MemoryStore();
    await playHeight(l2);
    await sync(await open(store));
    await playHeight(l2, [{ from: 2, to: 3 }]);
    await playHeight(l2, [{ from: 3, to: 1 }]);
    const synced = await open(store);
    expect(synced.head.height).to.equal(1);
    const heights: number[] = [];
    await syncWithL1(l2.client, synced, {
      ...{ location: LOCATION, blobs: l2.blobs },
      onProgress: ({ height }) => heights.push(height),
    });
    expect(heights).to.deep.equal([2, 3, 3, 3]);
    expectSame(synced);
  });

  it("asks for less where a node refuses so many blocks, and gives up if it refuses one", async () => {
    await playHeight(l2);
    await playHeight(l2);
    const atMost = (limit: number): ChainClient =>
      withQueries(l2.client, async (ask, from, to) => {
        if (to - from >= limit) throw new Error("range too large");
        return ask();
      });
    const synced = await open();
    await sync(synced, atMost(3));
    expectSame(synced);
    await playHeight(l2);
    await expectRejection(sync(synced, atMost(0)), RefusedBlockError, ": range too large; expected all of them");
  });

  it("reads again what a node has not told of, and says so if it never does", async () => {
    await playHeight(l2);
    const synced = await open();
    await sync(synced);
    await playHeight(l2);
    const latest = await l2.client.provider.getBlockNumber();
    // A machine that has not got so far yet gives no logs, and says nothing.
    const lagging = (times: number): ChainClient =>
      withQueries(l2.client, async (ask, _, to) => (to >= latest && times-- > 0 ? [] : ask()));
    await expectRejection(sync(synced, lagging(2)), MissingDataError, "no decision of proposal");
    expect(synced.head.height).to.equal(1);
    expect((await sync(synced, lagging(1))).height).to.equal(2);
    expectSame(synced);
  });

  it("is not held up by what others put on the bulletin beside the genesis", async () => {
    await playHeight(l2);
    const { client, deployer, rules } = l2;
    for (let i = 0; i < 10; i++)
      await actions.publish(client, deployer, { topic: "Genesis", subject: rules.domain, data: "0x" });
    for (const limits of [{ blocks: 3 }, { logs: 4 }]) {
      const synced = await open(undefined, limitedNode(client, limits));
      await sync(synced, limitedNode(client, limits));
      expectSame(synced);
    }
  });

  describe("when L1 is reorganised", () => {
    it("takes back what was dropped, with its exits, and follows what came instead", async () => {
      const synced = await open();
      await playHeight(l2);
      await sync(synced);
      const { connection, state } = l2;
      const snapshot = await connection.networkHelpers.takeSnapshot();
      await playHeight(l2, [{ from: 4, to: 0 }]);
      await playHeight(l2);
      await sync(synced);
      expectSame(synced);
      const owner = BigInt((await signer(4)).address);
      expect(synced.exitsOwnedBy(owner)).to.have.length(1);

      await snapshot.restore();
      l2.state = state;
      await playHeight(l2, [{ from: 5, to: 1 }]);
      expect(await sync(synced)).to.deep.include({ height: 2, takenBack: 2 });
      expectSame(synced);
      expect(synced.exitsOwnedBy(owner)).to.deep.equal([]);
      expect(synced.block(3)).to.equal(undefined);
      expect(synced.exitsOf(2)).to.deep.equal([]);
    });

    it("to fewer blocks: once another one stands where a height was decided, not before", async () => {
      const synced = await open();
      await playHeight(l2);
      await sync(synced);
      const { connection, state } = l2;
      const snapshot = await connection.networkHelpers.takeSnapshot();
      for (let i = 0; i < 3; i++) await playHeight(l2);
      await sync(synced);
      const [second, last] = [2, 4].map((height) => synced.block(height)!.l1Block.number) as [number, number];

      await snapshot.restore();
      l2.state = state;
      const latest = await l2.client.provider.getBlockNumber();
      // Nothing tells it from a node that is behind.
      const error = await expectRejection(sync(synced), NodeBehindError, `does not have block ${last} of L1`);
      expect(error.message).to.contain(`its latest is ${latest}: it is behind`).and.to.contain("remove the store");
      expect(synced.head.height).to.equal(4);

      await connection.networkHelpers.mine(second - latest);
      expect(await sync(synced)).to.deep.include({ height: 1, takenBack: 3 });
      expectSame(synced);
      await playHeight(l2, [{ from: 5, to: 1 }]);
      expect(await sync(synced)).to.deep.include({ height: 2, takenBack: 0 });
      expectSame(synced);
    });

    it("down to the genesis", async () => {
      const snapshot = await l2.connection.networkHelpers.takeSnapshot();
      const { state } = l2;
      const synced = await open();
      await playHeight(l2);
      await playHeight(l2);
      await sync(synced);
      await snapshot.restore();
      l2.state = state;
      await playHeight(l2, [{ from: 3, to: 2 }]);
      expect(await sync(synced)).to.deep.include({ height: 1, takenBack: 2 });
      expectSame(synced);
    });

    it("while it is read", async () => {
      const { connection, client, state } = l2;
      await playHeight(l2);
      const snapshot = await connection.networkHelpers.takeSnapshot();
      const before = l2.state;
      await playHeight(l2, [{ from: 3, to: 2 }]);
      let reads = 0;
      // Another chain from the moment on in which the data of height 2 are asked for.
      const moving = withQueries(client, async (ask) => {
        if (++reads === 4) {
          await snapshot.restore();
          l2.state = before;
          await playHeight(l2, [{ from: 5, to: 4 }]);
        }
        return ask();
      });
      const synced = await open();
      await sync(synced, moving);
      expect(reads).to.be.greaterThan(4);
      expectSame(synced);
      expect(synced.state.root).to.not.equal(state.root);
    });

    it("deeper than is remembered: says so, and what to remove", async () => {
      const snapshot = await l2.connection.networkHelpers.takeSnapshot();
      const synced = await open(undefined, undefined, 2);
      for (let i = 0; i < 3; i++) await playHeight(l2);
      await sync(synced);
      await snapshot.restore();
      await l2.connection.networkHelpers.mine(
        synced.block(1)!.l1Block.number - (await l2.client.provider.getBlockNumber()),
      );
      await expectRejection(
        sync(synced),
        TooDeepReorganisationError,
        "height 1 any more, and what was before it is forgotten: wait until L1 has it again, or remove the store",
      );
    });
  });

  describe("at a node that is behind", () => {
    /** One that has no block after `seen`, whatever its logs say: a provider's machines are not all as far. */
    function behind(seen: number, claimed = seen): ChainClient {
      const provider = new Proxy(l2.client.provider, {
        get(target, name, receiver) {
          if (name === "getBlockNumber") return async () => claimed;
          if (name === "getBlock") return async (block: number) => (block > seen ? null : target.getBlock(block));
          return Reflect.get(target, name, receiver) as unknown;
        },
      });
      return { ...l2.client, provider };
    }

    it("forgets no height, and names what the node lacks and has", async () => {
      await playHeight(l2);
      const seen = await l2.client.provider.getBlockNumber();
      await playHeight(l2);
      await playHeight(l2);
      const synced = await open();
      await sync(synced);
      const { number } = synced.block(3)!.l1Block;
      // The second says that it has the block, and does not give it.
      for (const [client, latest] of [
        [behind(seen), seen],
        [behind(seen, number + 5), number + 5],
        [behind(0), 0],
      ] as const) {
        const text = `does not have block ${number} of L1, which was there before, and its latest is ${latest}`;
        await expectRejection(sync(synced, client), NodeBehindError, text);
        expect(synced.head.height).to.equal(3);
      }
      expect(await sync(synced)).to.deep.include({ height: 3, takenBack: 0 });
    });

    it("goes on if it has the last height, and finds what comes later", async () => {
      await playHeight(l2);
      const seen = await l2.client.provider.getBlockNumber();
      await l2.connection.networkHelpers.mine(3);
      const synced = await open();
      await sync(synced);
      expect(await sync(synced, behind(seen))).to.deep.include({ height: 1, latest: seen, takenBack: 0 });
      await playHeight(l2);
      expect(await sync(synced)).to.deep.include({ height: 2, takenBack: 0 });
      expectSame(synced);
    });

    it("does not ask for ever for a block that the node says it has", async () => {
      await playHeight(l2);
      const seen = (await l2.client.provider.getBlockNumber()) - 1;
      await expectRejection(
        sync(await open(), behind(seen, seen + 1)),
        NodeBehindError,
        `does not have block ${seen + 1} of L1`,
      );
    });
  });

  describe("when L1 has nothing usable", () => {
    /** A height that L1 takes as proven, and that is none. */
    async function decideGarbage(elements: number): Promise<void> {
      const [proposer] = l2.proposers;
      const options = { proposer: proposer!, burnBid: 1_000n, transcript: fullTranscript(l2.rules.profile, 2) };
      await decideBlock(l2, await draftBlock(l2, { ...options, elements }));
    }

    it("names the height and what is wrong with it, and keeps what was good", async () => {
      await playHeight(l2);
      await decideGarbage(2);
      const synced = await open();
      for (const again of [1, 2]) {
        const error = await expectRejection(sync(synced), UnusableBlockError, "height 2 (proposal ");
        expect(error.height, `time ${again}`).to.equal(2);
        expect(error.message).to.match(/cannot be replayed from L1: \w+Error: /);
        expectSame(synced);
        expect(synced.head.height).to.equal(1);
      }
    });

    it("blames no block for a store that cannot be written", async () => {
      await playHeight(l2);
      const store = new MemoryStore();
      const synced = await open(store);
      const full = new StoreFullError("write", LOCATION, new Error("No space left on device"));
      Object.assign(store, { write: () => Promise.reject(full) });
      expect(await expectRejection(sync(synced), StoreFullError, "No space left")).to.equal(full);
      Reflect.deleteProperty(store, "write");
      await sync(synced);
      expectSame(synced);
    });

    it("names both roots if the data are a block's, but another's", async () => {
      await decideGarbage(0);
      const error = await expectRejection(
        sync(await open()),
        UnusableBlockError,
        "ReplayMismatchError: replayed state root is 0x",
      );
      expect(error.message).to.match(/^height 1 .*, expected 0x[0-9a-f]{64}$/);
    });

    it("says which data or height a node does not give", async () => {
      await playHeight(l2);
      await postOperations();
      await playHeight(l2, []);
      await playHeight(l2, [
        { from: 2, to: 3 },
        { from: 4, to: 0 },
      ]);
      const without = (
        isLost: (log: { fragment: { name: string }; args: { roundId?: bigint } }) => boolean,
      ): ChainClient =>
        withQueries(l2.client, async (ask) =>
          (await ask()).filter((log) => !isLost(log as Parameters<typeof isLost>[0])),
        );

      const failures = [
        [
          without(({ fragment }) => fragment.name === "OperationsRevealed"),
          MissingDataError,
          "no operations of proposal",
        ],
        [without(({ fragment }) => fragment.name === "Revealed"), MissingDataError, "no reveal of proposal"],
        [
          without(({ fragment, args }) => fragment.name === "Advanced" && args.roundId! >> 32n === 2n),
          MissingHeightError,
          "is 3, expected 2",
        ],
      ] as const;
      for (const [client, type, text] of failures) {
        const synced = await open();
        await expectRejection(sync(synced, client), type, text);
        expect((await sync(synced)).height, `after ${text}`).to.equal(3);
        expectSame(synced);
      }
    });

    it("blames no block for a node that goes silent in the middle of it, and goes on when it answers", async () => {
      await playHeight(l2);
      await playHeight(l2, [{ from: 2, to: 3 }]);
      let isSilent = true;
      const client = withQueries(l2.client, async (ask) => {
        const logs = await ask();
        const isOfBlock = logs.some((log) => (log as { fragment: { name: string } }).fragment.name === "Revealed");
        if (isSilent && isOfBlock)
          throw new NodeSilentError("the node", "eth_getLogs", "no answer in 6 s", {
            ...{ attempts: 1, seconds: 6, isAmbiguous: false, cause: undefined },
          });
        return logs;
      });
      const synced = await open();
      await expectRejection(sync(synced, client), NodeSilentError, "the node does not answer eth_getLogs");
      isSilent = false;
      await sync(synced, client);
      expectSame(synced);
    });

    it("says which blob nobody has, whom it has asked, and goes on as soon as somebody has it", async () => {
      await playHeight(l2);
      await playHeight(l2, [{ from: 2, to: 3 }]);
      const synced = await open();
      const revealed = await l2.client.rollup.queryFilter(l2.client.rollup.filters.Revealed());
      const [hash] = revealed[1]!.args.blobHashes;
      const some: BlobSource = {
        ...{ name: "somebody", check: () => Promise.resolve() },
        get: (blob) => (blob.versionedHash === hash ? Promise.reject(new Error("gone")) : l2.blobs.get(blob)),
      };
      const blobs = new SourceList(new MemoryBlobs(), [some]);
      const text = `blob ${hash} is not to be had (memory does not have it; somebody: gone), expected`;
      await expectRejection(syncWithL1(l2.client, synced, { location: LOCATION, blobs }), BlobUnavailableError, text);
      expect(synced.head.height).to.equal(1);
      await blobs.put(hash!, await l2.blobs.get({ versionedHash: hash!, notBefore: 0n, notAfter: 0n }));
      await syncWithL1(l2.client, synced, { location: LOCATION, blobs });
      expectSame(synced);
    });

    it("has no genesis, or only others", async () => {
      const { client, deployer } = l2;
      const { domain, genesis } = client.deployment;
      const other = { ...client, deployment: { ...client.deployment, genesis: { ...genesis, root: 5n } } };
      await expectRejection(open(undefined, other), UnknownGenesisError, "no accounts with the genesis root 0x0");
      // Whatever anybody publishes is no obstacle.
      for (const data of ["0x", "0x00", `0x${"ff".repeat(64)}`, `0x${"00".repeat(64)}`]) {
        await actions.publish(client, deployer, { topic: "Genesis", subject: domain, data });
      }
      expect(await findGenesis(client)).to.have.length(5);
    });

    it("is another rollup's than the store", async () => {
      const store = new MemoryStore();
      await open(store);
      const { client } = l2;
      for (const change of [{ domain: 1n }, { started: { number: 0, hash: `0x${"00".repeat(32)}` } }]) {
        const other = { ...client, deployment: { ...client.deployment, ...change } };
        const error = await expectRejection(
          open(store, other),
          WrongStoreError,
          "the store at memory is that of rollup 0x",
        );
        const name = `rollup ${client.deployment.contracts.rollup} on chain 31337 \\(deployment [0-9a-f]{16}\\)`;
        expect(error.message).to.match(
          new RegExp(`of ${name}, expected ${name}: name another folder, or remove this one and sync again$`),
        );
      }
    });
  });

  describe("when its store is damaged", () => {
    let folder: string;
    beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "b52-damaged-"))));
    afterEach(() => rm(folder, { recursive: true }));

    const damaged = (location: string): string => `the store at ${location} is damaged (`;

    it("notices any record of any kind that was edited or removed, before anything is made of it", async () => {
      await postOperations();
      await playHeight(l2, []);
      await playHeight(l2, [{ from: 4, to: 0 }]);
      const synced = await openDatabase(l2.client, folder);
      await sync(synced);
      expect(synced.exitsOwnedBy(BigInt((await signer(4)).address))).to.have.length(1);
      await synced.close();

      const level = new ClassicLevel(folder);
      const records = new Map(await level.iterator().all());
      await level.close();
      const kinds = new Map([...records].map(([key, value]) => [key.replace(/:.*/, ""), [key, value] as const]));
      expect([...kinds.keys()].sort()).to.deep.equal(
        [
          "account",
          "block",
          "exits",
          "genesis",
          "head",
          "node",
          "origin",
          "owner",
          "rollup",
          "scanned",
          "sum",
          "undo",
        ].sort(),
      );
      for (const [key, value] of [...kinds.values(), ["undo", records.get("undo")!] as const]) {
        // Removed, and with one digit changed.
        for (const edited of [undefined, value.replace(/\d(?=\D*$)/, (digit) => `${(Number(digit) + 1) % 10}`)]) {
          await tamper(folder, key, edited);
          await expectRejection(openDatabase(l2.client, folder), DamagedStoreError, damaged(folder));
          await tamper(folder, key, value);
        }
      }
      const again = await openDatabase(l2.client, folder);
      expectSame(again);
      await again.close();
    });

    it("takes no head that is not its last block's, and no state without blocks but the genesis", async () => {
      const store = new MemoryStore();
      await playHeight(l2);
      await sync(await open(store));
      const [height, proposalId, root] = store.get("head")!.split(",") as [string, string, string];
      for (const head of [`5,${proposalId},${root}`, `${height},7,${root}`, `0,0,${root}`]) {
        await store.write(new Map([["head", head]]));
        await expectRejection(open(store), DamagedStoreError, damaged("memory"));
      }
      await store.write(
        new Map([
          ["head", `${height},${proposalId},${root}`],
          ["genesis", "0xzz"],
        ]),
      );
      await expectRejection(open(store), DamagedStoreError, "encoded genesis");
    });

    it("is no folder, or where no folder can be", async () => {
      const file = join(folder, "file");
      await writeFile(file, "");
      for (const path of [file, join(file, "below")]) {
        await expectRejection(openDatabase(l2.client, path), FolderError, `there cannot be a folder `);
      }
      await expectRejection(
        openDatabase(l2.client, "/proc/b52"),
        FolderError,
        "there cannot be a folder /proc/b52: /proc takes none",
      );
    });
  });

  it("stops when it is told to, between two heights", async () => {
    for (let i = 0; i < 3; i++) await playHeight(l2);
    const synced = await open();
    const stop = new AbortController();
    const error = await syncWithL1(l2.client, synced, {
      ...{ location: LOCATION, blobs: l2.blobs },
      signal: stop.signal,
      onProgress: ({ height }) => height === 2 && stop.abort(),
    }).catch((reason: unknown) => reason);
    expect((error as Error).name).to.equal("AbortError");
    expect(synced.head.height).to.equal(2);
    await sync(synced);
    expectSame(synced);
  });
});

/** Writes past the store's own sum. */
async function tamper(folder: string, key: string, value: string | undefined): Promise<void> {
  const level = new ClassicLevel(folder);
  await (value === undefined ? level.del(key) : level.put(key, value));
  await level.close();
}

function countingQueries(client: ChainClient): { queryFilter: { client: ChainClient; blocks: () => number } } {
  let blocks = 0;
  const counting = withQueries(client, (ask, from, to) => {
    blocks += to - from + 1;
    return ask();
  });
  return { queryFilter: { client: counting, blocks: () => blocks } };
}
