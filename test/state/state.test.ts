import { expect } from "chai";
import { ClassicLevel } from "classic-level";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Account,
  accountLeaf,
  DamagedStoreError,
  EMPTY_ACCOUNT,
  findAccounts,
  freeIndex,
  LevelStore,
  MemoryStore,
  rootOfPath,
  StaleStateError,
  State,
  StoreError,
  WrongStoreError,
} from "../../src/state/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { Random } from "../../src/sim/random.ts";
import { GENESIS } from "./fixtures.ts";

const richer = (state: State, index: number): State => {
  const fork = state.fork();
  fork.setAccount(index, { ...fork.account(index), balance: fork.account(index).balance + 1n });
  return fork;
};

describe("State", () => {
  it("begins with the genesis accounts from index 1", () => {
    const state = State.ofGenesis(GENESIS);
    expect(state.account(0)).to.deep.equal(EMPTY_ACCOUNT);
    expect(state.account(1)).to.deep.equal(GENESIS.accounts[0]);
    expect(state.account(6)).to.deep.equal(EMPTY_ACCOUNT);
    expect(state.head).to.deep.equal({ height: 0, proposalId: 0n, stateRoot: state.root });
    for (let i = 0; i < 8; i++)
      expect(rootOfPath(i, accountLeaf(state.account(i)), state.path(i))).to.equal(state.root);
  });

  it("refuses a genesis account without a key and indexes beyond the tree", () => {
    expect(() => State.ofGenesis({ accountDepth: 1, accounts: [EMPTY_ACCOUNT] })).to.throw(
      "key of genesis account 1 is 0",
    );
    const state = State.ofGenesis(GENESIS);
    for (const index of [256, 257, -1, 1.5])
      expect(() => state.account(index)).to.throw(`account is ${index}, expected 0 to 255`);
  });

  it("forks change nothing below them", () => {
    const state = State.ofGenesis(GENESIS);
    const root = state.root;
    const fork = richer(state, 1);
    const second = richer(fork, 2);
    expect(state.root).to.equal(root);
    expect(new Set([root, fork.root, second.root]).size).to.equal(3);
    expect(second.account(1)).to.deep.equal(fork.account(1));
  });

  it("commits a fork with all below it, keeps its own forks and makes rivals stale", async () => {
    const store = new MemoryStore();
    const state = await State.open(store, GENESIS);
    const winner = richer(richer(state, 1), 2);
    const loser = richer(state, 3);
    const child = richer(winner, 4);
    const childRoot = child.root;
    await winner.commit(77n);
    expect(child.root).to.equal(childRoot);
    expect(() => loser.account(5)).to.throw(StaleStateError, "view of store version 1, expected 2");
    expect(() => state.root).to.throw(StaleStateError);
    await loser.commit(78n).then(
      () => expect.fail("committed"),
      (error) => expect(error).to.be.instanceOf(StaleStateError),
    );
    await child.commit(79n);
    const reopened = await State.open(store, GENESIS);
    expect(reopened.head).to.deep.equal({ height: 2, proposalId: 79n, stateRoot: childRoot });
    expect(reopened.root).to.equal(childRoot);
  });

  it("lets one of two commits at the same time win", async () => {
    const state = await State.open(new MemoryStore(), GENESIS);
    const rivals = [richer(state, 1), richer(state, 2)];
    const results = await Promise.allSettled(rivals.map((rival, i) => rival.commit(BigInt(i))));
    expect(results.map(({ status }) => status)).to.deep.equal(["fulfilled", "rejected"]);
  });

  it("can commit again after the store failed", async () => {
    const store = new MemoryStore();
    const state = richer(await State.open(store, GENESIS), 1);
    const { root } = state;
    const write = store.write.bind(store);
    store.write = () => Promise.reject(new StoreError("write", "disk", new Error("No space left on device")));
    await state.commit(1n).then(
      () => expect.fail("committed"),
      (error: Error) => expect(error.message).to.contain("No space left on device"),
    );
    expect(state.root).to.equal(root);
    expect(store.get("head")).to.match(/^0,/);
    store.write = write;
    await state.commit(1n);
    expect((await State.open(store, GENESIS)).head).to.deep.equal({ height: 1, proposalId: 1n, stateRoot: root });
  });

  it("refuses a store of another genesis", async () => {
    const store = new MemoryStore();
    await State.open(store, GENESIS);
    const other = { ...GENESIS, accounts: GENESIS.accounts.slice(1) };
    await expectRejection(State.open(store, other), WrongStoreError, "the store at memory is that of genesis 0x");
  });

  for (const [what, key, value, reason] of [
    ["account with another balance", "account:1", "1,2,0,1", "the accounts do not hash to its node:0:1"],
    ["account that is no account", "account:1", "x", "a record cannot be decoded: Cannot convert 0xx to a BigInt"],
    ["account that is missing", "account:2", undefined, "the accounts do not hash to its node:0:2"],
    ["account that nobody opened", "account:200", "1,2,0,1", "the accounts do not hash to its node:0:200"],
    ["leaf", "node:0:1", "0x7", "the accounts do not hash to its node:0:1"],
    ["node that is missing", "node:2:0", undefined, "the accounts do not hash to its node:2:0"],
    ["root", "node:4:0", "0x7", "the accounts do not hash to its node:4:0"],
    ["head of another tree", "head", "0,0,7", "its tree is not that of its last height"],
    ["head that is none", "head", "0", "a record cannot be decoded"],
    ["head that is missing", "head", undefined, "a record cannot be decoded"],
  ] as const) {
    it(`notices a stored ${what}`, async () => {
      const store = new MemoryStore();
      await State.open(store, GENESIS);
      await store.write(new Map([[key, value]]));
      const error = await expectRejection(
        State.open(store, GENESIS),
        DamagedStoreError,
        `the store at memory is damaged (${reason}`,
      );
      expect(error.message).to.match(/: remove it and sync again, nothing is lost, because all of it is on L1$/);
    });
  }
});

describe("looking for accounts", () => {
  const [first, second] = GENESIS.accounts as [Account, Account];
  const state = State.ofGenesis({ ...GENESIS, accounts: [...GENESIS.accounts, { ...first, l1Owner: second.l1Owner }] });

  it("finds them by key, owner or both", () => {
    const indexes = (wanted: Parameters<typeof findAccounts>[1]): number[] =>
      findAccounts(state, wanted).map(({ index }) => index);
    expect(indexes({ key: first.key })).to.deep.equal([1, 6]);
    expect(indexes({ l1Owner: second.l1Owner })).to.deep.equal([2, 6]);
    expect(indexes({ key: first.key, l1Owner: second.l1Owner })).to.deep.equal([6]);
    expect(indexes({ key: 5n })).to.deep.equal([]);
    expect(indexes({ key: 0n, l1Owner: 0n })).to.deep.equal([]);
    expect(findAccounts(state, { key: second.key })).to.deep.equal([{ index: 2, ...second }]);
  });

  it("finds the first index that is free, in a full tree none", () => {
    expect(freeIndex(state)).to.equal(7);
    expect(freeIndex(state, new Set([7, 9]))).to.equal(8);
    expect(freeIndex(State.ofGenesis({ accountDepth: 1, accounts: GENESIS.accounts.slice(0, 3) }))).to.equal(undefined);
  });
});

describe("LevelStore", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "b52-store-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("keeps the committed state and forgets the rest", async () => {
    let store = await LevelStore.open(folder);
    const first = richer(await State.open(store, GENESIS), 1);
    const { root } = first;
    await first.commit(5n);
    richer(first, 2);
    await store.close();
    store = await LevelStore.open(folder);
    const state = await State.open(store, GENESIS);
    expect(state.head).to.deep.equal({ height: 1, proposalId: 5n, stateRoot: root });
    await store.close();
  });

  it("says which folder is held by another", async () => {
    const store = await LevelStore.open(folder);
    await LevelStore.open(folder).then(
      () => expect.fail("opened"),
      (error: unknown) => {
        expect(error).to.be.instanceOf(StoreError);
        expect((error as StoreError).message).to.equal(`cannot open the store at ${folder}: another b52 has it open`);
      },
    );
    await store.close();
    expect(() => store.get("head")).to.throw(StoreError, `cannot read the store at ${folder}: Database is not open`);
  });

  it("survives kill -9 in the middle of a stream of commits", async () => {
    const program =
      "(await " +
      `import(${JSON.stringify(new URL("./commitForever.ts", import.meta.url).href)})).commitForever(process.argv[1])`;
    const args = ["--import", "tsx", "--input-type=module", "--eval", program, folder];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let said = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      said = Number(chunk.toString().trim().split("\n").at(-1));
      if (said >= 20) child.kill("SIGKILL");
    });
    await once(child, "close");
    const store = await LevelStore.open(folder);
    const { head, root } = await State.open(store, GENESIS);
    expect(head.height).to.be.at.least(said);
    expect(head.proposalId).to.equal(BigInt(head.height));
    expect(root).to.equal(head.stateRoot);
    await store.close();
  });

  describe("that is not as it was written", () => {
    /** Three blocks and one that was removed again, as files that LevelDB has sorted. */
    async function fill(): Promise<void> {
      const store = await LevelStore.open(folder);
      for (let block = 0; block < 3; block++) {
        await store.write(new Map(Array.from({ length: 200 }, (_, i) => [`key:${i}`, `${block} ${"x".repeat(i)}`])));
      }
      await store.write(new Map([["key:7", undefined]]));
      await store.close();
      // What was in the journal is a sorted file after the next start.
      await (await LevelStore.open(folder)).close();
    }

    async function edit(change: (level: ClassicLevel) => Promise<void>): Promise<void> {
      const level = new ClassicLevel(folder);
      await change(level);
      await level.close();
    }

    const expectDamage = (reason: string) =>
      expectRejection(LevelStore.open(folder), DamagedStoreError, `the store at ${folder} is damaged (${reason}`);

    const file = (ending: RegExp): string =>
      join(
        folder,
        readdirSync(folder).find((name) => ending.test(name))!,
      );

    beforeEach(fill);

    for (const [what, change] of [
      ["changed", (level) => level.put("key:5", "2 xxxxy")],
      ["lost", (level) => level.del("key:5")],
      ["added", (level) => level.put("key:7", "0 xxxxxxx")],
      ["swapped with another", (level) => level.put("key:5", "2 xxxxxx").then(() => level.put("key:6", "2 xxxxx"))],
    ] as [string, (level: ClassicLevel) => Promise<void>][]) {
      it(`notices a record that was ${what}`, async () => {
        await edit(change);
        await expectDamage("its records are not those that were written last");
      });
    }

    it("notices that its sum was lost or is none", async () => {
      await edit((level) => level.del("sum"));
      await expectDamage("its records are not those that were written last");
      await edit((level) => level.put("sum", "much"));
      await expectDamage("a record cannot be decoded: Cannot convert much to a BigInt");
    });

    it("names the store where files are missing or empty", async () => {
      const whole = join(folder, "..", `${folder}-whole`);
      cpSync(folder, whole, { recursive: true });
      for (const damage of [
        () => truncateSync(file(/ldb$/)),
        () => rmSync(file(/ldb$/)),
        () => rmSync(file(/^MANIFEST/)),
        () => truncateSync(file(/^CURRENT$/)),
      ]) {
        rmSync(folder, { recursive: true });
        cpSync(whole, folder, { recursive: true });
        damage();
        await expectDamage("");
      }
      rmSync(whole, { recursive: true });
    });

    it("gives what was written or notices, whatever bit of its records has flipped", async () => {
      const path = file(/ldb$/);
      const whole = readFileSync(path);
      const random = new Random("flipped bits");
      let noticed = 0;
      for (let i = 0; i < 60; i++) {
        const flipped = Buffer.from(whole);
        const at = random.index(whole.length);
        flipped[at]! ^= 1 << (i % 8);
        writeFileSync(path, flipped);
        const opened = await LevelStore.open(folder).catch((error: unknown) => error);
        if (opened instanceof LevelStore) {
          for (let key = 0; key < 200; key++) {
            expect(opened.get(`key:${key}`), `byte ${at}`).to.equal(key === 7 ? undefined : `2 ${"x".repeat(key)}`);
          }
          await opened.close();
        } else {
          expect(opened, `byte ${at}`).to.be.instanceOf(DamagedStoreError);
          noticed++;
        }
      }
      expect(noticed, "most bits matter").to.be.greaterThan(30);
    });

    it("opens after writes that were begun together", async () => {
      const store = await LevelStore.open(folder);
      await Promise.all([1, 2, 3].map((i) => store.write(new Map([["key:1", `${i}`]]))));
      await store.close();
      const again = await LevelStore.open(folder);
      expect(again.get("key:1")).to.equal("3");
      await again.close();
    });
  });
});
