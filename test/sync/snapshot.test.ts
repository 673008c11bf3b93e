import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { BlobFolder, MemoryBlobs } from "../../src/blobs/folder.ts";
import type { BlobSource } from "../../src/blobs/source.ts";
import { FolderError } from "../../src/chain/folders.ts";
import * as actions from "../../src/chain/actions/index.ts";
import { simulateExits } from "../../src/sim/madeUp.ts";
import { Random } from "../../src/sim/random.ts";
import { MemoryStore } from "../../src/state/store.ts";
import {
  archive,
  fetchSnapshot,
  findGenesis,
  MissingHeightError,
  parseSnapshot,
  restoreSnapshot,
  SnapshotError,
  SyncedState,
  syncWithL1,
  TooDeepReorganisationError,
} from "../../src/sync/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { ETHER, type PlayedL2, playHeight, playL2, userWallet } from "../support/playedL2.ts";
import { takenBack } from "../support/takenBack.ts";

const LOCATION = "the store";

describe("an archive", () => {
  let l2: PlayedL2;
  let folder: string;
  let full: SyncedState;

  const open = (): Promise<SyncedState> =>
    SyncedState.open(new MemoryStore(), l2.client.deployment, () => findGenesis(l2.client));
  const follow = (synced: SyncedState, blobs: BlobSource) =>
    syncWithL1(l2.client, synced, { location: LOCATION, blobs });
  const keep = (blobs: BlobSource = l2.blobs) => archive(l2.client, full, blobs, folder);

  const play = async (): Promise<PlayedL2> => {
    const made = await playL2(await hre.network.create());
    await playHeight(made, [{ from: 3, to: 0, amount: 4n * ETHER }]);
    await playHeight(made, [{ from: 2, to: 0, amount: ETHER }]);
    return made;
  };
  const played = takenBack(async () => {
    const made = await play();
    await playHeight(made, []);
    return made;
  });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-archive-"));
    l2 = await played();
    full = await open();
    await follow(full, l2.blobs);
  });
  afterEach(() => rm(folder, { recursive: true }));
  after(() => l2.connection.close());

  const claimFirst = async (): Promise<void> => {
    const [exit] = full.exitsOf(1);
    const { proposalId, position, packed } = exit!;
    const withdrawalsRoot = await l2.client.rollup.withdrawalsRootOf(proposalId);
    const proven = simulateExits(l2, [{ withdrawalsRoot, position, packed }]);
    await actions.claimExits(l2.client, l2.deployer, { claims: [{ proposalId, position, exit: packed }], ...proven });
  };

  it("has all that the L2 is rebuilt from: by its blobs, and by its snapshot without any", async () => {
    const kept = await keep();
    expect(kept).to.deep.include({ blobs: 2, added: 2, missing: [] });
    const byBlobs = await open();
    await follow(byBlobs, new BlobFolder(folder));
    const bySnapshot = await open();
    await restoreSnapshot(l2.client, bySnapshot, parseSnapshot(await fetchSnapshot(kept.snapshot!), "it"), "it");
    await follow(bySnapshot, new MemoryBlobs());
    for (const synced of [byBlobs, bySnapshot]) {
      expect(synced.head).to.deep.equal(full.head);
      expect(synced.state.root).to.equal(await l2.client.rollup.stateRoot());
      for (const height of [1, 2, 3]) {
        expect(synced.exitsOf(height)).to.deep.equal(full.exitsOf(height));
        expect(synced.block(height)).to.deep.equal(full.block(height));
      }
      const owner = BigInt(userWallet(3).address);
      expect(synced.exitsOwnedBy(owner)).to.deep.equal(full.exitsOwnedBy(owner));
    }
    // It goes on from there.
    await playHeight(l2, [{ from: 1, to: 2 }]);
    await follow(bySnapshot, l2.blobs);
    expect(bySnapshot.state.root).to.equal(l2.state.root);
  });

  describe("whose L1 is reorganised after its snapshot was taken over", () => {
    const twoHeights = takenBack(play);
    let bySnapshot: SyncedState;
    let before: { readonly state: PlayedL2["state"]; readonly chain: { restore(): Promise<void> } };
    /** Height 3 once more, as the same block or as another one. */
    const playThird = async (seed = "third"): Promise<void> => {
      const same = { ...l2, random: new Random(seed) };
      await playHeight(same, []);
      l2.state = same.state;
    };
    const drop = async (): Promise<void> => {
      await before.chain.restore();
      l2.state = before.state;
      // From here on no block of L1 is the one that was there.
      await l2.connection.networkHelpers.mine(1);
    };
    const throughL1 = async (): Promise<number> => (await follow(bySnapshot, new MemoryBlobs())).height;
    const expectThird = (): void => {
      expect(bySnapshot.head.height).to.equal(3);
      expect(bySnapshot.state.root).to.equal(full.state.root);
      expect(bySnapshot.exitsOf(1)).to.deep.equal(full.exitsOf(1));
    };

    beforeEach(async () => {
      l2 = await twoHeights();
      before = { state: l2.state, chain: await l2.connection.networkHelpers.takeSnapshot() };
      await playThird();
      full = await open();
      await follow(full, l2.blobs);
      bySnapshot = await open();
      const parsed = parseSnapshot(await fetchSnapshot((await keep()).snapshot!), "it");
      await restoreSnapshot(l2.client, bySnapshot, parsed, "it");
      await throughL1();
    });

    after(() => l2.connection.close());

    it("goes back to the snapshot, and needs no blobs from before it", async () => {
      const chain = await l2.connection.networkHelpers.takeSnapshot();
      const { state } = l2;
      for (let i = 0; i < 2; i++) await playHeight(l2, []);
      expect(await throughL1()).to.equal(5);
      await chain.restore();
      l2.state = state;
      await l2.connection.networkHelpers.mine(bySnapshot.block(5)!.l1Block.number);
      expect(await throughL1()).to.equal(3);
      expectThird();
      await playHeight(l2, []);
      expect(await throughL1()).to.equal(4);
      expect(bySnapshot.state.root).to.equal(l2.state.root);
    });

    it("keeps the snapshot's height if L1 decides the same again, in another block", async () => {
      const { l1Block } = bySnapshot.block(3)!;
      await drop();
      await playThird();
      expect(await throughL1()).to.equal(3);
      expectThird();
      expect(bySnapshot.block(3)!.l1Block.hash).to.not.equal(l1Block.hash);
      await playHeight(l2, [{ from: 1, to: 2 }]);
      await follow(bySnapshot, l2.blobs);
      expect(bySnapshot.state.root).to.equal(l2.state.root);
    });

    it("refuses to go on below it, says what to do, and goes on when L1 has it again", async () => {
      await drop();
      await l2.connection.networkHelpers.mine(bySnapshot.block(3)!.l1Block.number);
      for (let times = 0; times < 2; times++) {
        const error = await expectRejection(throughL1(), TooDeepReorganisationError, "not have height 3 any more");
        expect(error.message).to.contain("it came with a snapshot: wait until L1 has it again, or remove the store");
        expect(error.message).to.contain("with an older snapshot or all blobs");
        expectThird();
      }
      await playThird();
      expect(await throughL1()).to.equal(3);
      expectThird();
    });

    it("takes no other block for the snapshot's", async () => {
      await drop();
      await playThird("another");
      await expectRejection(follow(bySnapshot, l2.blobs), TooDeepReorganisationError, "not have height 3 any more");
      expectThird();
    });
  });

  it("takes up what is there, lists exits that were claimed, too, and keeps the last snapshots", async () => {
    await keep();
    await claimFirst();
    const again = await keep(new MemoryBlobs());
    expect(again).to.deep.include({ blobs: 2, added: 0, missing: [] });
    const { exits } = JSON.parse(await readFile(again.snapshot!, "utf8")) as { exits: [number, unknown][] };
    expect(exits.map(([height]) => height)).to.deep.equal([1, 2]);
    const synced = await open();
    await restoreSnapshot(l2.client, synced, parseSnapshot(await fetchSnapshot(again.snapshot!), "it"), "it");
    expect(synced.exitsOf(1)).to.deep.equal(full.exitsOf(1));
    for (const height of [1, 2, 4, 5, 6, 7, 8]) await writeFile(join(folder, `snapshot-${height}.json`), "{}");
    await keep();
    const names = (await readdir(folder)).filter((name) => name.startsWith("snapshot-")).sort();
    expect(names).to.deep.equal([2, 3, 4, 5, 6, 7, 8].map((height) => `snapshot-${height}.json`));
  });

  it("counts no blob whose file is damaged, and repairs it", async () => {
    await keep();
    const path = join(
      folder,
      (await readdir(folder)).find((name) => name.endsWith(".blob"))!,
    );
    const whole = await readFile(path);
    await writeFile(
      path,
      whole.map((byte, i) => (i === 40 ? byte ^ 1 : byte)),
    );
    const unrepaired = await keep(new MemoryBlobs());
    expect(unrepaired).to.deep.include({ blobs: 1, added: 0 });
    expect(unrepaired.missing).to.have.length(1);
    expect(await keep()).to.deep.include({ blobs: 2, added: 1, missing: [] });
    expect((await readFile(path)).equals(whole)).to.equal(true);
  });

  it("is refused where no folder can be, before there is anything to keep", async () => {
    const file = join(folder, "a file");
    await writeFile(file, "");
    const empty = await open();
    for (const place of [file, join(file, "folder")])
      await expectRejection(archive(l2.client, empty, new MemoryBlobs(), place), FolderError, place);
  });

  it("names block, node and what to do where a node lacks one, and keeps all else", async () => {
    const [first] = await l2.client.rollup.queryFilter(l2.client.rollup.filters.Revealed());
    const pruned = new Proxy(l2.client.provider, {
      get(target, name, receiver) {
        if (name === "getBlock")
          return async (block: number) => (block <= first!.blockNumber ? null : target.getBlock(block));
        if (name === "getBlockNumber") return () => target.getBlockNumber();
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    const kept = await archive({ ...l2.client, provider: pruned }, full, l2.blobs, folder);
    expect(kept).to.deep.include({ blobs: 1, added: 1 });
    const latest = await l2.client.provider.getBlockNumber();
    expect(kept.missing).to.deep.equal([
      `blob ${first!.args.blobHashes[0]}: the node has no block ${first!.blockNumber} of L1, its latest is ` +
        `${latest}; expected all that it tells of: it is behind, or has dropped it (ask it again, or use another ` +
        "one: option rpc)",
    ]);
    expect(await keep()).to.deep.include({ blobs: 2, added: 1, missing: [] });
  });

  it("says which blobs nobody has", async () => {
    const kept = await keep(new MemoryBlobs());
    expect(kept).to.deep.include({ blobs: 0, added: 0 });
    expect(kept.missing).to.have.length(2);
    expect(kept.missing[0]).to.match(/^blob 0x01[0-9a-f]{62} is not to be had/);
  });

  describe("whose snapshot was altered", () => {
    type Json = {
      version: number;
      rollup: string;
      height: number;
      accounts: [number, string][];
      exits: [number, [number, string][]][];
    };
    const cases: readonly (readonly [what: string, alter: (json: Json) => unknown, message: string])[] = [
      ["a balance", (json) => (json.accounts[0]![1] = json.accounts[0]![1].replace(",", ",f")), "replayed state root"],
      ["an account less", (json) => json.accounts.splice(2, 1), "replayed state root"],
      ["an account beyond the tree", (json) => (json.accounts[0]![0] = 256), "has account 256, expected 1 to 255"],
      ["an account that is none", (json) => (json.accounts[0]![1] = "zz"), "has an account or exit that is none"],
      ["an exit more", (json) => json.exits[0]![1].push([1, json.exits[0]![1][0]![1]]), "has other exits of height"],
      ["an exit at no place", (json) => (json.exits[0]![1][0]![0] = 70_000), "has an exit at no place of height 1"],
      ["an exit of nothing", (json) => (json.exits[0]![1][0]![1] = "0x0"), "has an account or exit that is none"],
      ["an exit twice", (json) => json.exits[0]![1].push(json.exits[0]![1][0]!), "expected positions that increase"],
      ["exits of another height", (json) => (json.exits[1]![0] = 3), "has no exits of height 2"],
      ["exits of a height without any", (json) => json.exits.push([3, json.exits[0]![1]]), "other exits of height 3"],
      ["exits of no height", (json) => (json.exits[1]![0] = 9), "has exits of height 9, expected 1 to 3"],
      ["a height less", (json) => json.exits.shift(), "has no exits of height 1"],
      ["a height twice", (json) => json.exits.unshift([1, []]), "expected heights that increase"],
      ["a height whose exits are left out", (json) => (json.exits[1]![1] = []), "has no exits of height 2"],
      ["no exits", (json) => (json.exits = []), "has no exits of height 1"],
      ["another height", (json) => (json.height = 1), "has exits of height 2, expected 1 to 1"],
      ["a height to come", (json) => (json.height = 4), "is of height 4, expected at most 3"],
      ["another rollup", (json) => (json.rollup = "rollup 0x"), "is of rollup 0x"],
      ["another version", (json) => (json.version = 2), "has another version"],
    ];
    for (const [what, alter, message] of cases) {
      it(`refuses it: ${what}`, async () => {
        const { snapshot } = await keep();
        const json = JSON.parse(await readFile(snapshot!, "utf8")) as Json;
        alter(json);
        const synced = await open();
        const restore = async (): Promise<void> =>
          restoreSnapshot(l2.client, synced, parseSnapshot(JSON.stringify(json), "it"), "it");
        await expectRejection(restore(), SnapshotError, message);
        expect(synced.head.height).to.equal(0);
      });
    }

    it("refuses what is none, and where there is none", async () => {
      expect(() => parseSnapshot("<html>", "it")).to.throw(SnapshotError, "is not JSON");
      await expectRejection(fetchSnapshot(join(folder, "missing.json")), SnapshotError, "does not exist");
      await expectRejection(fetchSnapshot("http://127.0.0.1:1/key"), SnapshotError, "at http://127.0.0.1:1/…");
    });

    it("is not taken over by what a node tells of some heights alone", async () => {
      const { snapshot } = await keep();
      const parsed = parseSnapshot(await readFile(snapshot!, "utf8"), "it");
      const all = async (...query: Parameters<typeof l2.client.scan.all>) =>
        (await l2.client.scan.all(...query)).slice(1);
      const forgetful = { ...l2.client, scan: { all } } as unknown as typeof l2.client;
      await expectRejection(restoreSnapshot(forgetful, await open(), parsed, "it"), MissingHeightError, "logs is 2");
    });
  });

  describe("whose snapshot is on a server", () => {
    let server: Server;
    let url: string;
    let answer: (response: ServerResponse, path: string) => void;

    beforeEach(async () => {
      server = createServer(({ url: path }, response) => answer(response, path!)).listen(0, "127.0.0.1");
      await once(server, "listening");
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/folder/snapshot-3.json?key=1`;
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    it("is read at exactly its address", async () => {
      answer = (response, path) => response.end(path);
      expect(await fetchSnapshot(url)).to.equal("/folder/snapshot-3.json?key=1");
      answer = (response) => response.writeHead(404).end();
      await expectRejection(fetchSnapshot(url), SnapshotError, "cannot be read: there is none");
      answer = (response) => response.writeHead(503).end();
      await expectRejection(fetchSnapshot(url), SnapshotError, "answers 503");
    });

    it("may be long and take long, within bounds", async () => {
      answer = (response) => response.end("x".repeat(1_001));
      await expectRejection(fetchSnapshot(url, undefined, { maxBytes: 1_000 }), SnapshotError, "more than 1000 bytes");
      expect(await fetchSnapshot(url, undefined, { maxBytes: 1_001 })).to.have.length(1_001);
      answer = (response) => response.write("{");
      await expectRejection(fetchSnapshot(url, undefined, { timeoutMs: 50 }), SnapshotError, "no answer in 0.05 s");
    });

    it("is no longer read when that is stopped", async () => {
      const stop = new AbortController();
      answer = () => stop.abort(new Error("asked to stop"));
      await expectRejection(fetchSnapshot(url, stop.signal), Error, "asked to stop");
    });
  });
});
