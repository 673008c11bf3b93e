import { expect } from "chai";
import { ClassicLevel } from "classic-level";
import { join } from "node:path";
import { LevelStore, StoreFullError } from "../../src/state/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { SmallDisk } from "../support/smallDisk.ts";

/** So much that the disk is full after some of them. */
const block = (i: number) => new Map([["head", `${i}`], ...accounts(i)]);
const accounts = (i: number) =>
  [0, 1, 2].map((k): [string, string] => [`account:${i}:${k}`, `${i} ${"x".repeat(6_000)}`]);

describe("LevelStore on a disk that is full", () => {
  let disk: SmallDisk;
  let location: string;
  let store: LevelStore;
  beforeEach(async function () {
    disk = await SmallDisk.mount(this, 16);
    location = join(disk.folder, "l2");
    store = await LevelStore.open(location);
    for (let i = 1; i <= 5; i++) await store.write(block(i));
  });
  afterEach(async () => {
    await store.close();
    disk.unmount();
  });

  const expectBlocks = (last: number): void => {
    expect(store.get("head")).to.equal(`${last}`);
    for (let i = 1; i <= last + 1; i++)
      for (const [key, value] of accounts(i)) expect(store.get(key), key).to.equal(i > last ? undefined : value);
  };

  async function reopen(): Promise<void> {
    await store.close();
    store = await LevelStore.open(location);
  }

  for (const left of [0, 4_096, 8_192]) {
    it(`gives what was written while ${left} bytes were left, and keeps all that is written after that`, async () => {
      await disk.fill(left);
      for (let i = 0; i < 3; i++) {
        await expectRejection(store.write(block(6)), StoreFullError, "No space left on device");
        expectBlocks(5);
      }
      await disk.makeRoom();
      for (let i = 6; i <= 8; i++) {
        const written = store.write(block(i));
        // Others read meanwhile.
        expect(store.get("head")).to.equal(`${i - 1}`);
        await written;
      }
      expectBlocks(8);
      await reopen();
      expectBlocks(8);
    });
  }

  it("is whole for whoever opens it after that, with room or without", async () => {
    await disk.fill();
    await expectRejection(store.write(block(6)), StoreFullError, "cannot write the store");
    await store.close();
    await expectRejection(LevelStore.open(location), StoreFullError, `cannot open the store at ${location}`);
    await disk.makeRoom();
    store = await LevelStore.open(location);
    expectBlocks(5);
  });

  it("has nothing of a write whose sync alone has failed, although LevelDB finds it", async () => {
    const { prototype } = ClassicLevel;
    // What it inherits comes to light again.
    const restore = (): void => ["batch", "close"].forEach((name) => Reflect.deleteProperty(prototype, name));
    try {
      prototype.batch = (() => Promise.reject(new Error("IO error: No space left on device"))) as never;
      await expectRejection(store.write(block(6)), StoreFullError, "No space left");
      restore();
      prototype.close = async function (this: ClassicLevel) {
        restore();
        await this.close();
        const found = new ClassicLevel(location);
        await found.batch([...block(6)].map(([key, value]) => ({ type: "put", key, value })));
        await found.close();
      };
      await store.write(new Map([["other", "1"]]));
    } finally {
      restore();
    }
    expectBlocks(5);
    await reopen();
    expectBlocks(5);
    expect(store.get("other")).to.equal("1");
  });
});
