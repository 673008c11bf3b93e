import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PROJECT_ROOT } from "../../../src/setup/project.ts";
import { createWorkspace } from "../../../tools/mutation/workspace.ts";

describe("a workspace of the mutation check", () => {
  it("has what tests import, and packages", async () => {
    const folder = await mkdtemp(join(tmpdir(), "b52-workspace-"));
    try {
      await createWorkspace(PROJECT_ROOT, join(folder, "copy"));
      const found = await readdir(join(folder, "copy"));
      expect(found).to.include.members([
        "circuits",
        "contracts",
        "deploy",
        "node_modules",
        "scripts",
        "src",
        "test",
        "tools",
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
