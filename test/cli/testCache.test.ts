import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { TestCache } from "../../src/cli/testCache.ts";
import { TestInputs } from "../../src/cli/testInputs.ts";
import type { TestResult } from "../../src/cli/testRun.ts";

/** A project of which each test file depends on something else. */
const PROJECT = {
  "src/state/root.ts": 'export { hash } from "./hash.ts";',
  "src/state/hash.ts": "export const hash = 1;",
  "src/cli/main.ts": "console.log(1);",
  "contracts/Token.sol": "contract Token {}",
  "test/vectors/hash.json": "1",
  "test/contracts/support/Fixture.sol": 'import {Token} from "../../../contracts/Token.sol";',
  "test/imports.test.ts": 'import { hash } from "../src/state/root.ts";',
  "test/types.test.ts":
    'import type {\n  Hash,\n} from "../src/state/hash.ts";\nexport type { Hash } from "../src/state/root.ts";',
  "test/loads.test.ts": 'const { hash } = await import("../src/state/hash.ts");',
  "test/reads.test.ts": "readFileSync(new URL(`./vectors/${name}.json`, import.meta.url));",
  "test/deploys.test.ts": 'import { network } from "hardhat";',
  "typechain-types/factories/Token__factory.ts": "export const bytecode = 1;",
  "deploy/modules/B52.ts": "",
  "test/journal.test.ts": 'projectPath("deploy", "deployments");',
  "test/factories.test.ts": 'import { bytecode } from "../typechain-types/factories/Token__factory.ts";',
  "test/spawns.test.ts": 'import { spawn } from "node:child_process";',
  "test/finds.test.ts": 'readdirSync(projectPath("test", ...names)).map((name) => join(PROJECT_ROOT, name));',
  "test/alone.test.ts": "",
  "test/contracts/Token.t.sol": 'import {Fixture} from "./support/Fixture.sol";',
} as const;

const FILES = Object.keys(PROJECT).filter((path) => /\.(test\.ts|t\.sol)$/.test(path));

describe("what passed before", () => {
  let root: string;

  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const open = (): Promise<TestCache> => TestCache.open(FILES, { root });
  const due = async (): Promise<string[]> => {
    const cache = await open();
    return FILES.filter((file) => cache.passed(file) === undefined);
  };
  const resultOf = (files: readonly string[], changes: Partial<TestResult> = {}): TestResult => ({
    ...{ name: "run", seconds: 1, passing: files.length, failing: 0, pending: 0, failures: [] },
    files: files.map((file) => ({ file, passing: 1, pending: 0, seconds: 0.5 })),
    ...changes,
  });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "b52-test-cache-"));
    for (const [path, text] of Object.entries(PROJECT)) await write(path, text);
    await (await open()).remember(FILES, [resultOf(FILES)]);
  });
  afterEach(() => rm(root, { recursive: true }));

  it("does not run again while nothing changes", async () => {
    expect(await due()).to.deep.equal([]);
    expect((await open()).passed("test/alone.test.ts")).to.include({ passing: 1, seconds: 0.5 });
  });

  const ALWAYS = ["test/finds.test.ts"];
  for (const [path, dependents] of Object.entries({
    "src/state/hash.ts": ["test/imports.test.ts", "test/loads.test.ts", "test/spawns.test.ts"],
    "src/state/root.ts": ["test/imports.test.ts", "test/spawns.test.ts"],
    "src/cli/main.ts": ["test/spawns.test.ts"],
    "src/another/new.ts": ["test/spawns.test.ts"],
    "contracts/Token.sol": [
      ...["test/contracts/Token.t.sol", "test/deploys.test.ts", "test/factories.test.ts", "test/spawns.test.ts"],
    ],
    "test/contracts/support/Fixture.sol": ["test/contracts/Token.t.sol"],
    "test/vectors/hash.json": ["test/reads.test.ts"],
    "test/alone.test.ts": ["test/alone.test.ts"],
    "docs/protocol.md": [],
    "package-lock.json": FILES,
    "hardhat.config.ts": FILES,
  })) {
    it(`runs again what depends on ${path}, and nothing else`, async () => {
      await write(path, "// Changed.");
      expect(await due()).to.have.members([...new Set([...dependents, ...ALWAYS])]);
    });
  }

  it("runs again in another environment, and what is made does not count", async () => {
    const [file] = FILES as [string];
    const hash = (env: NodeJS.ProcessEnv): string => new TestInputs(root, env).hashOf(file);
    expect(hash({ B52_RPC_TIMEOUT: "1" })).to.not.equal(hash({}));
    expect(hash({ HOME: "/" })).to.equal(hash({}));
    await write("build/tests/some.log", "made");
    await write("typechain-types/factories/Token__factory.ts", "// Made again.");
    await write("deploy/deployments/b52/journal.jsonl", "made for the first time");
    expect(await due()).to.deep.equal([]);
  });

  it("is not what failed, nor what ran in the same process as something that failed", async () => {
    const [first, second, third] = FILES as [string, string, string];
    await (
      await open()
    ).remember([first, second, third], [resultOf([first, second], { failing: 1 }), resultOf([third])]);
    expect(await due()).to.deep.equal([first, second]);
  });

  it("is not what had tests left out, or not all of whose tests are known to have passed", async () => {
    const [first, second, third] = FILES as [string, string, string];
    const [pending] = resultOf([first]).files;
    await (
      await open()
    ).remember(
      [first, second, third],
      [
        resultOf([first], { files: [{ ...pending!, pending: 1 }] }),
        resultOf([second], { passing: 2 }),
        resultOf([third], { passing: 0, files: [{ ...pending!, file: third, passing: 0 }] }),
      ],
    );
    expect(await due()).to.deep.equal([first, second, third]);
  });

  it("is not what ran in a process that ended before it could tell", async () => {
    await (await open()).remember(FILES, [resultOf([], { failing: 1 })]);
    expect(await due()).to.deep.equal(FILES);
  });

  it("is not what changed while it ran", async () => {
    const cache = await open();
    await write("src/state/root.ts", "// Changed.");
    await cache.remember(FILES, [resultOf(FILES)]);
    await write("src/state/root.ts", PROJECT["src/state/root.ts"]);
    expect(await due())
      .to.include("test/imports.test.ts")
      .and.not.include("test/alone.test.ts");
  });

  it("is nothing where the memory is damaged or of another kind", async () => {
    for (const text of ["", "{", "[]", '{"test/alone.test.ts":true}', '{"test/alone.test.ts":{"passing":1}}']) {
      await write("build/tests/passed.json", text);
      expect(await due(), text).to.deep.equal(FILES);
    }
    await (await open()).remember(FILES, [resultOf(FILES)]);
    expect(await due()).to.deep.equal([]);
  });
});

describe("what tests of this project depend on", () => {
  const inputs = new TestInputs();

  for (const [file, some, none] of [
    ["test/protocol/float.test.ts", ["src/protocol/float.ts", "package-lock.json"], ["src", "contracts", "."]],
    ["test/contracts/libraries/vectors.test.ts", ["test/vectors", "contracts"], ["src", "."]],
    ["test/contracts/Rollup/commit.t.sol", ["contracts", "test/contracts/support/Fixture.sol"], ["src", "."]],
    ["test/contracts/gas.test.ts", ["test/snapshots", "contracts", "src/sim/madeUp.ts"], ["src", "."]],
    ["test/demo/story.test.ts", ["src/proving/prove.worker.ts", "src/proving/groth16/assembly"], ["src", "."]],
    ["test/wallet/wallet.test.ts", ["src/wallet/send.ts", "contracts"], ["src", "."]],
    ["test/cli/launcher.test.ts", ["b52"], ["src", "."]],
    ["test/cli/status.test.ts", ["src/cli/commands/status.ts", "contracts"], ["src", "src/cli/commands/demo.ts", "."]],
    ["test/sync/node.test.ts", ["src/sync/sync.ts", "test/sync/syncOnce.ts"], ["src", "src/demo/demo.ts", "."]],
    ["test/roles/journal.test.ts", ["test/roles/journalChild.ts", "src/roles/journal.ts"], ["src", "."]],
    ["test/state/state.test.ts", ["test/state/commitForever.ts", "src/state/state.ts"], ["src", "."]],
    ["test/cli/nodes.test.ts", ["src", "tools", "contracts", "circuits", "scripts", "deploy"], ["."]],
    ["test/config/layers.test.ts", ["."], []],
    ["test/tools/check/check.test.ts", ["."], []],
  ] as const) {
    it(`${file}: ${some.join(", ")}`, () => {
      const found = inputs.of(file);
      expect(found).to.include.members([...some]);
      const hint = "does a module find files in a way that src/cli/testInputs.ts does not understand?";
      for (const path of none) expect(found, hint).to.not.include(path);
    });
  }
});
