import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskFullError, DiskLowError, freeBytes, NodeDatabase } from "../../src/database/index.ts";
import { expectRejection } from "../support/expectRejection.ts";

const MEBIBYTE = 1_048_576;

describe("free space", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "b52-disk-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is asked for before anything is promised", async () => {
    let free = 200_000_000;
    const statFs = () => Promise.resolve({ bavail: free / 1_000, bsize: 1_000 });
    using database = await NodeDatabase.open(folder, "rollup", { statFs });
    await database.requireFreeSpace();
    free -= 1_000;
    const error = await expectRejection(database.requireFreeSpace(), DiskLowError, "has 199 MB free");
    expect(error.message).to.contain("at least 200 MB").and.to.contain(folder);
    using memory = await NodeDatabase.inMemory("rollup");
    await memory.requireFreeSpace();
    using real = await NodeDatabase.open(join(folder, "real"), "rollup", { minFree: 1 });
    await real.requireFreeSpace();
  });

  it("runs out on a real disk: nothing is lost, and all goes on when there is room again", async function () {
    const disk = join(folder, "disk");
    const mount = (...args: string[]): boolean => spawnSync(args[0]!, args.slice(1), { stdio: "ignore" }).status === 0;
    await rm(disk, { recursive: true, force: true });
    spawnSync("mkdir", [disk]);
    if (!mount("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk)) {
      console.warn("skipped: this machine lets nobody mount a tmpfs");
      return this.skip();
    }
    try {
      const ballast = join(disk, "ballast");
      const data = join(disk, "data");
      const duty = (i: number) => ({
        ...{ key: "1", kind: "vote" as const, subject: `${i}`, roundNumber: 1n, hash: "0xaa" },
        ...{ data: "x".repeat(4_000), state: "written" as const },
      });
      let written = 0;
      {
        using database = await NodeDatabase.open(data, "rollup");
        // 64 MiB of disk are less than it wants, whatever is on it.
        await expectRejection(database.requireFreeSpace(), DiskLowError, "nothing is signed");
        await writeFile(ballast, new Uint8Array((await freeBytes(disk)) - 2 * MEBIBYTE));
        expect(() => {
          for (;;) {
            database.duties.record(duty(written));
            written++;
          }
        }).to.throw(DiskFullError);
        expect(written).to.be.greaterThan(10);
        // What is on disk is still known, and still guards the key.
        expect(database.duties.of("1")).to.have.length(written);
        expect(() => database.duties.record({ ...duty(0), hash: "0xbb" })).to.throw("expected 0xaa");
      }
      await rm(ballast);
      using database = await NodeDatabase.open(data, "rollup");
      expect(database.duties.of("1")).to.have.length(written);
      database.duties.record(duty(written));
      expect(database.duties.of("1")).to.have.length(written + 1);
    } finally {
      mount("umount", disk);
    }
  });
});
