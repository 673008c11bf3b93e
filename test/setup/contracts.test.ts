import { globSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { PACKAGES } from "../../src/setup/contracts.ts";
import { projectPath } from "../../src/setup/project.ts";

describe("the contracts' step", () => {
  it("looks at the version of every package that contracts import", () => {
    const imported = globSync("contracts/**/*.sol", { cwd: projectPath() }).flatMap((file) =>
      [...readFileSync(projectPath(file), "utf8").matchAll(/from "([^."][^"]*)"/g)].map(([, path]) => path!),
    );
    expect(imported).to.not.have.lengthOf(0);
    for (const path of imported)
      expect(
        PACKAGES.some((name) => path.startsWith(`${name}/`)),
        path,
      ).to.equal(true);
  });
});
