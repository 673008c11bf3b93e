import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { id, type Log, Wallet } from "ethers";
import type { z } from "zod";
import { ChainIndex, type Fed } from "../../src/api/index.ts";
import { Contents } from "../../src/api/index/contents.ts";
import * as schema from "../../src/api/schema/index.ts";
import { DiskFullError } from "../../src/database/index.ts";
import { placeExits, packExit } from "../../src/protocol/exit.ts";
import { toHex32 } from "../../src/protocol/hex.ts";
import { encodeOperation } from "../../src/protocol/operation.ts";
import { rollupName } from "../../src/sync/names.ts";
import { SmallDisk } from "../support/smallDisk.ts";
import { decide, type Decided, fullBlock, PER_BLOCK, profile, proposer } from "./decided.ts";
import { logOf, offlineApi, type OfflineApi, offlineClient, viewAt } from "./offline.ts";

const owner = new Wallet(id("owner")).address;
const L1_OWNER = BigInt(owner);

const exitsOf = (height: number, proposal: bigint) =>
  placeExits([[packExit({ l1Owner: L1_OWNER, amount: 7n })]]).map((exit) => ({
    ...exit,
    height,
    proposalId: proposal,
  }));

const heightsOf = (index: ChainIndex): number[] =>
  index.sql.all<{ height: number }>("SELECT height FROM heights ORDER BY height").map(({ height }) => height);

describe("the index of L1", () => {
  const client = offlineClient({ profile });
  const name = rollupName(client.deployment);
  after(() => client.provider.destroy());

  const feed = (index: ChainIndex, from: number, to: number, logs: readonly Log[]): Fed =>
    index.feed(viewAt(to), { from, to, logs });
  const [one, two] = [decide(client, 1, 0n, 0), decide(client, 2, 0n, 0)];
  const other = decide(client, 2, 0n, 0, " of another chain");

  it("takes what L1 says once, also when it is said again", () => {
    const index = ChainIndex.open(":memory:", name, client);
    expect(feed(index, 0, 10, one.logs).events.map(({ type }) => type)).to.deep.equal([
      ...["committed", "revealed", "proven", "final"],
    ]);
    expect(feed(index, 11, 20, two.logs).droppedFrom).to.equal(undefined);
    expect(feed(index, 0, 25, [...one.logs, ...two.logs])).to.deep.equal({ droppedFrom: undefined, events: [] });
    expect(heightsOf(index)).to.deep.equal([1, 2]);
    expect(index.block).to.deep.equal(viewAt(25).block);
    expect(() => feed(index, 27, 30, [])).to.throw("the logs begin at block 27, expected at most 26");
    index.close();
  });

  it("takes no block for another one because of logs that say nothing to it", () => {
    const index = ChainIndex.open(":memory:", name, client);
    const published = logOf(client, "bulletin", ["Published", [0, 1n, owner, "0x"]], { block: 3, index: 0 });
    feed(index, 0, 10, [published, ...one.logs]);
    expect(feed(index, 0, 10, [published, ...one.logs])).to.deep.equal({ droppedFrom: undefined, events: [] });
    expect(feed(index, 0, 10, one.logs).droppedFrom).to.equal(3);
    index.close();
  });

  it("drops what L1 has dropped, with all that was made from it, and nothing else", () => {
    const index = ChainIndex.open(":memory:", name, client);
    feed(index, 0, 20, [...one.logs, ...two.logs]);
    const contents = new Contents(index.sql, profile);
    for (const { height, proposal } of [one, two]) contents.finish(contents.next()!, exitsOf(height, proposal));
    const rowsOf = (): number[] =>
      ["heights", "contents", "exits", "work", "commits", "payments"].map(
        (table) => index.sql.get<{ count: number }>(`SELECT COUNT(*) AS count FROM ${table}`)!.count,
      );
    expect(rowsOf()).to.deep.equal([2, 2, 2, 4, 2, 2]);
    expect(feed(index, 0, 15, one.logs)).to.deep.equal({ droppedFrom: 20, events: [] });
    expect(rowsOf()).to.deep.equal([1, 1, 1, 2, 1, 1]);
    const fed = feed(index, 0, 30, [...one.logs, ...other.logs]);
    expect([fed.droppedFrom, fed.events.length]).to.deep.equal([undefined, 4]);
    expect(feed(index, 0, 30, [...one.logs, ...two.logs]).droppedFrom, "the same height elsewhere").to.equal(20);
    expect(heightsOf(index)).to.deep.equal([1, 2]);
    expect(contents.next()).to.include({ height: 2, proposal: toHex32(two.proposal) });
    expect(feed(index, 0, 30, []).droppedFrom).to.equal(10);
    expect(rowsOf()).to.deep.equal([0, 0, 0, 0, 0, 0]);
    index.close();
  });

  it("completes a block whose transfers come late, also after a restart, and counts all nonces then", () => {
    const index = ChainIndex.open(":memory:", name, client);
    const heights: Decided[] = [];
    for (let height = 1; height <= 4; height++)
      heights.push(decide(client, height, heights.at(-1)?.proposal ?? 0n, PER_BLOCK));
    feed(
      index,
      0,
      40,
      heights.flatMap(({ logs }) => logs),
    );
    let contents = new Contents(index.sql, profile);
    const late = [2, 3];
    for (const { height, proposal } of heights) {
      if (!late.includes(height)) contents.addBody(toHex32(proposal), fullBlock(height));
      contents.finish(contents.next()!, exitsOf(height, proposal));
    }
    const known = (): (number | null)[] =>
      index.sql
        .all<{ nonce: number | null }>("SELECT nonce FROM transfers ORDER BY height, position")
        .map(({ nonce }) => nonce);
    const counted = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
    expect(known()).to.deep.equal([...counted(0, PER_BLOCK), ...Array<null>(PER_BLOCK).fill(null)]);
    expect(contents.next()).to.equal(undefined);

    contents = new Contents(index.sql, profile);
    expect(contents.areReadable(0, 4)).to.equal(false);
    expect([0, 2, 3].map((above) => contents.unreadable(above)?.height)).to.deep.equal([2, 3, undefined]);
    expect(contents.fill(contents.unreadable(0)!), "nobody gave it yet").to.equal(false);
    for (const height of [3, 2]) {
      const missing = contents.unreadable(height - 1)!;
      contents.addBody(missing.proposal, fullBlock(height));
      expect(contents.fill({ ...missing, proposal: toHex32(9n) }), "of a block that L1 does not have").to.equal(false);
      expect(contents.fill(missing)).to.equal(true);
      if (height === 3) expect(known().filter((nonce) => nonce === null)).to.have.length(2 * PER_BLOCK);
    }
    expect(known()).to.deep.equal(counted(0, 4 * PER_BLOCK));
    expect(contents.unreadable(0)).to.equal(undefined);
    expect(contents.areReadable(0, 4)).to.equal(true);
    expect(index.sql.all("SELECT 1 FROM bodies")).to.deep.equal([]);

    // As versions before this one left it at a start.
    index.sql.run("DELETE FROM contents WHERE height = 2");
    expect(new Contents(index.sql, profile).unreadable(0)).to.include({ height: 2 });
    index.close();
  });

  it("changes nothing when it cannot take all of a span", () => {
    const index = ChainIndex.open(":memory:", name, client);
    feed(index, 0, 10, one.logs);
    // Height 2 without its reveal.
    const broken = two.logs.filter((_, i) => i !== 2);
    expect(() => feed(index, 0, 20, [...one.logs, ...broken])).to.throw();
    expect(heightsOf(index)).to.deep.equal([1]);
    expect(index.block).to.deep.equal(viewAt(10).block);
    index.close();
  });

  it("adds up what provers have done over all heights", () => {
    const index = ChainIndex.open(":memory:", name, client);
    const slash = (burnt: bigint, at: number): Log =>
      logOf(client, "court", ["Slashed", [one.proposal, 2n, 1n, 1n, burnt, burnt]], { block: 21, index: at });
    const claim = logOf(client, "rollup", ["ProverClaimed", [1n, one.proposal, [0n, 1n], 40n]], {
      block: 22,
      index: 0,
    });
    const again = logOf(client, "rollup", ["ProverClaimed", [1n, two.proposal, [0n, 1n], 2n]], { block: 22, index: 1 });
    feed(index, 0, 22, [...one.logs, ...two.logs, slash(3n, 0), slash(5n, 1), claim, again]);
    const last = (table: string, prover: number): object =>
      index.sql.get(`SELECT * FROM ${table} WHERE prover = ? ORDER BY 1 DESC LIMIT 1`, prover)!;
    expect(last("work", 1)).to.include({ blocks: 2, assigned: 4, voted: 4, delivered: 4, fulfilled: 4 });
    expect(last("work", 2)).to.include({ blocks: 2, assigned: 2, voted: 2, delivered: 0, fulfilled: 0 });
    expect(last("burns", 2)).to.include({ slashes: 2, burnt: "8" });
    expect(last("claims", 1)).to.include({ claimed: "42" });
    index.close();
  });

  it("is made anew where its file is another's, of another version, or damaged", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-index-"));
    const path = join(folder, "index.sqlite");
    const heightsAfter = (rollup = name): number[] => {
      const index = ChainIndex.open(path, rollup, client);
      const heights = heightsOf(index);
      if (heights.length === 0) feed(index, 0, 10, one.logs);
      index.close();
      return heights;
    };
    expect(heightsAfter()).to.deep.equal([]);
    expect(heightsAfter()).to.deep.equal([1]);
    expect(heightsAfter("another rollup")).to.deep.equal([]);
    expect(heightsAfter(), "it was the other one's").to.deep.equal([]);
    const older = ChainIndex.open(path, name, client);
    older.sql.exec("PRAGMA user_version = 0");
    older.close();
    expect(heightsAfter()).to.deep.equal([]);
    const bytes = await readFile(path);
    bytes.fill(0x5a, 4_096);
    await writeFile(path, bytes);
    expect(heightsAfter(), "damaged").to.deep.equal([]);
    await writeFile(path, "no database");
    expect(heightsAfter(), "not a database").to.deep.equal([]);
    expect(heightsAfter()).to.deep.equal([1]);
    await rm(folder, { recursive: true });
  });

  it("takes nothing of a span that its disk has no room for, and is not made anew for that", async function () {
    const disk = await SmallDisk.mount(this, 16);
    try {
      const path = join(disk.folder, "index.sqlite");
      let index = ChainIndex.open(path, name, client);
      feed(index, 0, 10, one.logs);
      index.close();
      await disk.fill();
      expect(() => ChainIndex.open(path, name, client)).to.throw(DiskFullError);
      await disk.makeRoom();
      index = ChainIndex.open(path, name, client);
      await disk.fill();
      expect(() => feed(index, 11, 20, two.logs)).to.throw(DiskFullError);
      expect(heightsOf(index)).to.deep.equal([1]);
      await disk.makeRoom();
      feed(index, 11, 20, two.logs);
      expect(heightsOf(index)).to.deep.equal([1, 2]);
      index.close();
    } finally {
      disk.unmount();
    }
  });
});

describe("lists of 10,000 rows", function () {
  this.timeout(60_000);
  const ROWS = 10_000;
  const HEIGHTS = Math.ceil(ROWS / PER_BLOCK);
  let offline: OfflineApi;

  before(async () => {
    offline = await offlineApi({ latest: viewAt(100_000) }, { profile });
    const { client, index } = offline;
    const deposit = { from: 0, to: 1, amount: 5n, l1Owner: L1_OWNER, key: 9n };
    const operations = Array.from({ length: ROWS }, (_, number) =>
      logOf(client, "bridge", ["OperationPosted", [number, encodeOperation(deposit), 50n]], {
        block: 5,
        index: number,
      }),
    );
    const heights: Decided[] = [];
    for (let height = 1; height <= HEIGHTS; height++)
      heights.push(decide(client, height, heights.at(-1)?.proposal ?? 0n, PER_BLOCK));
    const logs = [...operations, ...heights.flatMap((each) => each.logs)];
    index.feed(viewAt(100_000), { from: 0, to: 100_000, logs });
    const contents = new Contents(index.sql, profile);
    for (const { height, proposal } of heights) {
      contents.addBody(toHex32(proposal), fullBlock(height));
      contents.finish(contents.next()!, exitsOf(height, proposal));
    }
  });
  after(async () => offline.close());

  /** All items of a list, as a reader gets them page by page. */
  async function readAll<I>(
    path: string,
    page: z.ZodType<{ readonly items: I[]; readonly next: string | null }>,
    limit: number,
  ): Promise<I[]> {
    const items: I[] = [];
    let cursor: string | null = null;
    do {
      const query: string = `limit=${limit}${cursor === null ? "" : `&cursor=${cursor}`}`;
      const response = await fetch(`${offline.url}${path}${path.includes("?") ? "&" : "?"}${query}`);
      const answer = page.parse(await response.json());
      expect(answer.items.length).to.be.at.most(limit);
      if (answer.next !== null) expect(answer.items.length).to.equal(limit);
      items.push(...answer.items);
      cursor = answer.next;
    } while (cursor !== null);
    return items;
  }

  it("come whole and in order, page by page", async () => {
    const operations = await readAll("/v1/bridge/operations", schema.operations, 200);
    expect(operations.map(({ index }) => index)).to.deep.equal(Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i));

    const transfers = await readAll("/v1/transactions", schema.transactions, 200);
    const places = transfers.map(({ final: { height, position } }) => height * PER_BLOCK + position);
    const count = HEIGHTS * PER_BLOCK;
    expect(places).to.deep.equal(Array.from({ length: count }, (_, i) => PER_BLOCK + count - 1 - i));
    expect(transfers.map(({ nonce }) => Number(nonce))).to.deep.equal(
      Array.from({ length: count }, (_, i) => count - 1 - i),
    );
    expect(new Set(transfers.map((each) => each.id)).size).to.equal(count);

    const received = await readAll("/v1/transactions?account=2", schema.transactions, 199);
    expect(received.map(({ id: each }) => each)).to.deep.equal(
      transfers.filter(({ to }) => to === 2).map(({ id: each }) => each),
    );
  });

  it("come at whatever size of page", async () => {
    const blocks = await readAll("/v1/blocks", schema.blocks, 7);
    expect(blocks.map(({ height }) => height)).to.deep.equal(Array.from({ length: HEIGHTS }, (_, i) => HEIGHTS - i));
    const rounds = await readAll("/v1/rounds", schema.rounds, 50);
    expect(rounds).to.have.length(HEIGHTS);
    for (const path of ["/v1/exits", `/v1/exits?owner=${owner}`])
      expect(await readAll(path, schema.exits, 10)).to.have.length(HEIGHTS);
    expect(await readAll(`/v1/exits?owner=${proposer}`, schema.exits, 10)).to.deep.equal([]);
  });
});
