import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { checkPasswordFile } from "../../src/daemon/preflight/machine.ts";

describe("a look before the start", () => {
  it("warns of a password that others can read", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-preflight-"));
    try {
      const path = join(folder, "password");
      await writeFile(path, "a password\n");
      await chmod(path, 0o644);
      const { outcome, detail } = await checkPasswordFile(path);
      expect({ outcome, detail }).to.deep.equal({
        outcome: "warn",
        detail: `others can read ${path}, expected nobody but you: chmod 600 ${path}`,
      });
      await chmod(path, 0o600);
      expect((await checkPasswordFile(path)).outcome).to.equal("ok");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
