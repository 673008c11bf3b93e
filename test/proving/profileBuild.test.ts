import { link, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { makeFolder } from "../../src/chain/folders.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { BUILD_DIR, findProfileBuild } from "../../src/setup/profileBuild.ts";

describe("circuits and keys of a profile", () => {
  it("are found in a folder that was copied or moved, and nowhere else", async () => {
    const profile = PROFILES.dev;
    const copy = await mkdtemp(join(BUILD_DIR, "copy-"));
    try {
      for (const entry of await readdir(BUILD_DIR, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name).slice(BUILD_DIR.length + 1);
        if (!entry.isFile() || !/^(circuits|keys)\//.test(path)) continue;
        await makeFolder(join(copy, path, ".."));
        await link(join(BUILD_DIR, path), join(copy, path));
      }
      const found = await findProfileBuild(profile, copy);
      expect(found).to.have.length((await findProfileBuild(profile))!.length);
      for (const { circuit, manifest } of found!)
        for (const path of [manifest, circuit.wasmPath, circuit.r1csPath])
          expect(path).to.match(new RegExp(`^${copy}/`));
      expect(await readFile(join(copy, "keys", "dev.json"), "utf8"), "no absolute path").to.not.contain(BUILD_DIR);
    } finally {
      await rm(copy, { recursive: true });
    }
  });
});
