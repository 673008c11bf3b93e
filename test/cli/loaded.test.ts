import { expect } from "chai";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import ts from "typescript";
import { commandsFor } from "../../src/cli/commands/index.ts";
import { nodeEnvironment, nodeFlags } from "../../src/devnet/node.ts";
import { projectPath } from "../../src/setup/project.ts";

/** What a module has loaded before it runs: files from the root of the project, and packages. */
function loadedWith(entry: string): Set<string> {
  const found = new Set<string>();
  const walk = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    if (!/^(src|typechain-types)\/.*\.ts$/.test(path)) return;
    const options = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true };
    const { outputText: text } = ts.transpileModule(readFileSync(projectPath(path), "utf8"), {
      compilerOptions: options,
    });
    for (const { fileName, pos } of ts.preProcessFile(text, true, true).importedFiles) {
      if (text.slice(0, pos).trimEnd().endsWith("import(")) continue;
      walk(fileName.startsWith(".") ? normalize(join(dirname(path), fileName)) : packageOf(fileName));
    }
  };
  walk(entry);
  return found;
}

const packageOf = (name: string): string => /^(@[^/]+\/)?[^/]+/.exec(name)![0];

describe("what a program has in memory", () => {
  const follower = [...loadedWith("src/daemon/index.ts")];

  it("is, for one that proves nothing, no queue of proofs, no model and nothing that compiles", () => {
    expect(follower).to.include("libp2p").and.to.have.length.greaterThan(200);
    const unwanted = ["bullmq", "ioredis", "snarkjs", "vega", "vega-lite", "circom2", "assemblyscript", "typescript"];
    expect(follower.filter((name) => unwanted.includes(name) || name.startsWith("src/simulation/"))).to.deep.equal([]);
  });

  it("is, of the contracts, those that it calls", () => {
    const contracts = follower.filter((name) => name.startsWith("typechain-types/"));
    expect(contracts).to.include("typechain-types/factories/Rollup__factory.ts");
    expect(contracts.filter((name) => /\/index\.ts$|\/mocks\//.test(name))).to.deep.equal([]);
  });

  it("is, of the command line, the command that was named", async () => {
    const main = [...loadedWith("src/cli/main.ts")].filter((name) => name.startsWith("src/cli/commands/"));
    expect(main).to.deep.equal(["src/cli/commands/index.ts"]);
    const context = { signal: new AbortController().signal };
    const names = (await commandsFor([])).map((create) => create(context).name());
    expect(names).to.include.members(["setup", "node", "wallet"]);
    for (const name of names) {
      const found = (await commandsFor([name, "--help"])).map((create) => create(context).name());
      expect(found).to.deep.equal([name]);
    }
    for (const other of ["--help", "dmo", "constructor"])
      expect(await commandsFor([other])).to.have.length(names.length);
  });

  it("is kept small by what the launcher and a devnet give alike", () => {
    const launcher = readFileSync(projectPath("b52"), "utf8");
    for (const [pattern, role] of [
      ["'node prover'", "prover"],
      ["'node '*", "follower"],
    ] as const)
      expect(launcher).to.include(`${pattern}) exec node ${nodeFlags(role).join(" ")} src/cli/main.ts "$@" ;;`);
    for (const [name, value] of Object.entries(nodeEnvironment("follower")))
      expect(launcher).to.include(`${name}="\${${name}-${value}}"`);
    expect(nodeEnvironment("prover")).to.deep.equal({});
    expect(nodeFlags("proposer")).to.deep.equal(nodeFlags("follower"));
  });
});
