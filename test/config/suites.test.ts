import { globSync } from "node:fs";
import { expect } from "chai";
import { chooseTests, skipsUnchanged, UnknownTestsError } from "../../src/cli/commands/test.ts";
import { SUITE_NAMES, SUITES, suiteOf, testFiles } from "../../src/cli/suites.ts";
import { partsOf, summaryOf } from "../../src/cli/testReport.ts";
import { projectPath } from "../../src/setup/project.ts";

describe("test suites", () => {
  it("have every test file exactly once", () => {
    const declaring = globSync("test/**/*", { cwd: projectPath() }).filter((file) =>
      /\.(test\.[mc]?[tj]s|t\.sol)$/.test(file),
    );
    const chosen = chooseTests(SUITE_NAMES).flatMap(({ files }) => files);
    expect(chosen).to.have.length.above(100);
    expect([...chosen].sort()).to.deep.equal(declaring.sort());
  });

  it("are folders: each one that is named is there, has tests, and is named once", () => {
    const folders = SUITE_NAMES.flatMap((name) => SUITES[name].folders);
    expect(new Set(folders).size).to.equal(folders.length);
    for (const name of SUITE_NAMES) {
      for (const folder of SUITES[name].folders) {
        const own = testFiles().filter((file) => file.startsWith(`${folder}/`) && suiteOf(file) === name);
        expect(own, folder).to.not.have.lengthOf(0);
      }
    }
  });

  it("take a file to the nearest folder that one of them names", () => {
    expect(suiteOf("test/contracts/Rollup/commit.t.sol")).to.equal("solidity");
    expect(suiteOf("test/contracts/invariants/Games.t.sol")).to.equal("games");
    expect(suiteOf("test/circuits/lib/bits.test.ts")).to.equal("circuits");
    expect(suiteOf("test/e2e/demo.test.ts")).to.equal("proofs");
    expect(suiteOf("test/circuitsOfAnotherFolder/bits.test.ts")).to.equal("node");
  });
});

describe("b52 test", () => {
  it("takes suites, files and folders, and each file once", () => {
    expect(chooseTests(["test/protocol/float.test.ts"])).to.deep.equal([
      { name: "node", files: ["test/protocol/float.test.ts"] },
    ]);
    const folder = chooseTests(["test/contracts/", "test/contracts/Rollup/commit.t.sol"]);
    expect(folder.map(({ name }) => name)).to.deep.equal(["solidity", "games"]);
    expect(folder).to.deep.equal(chooseTests(["games", "solidity"]));
  });

  it("says what it knows when something has no tests", () => {
    for (const what of ["test/support", "test/none.test.ts", "src", "speed", "../.."]) {
      expect(() => chooseTests(["node", what]), what).to.throw(
        UnknownTestsError,
        `no tests in ${what}: expected a suite (solidity, node, games, circuits, proofs, network), a test file`,
      );
    }
  });

  it("run in parts that take about as long, as many for each of two processes", () => {
    const file = (i: number): string => `test/${i}.test.ts`;
    const suites = (count: number) => [
      { name: "solidity" as const, files: ["test/contracts/A.t.sol", "test/contracts/a.test.ts"] },
      { name: "games" as const, files: ["test/contracts/invariants/G.t.sol"] },
      {
        name: "node" as const,
        files: ["test/sim/realTime.test.ts", ...Array.from({ length: count }, (_, i) => file(i))],
      },
    ];
    const parts = (count: number, seconds: number) => partsOf(suites(count), () => seconds);
    const names = (count: number, seconds: number) => parts(count, seconds).map(({ name }) => name);
    expect(names(0, 90)).to.deep.equal(["clock-1", "solidity", "games", "typescript-1"]);
    expect(names(3, 5)).to.deep.equal(["clock-1", "solidity", "games", "typescript-1"]);
    expect(names(3, 10)).to.deep.equal(["clock-1", "solidity", "games", "typescript-1", "typescript-2"]);
    for (const [count, seconds] of [
      [3, 10],
      [40, 10],
      [400, 10],
    ] as const) {
      const divided = parts(count, seconds).slice(3);
      expect(divided.length % 2).to.equal(0);
      expect(divided.length).to.be.at.most(8);
      expect(divided.flatMap(({ files }) => files)).to.have.members([
        "test/contracts/a.test.ts",
        ...Array.from({ length: count }, (_, i) => file(i)),
      ]);
      const lengths = divided.map(({ files }) => files.length);
      expect(Math.max(...lengths) - Math.min(...lengths)).to.be.at.most(1);
    }
    const proofs = { name: "proofs" as const, files: ["test/e2e/demo.test.ts", "test/e2e/devnet.test.ts"] };
    expect(partsOf([proofs], undefined)).to.deep.equal([
      { name: "clock-1", files: ["test/e2e/devnet.test.ts"] },
      { name: "proofs", files: ["test/e2e/demo.test.ts"] },
    ]);
  });

  it("wait for the clock in two processes beside those, unless a devnet keeps the processors busy", () => {
    const files = ["test/cli/killed.test.ts", "test/cli/nodes.test.ts", "test/sim/realTime.test.ts"];
    const seconds = (file: string): number => (file === files[2] ? 20 : 15);
    const clocksOf = (chosen: readonly string[]) => partsOf([{ name: "node", files: chosen }], seconds);
    expect(clocksOf(files)).to.deep.equal([
      { name: "clock-1", files: [files[2]] },
      { name: "clock-2", files: files.slice(0, 2) },
    ]);
    const all = [...files, "test/e2e/devnet.test.ts"];
    expect(clocksOf(all)).to.have.length(1);
    expect(clocksOf(all)[0]!.files).to.have.members(all);
  });

  it("adds up all processes", () => {
    const result = { seconds: 1, failing: 0, pending: 0, failures: [], files: [] };
    const solidity = { ...result, name: "solidity", passing: 40 };
    expect(summaryOf([solidity, { ...result, name: "node-1", passing: 2, pending: 1 }])).to.equal(
      "42 passing (40 solidity, 2 node-1)\n1 pending (1 node-1)\n",
    );
    expect(summaryOf([solidity, { ...result, name: "games", passing: 0, failing: 3 }])).to.equal(
      "40 passing (40 solidity)\n3 failing (3 games)\n",
    );
    expect(summaryOf([solidity], { files: 12, passing: 300 })).to.equal(
      "40 passing (40 solidity)\n300 passed before and unchanged (12 files; --fresh runs all)\n",
    );
  });

  it("leaves out what passed before only where nobody asked for more, and never in CI", () => {
    expect(skipsUnchanged({}, {})).to.equal(true);
    expect(skipsUnchanged({}, { CI: "false" })).to.equal(true);
    expect(skipsUnchanged({}, { CI: "true" })).to.equal(false);
    expect(skipsUnchanged({ fresh: true }, {})).to.equal(false);
    expect(skipsUnchanged({ grep: "commit" }, {})).to.equal(false);
  });
});
