import { expect } from "chai";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cache } from "../../../tools/mutation/cache.ts";

describe("cache of the mutation check", () => {
  let folder = "";

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-cache-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("makes a result once, keeps it for later runs, and forgets what was not asked for", async () => {
    let made = 0;
    const make = (): { value: number } => ({ value: ++made });
    const first = new Cache(join(folder, "results"));
    expect(await first.get(["a", 1], make)).to.deep.equal({ value: 1 });
    expect(await first.get(["a", 1], make)).to.deep.equal({ value: 1 });
    expect(await first.get(["a", 2], make)).to.deep.equal({ value: 2 });
    await first.prune();
    const second = new Cache(join(folder, "results"));
    expect(await second.get(["a", 2], make)).to.deep.equal({ value: 2 });
    await second.prune();
    expect(await readdir(join(folder, "results"))).to.have.length(1);
    expect(await new Cache(join(folder, "results")).get(["a", 1], make)).to.deep.equal({ value: 3 });
  });

  it("keeps nothing of what failed", async () => {
    const cache = new Cache(join(folder, "failures"));
    const failure = await cache
      .get(["a"], () => Promise.reject(new Error("no")))
      .catch((error: Error) => error.message);
    expect(failure).to.equal("no");
    expect(await cache.get(["a"], () => "yes")).to.equal("yes");
    await new Cache(join(folder, "never")).prune();
  });
});
