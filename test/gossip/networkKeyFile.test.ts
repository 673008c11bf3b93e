import { expect } from "chai";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadNetworkKey, NetworkKeyFileError } from "../../src/gossip/index.ts";
import { expectRejection } from "../support/expectRejection.ts";

describe("a network key in a file", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "b52-network-key-"))));
  afterEach(() => rm(folder, { recursive: true }));

  it("is drawn once, also if several ask at once, and nobody else can read it", async () => {
    const path = join(folder, "new", "network.key");
    const keys = await Promise.all([1, 2, 3].map(() => loadNetworkKey(path)));
    expect(new Set(keys.map(({ publicKey }) => publicKey)).size).to.equal(1);
    expect((await loadNetworkKey(path)).publicKey).to.equal(keys[0]!.publicKey);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it("is refused where the file holds something else, which is not shown", async () => {
    const path = join(folder, "network.key");
    await writeFile(path, "secret");
    await expectRejection(loadNetworkKey(path), NetworkKeyFileError, "it has 6 characters, expected 64");
    await expectRejection(loadNetworkKey(folder), NetworkKeyFileError, "it is a folder");
  });
});
