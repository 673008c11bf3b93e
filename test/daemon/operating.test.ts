import { existsSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { SETTINGS, type SettingName, variableOf } from "../../src/daemon/index.ts";
import { isOtherVariable } from "../../src/daemon/settings/variables.ts";
import { projectPath } from "../../src/setup/project.ts";

const read = (...path: string[]): string => readFileSync(projectPath(...path), "utf8");

describe("docs/operating.md", () => {
  it("names a test that is there for each of the 30 complaints", () => {
    const rows = read("docs", "operating.md")
      .split("\n")
      .flatMap((line) => {
        const [, complaint, file, name] = /^\| (.+?) +\| `(test\/[^`]+)`: (.+?) +\|$/.exec(line) ?? [];
        return complaint === undefined ? [] : [{ file: file!, name: name! }];
      });
    expect(rows).to.have.length(30);
    for (const { file, name } of rows) {
      expect(existsSync(projectPath(file)), file).to.equal(true);
      expect(read(file), `${file} has the test`).to.contain(name);
    }
  });
});

describe("the files for containers", () => {
  const files = ["Dockerfile", "compose.yml", "operators.mjs"].map((name) => read("ops", "docker", name));

  it("set nothing but what the programs know", () => {
    const known = Object.keys(SETTINGS).map((name) => variableOf(name as SettingName));
    const named = files.flatMap((text) => text.match(/\bB52_[A-Z_]+\b/g) ?? []);
    expect(named).to.have.length.greaterThan(10);
    expect(named.filter((name) => !known.includes(name) && !isOtherVariable(name))).to.deep.equal([]);
  });

  it("run programs without privileges", () => {
    expect(files[0]!.match(/^USER .*$/gm)).to.deep.equal(["USER node"]);
  });
});
