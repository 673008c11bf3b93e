import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { replaceFile } from "../../src/chain/replaceFile.ts";

describe("a file that is replaced", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-replace-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is named where it cannot be written, not the partial file before it", async () => {
    const missing = join(folder, "missing", "file");
    for (const path of [folder, missing]) {
      const error = await replaceFile(path, ["text"]).then(
        () => expect.fail(`${path} was written`),
        (thrown: NodeJS.ErrnoException) => thrown,
      );
      expect(error.path).to.equal(path);
      expect(error.message).to.contain(path).and.not.contain("partial");
    }
    expect(await readdir(folder)).to.deep.equal([]);
  });
});
