import { link, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { makeFolder } from "../../src/chain/folders.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { BUILD_DIR, findProfileBuild, isProfileBuilt } from "../../src/setup/profileBuild.ts";

/** A copy in which one bit is another. */
function flipped(whole: Buffer): Buffer {
  const copy = Buffer.from(whole);
  copy[whole.length >> 1]! ^= 1;
  return copy;
}
const cutOff = (whole: Buffer): Buffer => whole.subarray(0, -3);
const gone = (): undefined => undefined;

describe("circuits and keys of a profile", () => {
  const profile = PROFILES.dev;
  let copy: string;
  beforeEach(async () => {
    copy = await mkdtemp(join(BUILD_DIR, "copy-"));
    for (const entry of await readdir(BUILD_DIR, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name).slice(BUILD_DIR.length + 1);
      if (!entry.isFile() || !/^(circuits|keys)\//.test(path)) continue;
      await makeFolder(join(copy, path, ".."));
      await link(join(BUILD_DIR, path), join(copy, path));
    }
  });
  afterEach(() => rm(copy, { recursive: true }));

  it("are found in a folder that was copied or moved, and nowhere else", async () => {
    const found = await findProfileBuild(profile, copy);
    expect(found).to.have.length((await findProfileBuild(profile))!.length);
    for (const { circuit, manifest } of found!)
      for (const path of [manifest, circuit.wasmPath, circuit.r1csPath]) expect(path).to.match(new RegExp(`^${copy}/`));
    expect(await readFile(join(copy, "keys", "dev.json"), "utf8"), "no absolute path").to.not.contain(BUILD_DIR);
  });

  it("are to be set up again when a key or its manifest is damaged, cut off or gone", async () => {
    expect(await isProfileBuilt(profile, copy)).to.equal(true);
    const { manifest } = (await findProfileBuild(profile, copy))![0]!;
    const zkey = manifest.replace(/json$/, "zkey");
    for (const [path, damages] of [
      [zkey, [flipped, cutOff, gone]],
      [manifest, [cutOff, gone]],
    ] as const) {
      const whole = await readFile(path);
      for (const damage of damages) {
        await rm(path); // it is a link to the one that others use
        const damaged = damage(whole);
        if (damaged !== undefined) await writeFile(path, damaged);
        expect(await isProfileBuilt(profile, copy), path).to.equal(false);
        await writeFile(path, whole);
      }
    }
    expect(await isProfileBuilt(profile, copy)).to.equal(true);
  });
});
