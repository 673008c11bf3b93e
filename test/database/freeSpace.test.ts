import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection } from "../../src/database/connection.ts";
import { DATABASE_FILE, DiskFullError, DiskLowError, NodeDatabase } from "../../src/database/index.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { MEBIBYTE, SmallDisk } from "../support/smallDisk.ts";

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

  describe("on a real disk", () => {
    let disk: SmallDisk;
    let data: string;
    beforeEach(async function () {
      disk = await SmallDisk.mount(this, 64);
      data = join(disk.folder, "data");
    });
    afterEach(() => disk.unmount());

    const duty = (i: number) => ({
      ...{ key: "1", kind: "vote" as const, subject: `${i}`, roundNumber: 1n, hash: "0xaa" },
      ...{ data: "x".repeat(4_000), state: "written" as const },
    });

    it("runs out: nothing is lost, and all goes on when there is room again", async () => {
      let written = 0;
      {
        using database = await NodeDatabase.open(data, "rollup");
        // 64 MiB of disk are less than it wants, whatever is on it.
        await expectRejection(database.requireFreeSpace(), DiskLowError, "nothing is signed");
        await disk.fill(2 * MEBIBYTE);
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
      await disk.makeRoom();
      using database = await NodeDatabase.open(data, "rollup");
      expect(database.duties.of("1")).to.have.length(written);
      database.duties.record(duty(written));
      expect(database.duties.of("1")).to.have.length(written + 1);
    });

    it("is missing where a program starts: that is said, and what was there is left as it is", async () => {
      {
        using database = await NodeDatabase.open(data, "rollup");
        database.duties.record(duty(0));
      }
      await disk.fill();
      await expectRejection(NodeDatabase.open(data, "rollup"), DiskFullError, "database or disk is full");
      const path = join(data, DATABASE_FILE);
      const connection = new Connection(path);
      expect(() => connection.all("SELECT * FROM duties")).to.throw(DiskFullError, `cannot read ${path}`);
      connection.close();
      await disk.makeRoom();
      using database = await NodeDatabase.open(data, "rollup");
      expect(database.duties.of("1")).to.have.length(1);
    });
  });
});
