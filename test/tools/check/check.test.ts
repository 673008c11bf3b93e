import { expect } from "chai";
import { type Part, runParts } from "../../../src/cli/commands/check.ts";
import { commandsFor } from "../../../src/cli/commands/index.ts";
import { checkLinks } from "../../../tools/check/links.ts";
import { checkNames } from "../../../tools/check/names.ts";
import { ownRepository, type Repository } from "../../../tools/check/repository.ts";
import { checkSources } from "../../../tools/check/sources.ts";
import { runCommand } from "../../support/runCommand.ts";

const repositoryOf = (files: Readonly<Record<string, string>>): Repository => ({
  files: Object.keys(files).sort(),
  read: (file) => files[file]!,
});

const said = (faults: readonly { file: string; line: number; message: string }[]): string[] =>
  faults.map(({ file, line, message }) => `${file}:${line}: ${message}`);

describe("links of docs", () => {
  const linksOf = (page: string): string[] =>
    said(
      checkLinks(
        repositoryOf({
          "docs/a.md": page,
          "docs/deep/b.md": "# One thing\n\n# One thing\n",
          "src/c.ts": "",
          "d.md": "",
        }),
      ),
    );

  it("may lead to files, folders, headings and other sites", () => {
    const page =
      "# A `code` heading, and more\n\n[b](deep/b.md) [b](deep/b.md#one-thing-1) [c](../src/c.ts) [src](../src/)\n" +
      "![d](../d.md) [here](#a-code-heading-and-more) [there](https://example.org/nothing.md)\n\n[ref]: ../d.md\n";
    expect(linksOf(page)).to.deep.equal([]);
  });

  it("may not lead to nowhere", () => {
    expect(
      linksOf("text\n\n- [x](deep/c.md)\n\n| cell | [y](deep/b.md#two) |\n\n[z](#none)\n\n[w]: nothing\n"),
    ).to.deep.equal([
      "docs/a.md:3: links to deep/c.md, expected a file or folder of the repository",
      "docs/a.md:5: links to deep/b.md#two, expected one of the headings of docs/deep/b.md",
      "docs/a.md:7: links to #none, expected one of the headings of docs/a.md",
      "docs/a.md:9: links to nothing, expected a file or folder of the repository",
    ]);
  });

  it("are none inside code", () => {
    expect(linksOf("`[x](y)`\n\n```md\n[x](y)\n```\n")).to.deep.equal([]);
  });
});

describe("names in docs", () => {
  const files = {
    "src/wallet/send.ts": "",
    "test/contracts/Bridge/deposit.t.sol":
      "contract DepositTest {\n    function test_RevertsWhenNotPaid() public {}\n}",
    "test/contracts/invariants/Games.t.sol": 'vm.assertTrue(ok, "7: not proven");',
    "test/chain/scan.test.ts":
      'describe("scan", () => { it("asks for less", f); it(`refuses ${what} that nobody asked for`, f); });',
  };
  const commands = new Set(["demo", "wallet", "wallet new"]);
  const namesIn = (page: string): string[] => said(checkNames(repositoryOf({ ...files, "docs/a.md": page }), commands));

  it("may be files and folders from the top, from the page or by their end, with * for anything", () => {
    const page =
      "`src/wallet/send.ts` `src/` `test/contracts/*/deposit.t.sol` `Bridge/` `deposit.t.sol` `../src/` `a.md`";
    expect(namesIn(`${page} \`build/keys/dev.json\` \`N^3 / 2\` \`fees\``)).to.deep.equal([]);
  });

  it("may not be of files and folders that are gone", () => {
    expect(
      namesIn("one\n`src/wallet/receive.ts`\n`src/walle`, `Bride/`, `gone.test.ts`, `wallet/*.sol`"),
    ).to.deep.equal([
      "docs/a.md:2: names src/wallet/receive.ts, expected a file or folder of the repository",
      "docs/a.md:3: names src/walle, expected a file or folder of the repository",
      "docs/a.md:3: names Bride/, expected a file or folder of the repository",
      "docs/a.md:3: names gone.test.ts, expected a file or folder of the repository",
      "docs/a.md:3: names wallet/*.sol, expected a file or folder of the repository",
    ]);
  });

  it("may be titles of tests in the file before, or parts of them", () => {
    const page =
      '`scan.test.ts` ("asks for less"; "refuses blocks that nobody asked for"), ' +
      '`Bridge/` ("reverts when not paid"), ' +
      "`deposit.t.sol`: `test_RevertsWhenNotPaid` of `DepositTest`; `invariants/` (7: an honest one wins)";
    expect(namesIn(page)).to.deep.equal([]);
  });

  it("may not be of tests that are not there, or elsewhere", () => {
    const page =
      '| promise | `scan.test.ts` ("asks for more", "reverts when not paid") |\n' +
      "| another | `invariants/` (8) and `deposit.t.sol`: `test_Nothing`, `NothingTest` |\n" +
      "| third | `scan.test.ts`, `test_RevertsWhenNotPaid` |";
    expect(namesIn(page)).to.deep.equal([
      'docs/a.md:1: names the test "asks for more", expected one in scan.test.ts',
      'docs/a.md:1: names the test "reverts when not paid", expected one in scan.test.ts',
      "docs/a.md:2: names invariant 8, expected one in invariants/",
      "docs/a.md:2: names the test test_Nothing, expected a function of a Solidity test",
      "docs/a.md:2: names the test NothingTest, expected a contract of a Solidity test",
      "docs/a.md:3: names the test test_RevertsWhenNotPaid, expected a function of a Solidity test",
    ]);
  });

  it("may be commands, also in blocks of code", () => {
    expect(namesIn("`./b52 demo --full`\n\n```sh\n./b52 wallet new --import\n./b52 wallet\n```\n")).to.deep.equal([]);
    expect(namesIn("`./b52 dance`\n\n```sh\n./b52 demo\n./b52 wallet burn\n```\n")).to.deep.equal([
      "docs/a.md:1: names the command ./b52 dance, expected one that ./b52 --help lists",
      "docs/a.md:5: names the command ./b52 wallet burn, expected one that ./b52 --help lists",
    ]);
  });
});

describe("sources", () => {
  const faultsOf = (file: string, text: string): string[] => said(checkSources(repositoryOf({ [file]: text })));

  it("have no line that is wider than 120 columns, however many bytes", () => {
    expect(faultsOf("src/a.ts", `${"ä".repeat(120)}\n`)).to.deep.equal([]);
    for (const file of ["src/a.ts", "contracts/A.sol", "circuits/a.circom"])
      expect(faultsOf(file, `\n${"x".repeat(121)}\n`)).to.deep.equal([`${file}:2: 121 columns, expected at most 120`]);
    expect(faultsOf("docs/a.md", "x".repeat(121))).to.deep.equal([]);
  });

  it("in Circom are indented in steps of 4, without spaces at the ends, and end with one line feed", () => {
    expect(faultsOf("a.circom", "/*\n * text\n */\ntemplate A() {\n    signal x;\n}\n")).to.deep.equal([]);
    expect(faultsOf("a.circom", "a \n  b\n\tc")).to.deep.equal([
      "a.circom:1: space at the end of the line",
      "a.circom:2: indented by 2, expected steps of 4",
      "a.circom:3: a tab, expected spaces",
      "a.circom:3: indented by 1, expected steps of 4",
      "a.circom:3: expected one line feed at the end",
    ]);
    expect(faultsOf("a.circom", "a\n\n")).to.deep.equal(["a.circom:3: expected one line feed at the end"]);
  });
});

describe("check", () => {
  it("runs every part, whatever those before found, and tells which failed", async () => {
    const lines: string[] = [];
    const part = (isSound: boolean, line: string): Part => ({
      what: line,
      run: (say) => {
        say(line);
        return Promise.resolve(isSound);
      },
    });
    const parts = [
      ["types", part(false, "a.ts: no")],
      ["format", part(true, "b.ts")],
      ["lint", part(false, "c.ts: no")],
    ] as const;
    expect(await runParts(parts, (line) => lines.push(line))).to.deep.equal(["types", "lint"]);
    expect(lines.map((line) => line.replace(/\(.*\)/, "(time)"))).to.deep.equal([
      "a.ts: no",
      "types     FAILED (time)",
      "b.ts",
      "format    ok (time)",
      "c.ts: no",
      "lint      FAILED (time)",
    ]);
  });

  it("know all commands, though only the one that runs is loaded, and find nothing wrong in the docs", async () => {
    const { code, stdout, stderr } = await runCommand(await commandsFor(["check"]), ["check", "docs"]);
    const failed = process.exitCode;
    process.exitCode = undefined;
    expect({ code, failed }, `${stdout}${stderr}`).to.deep.equal({ code: 0, failed: undefined });
    expect(stdout).to.match(/^docs +ok/m);
  });

  it("looks at the files of the repository, and not at what is generated", () => {
    const { files } = ownRepository();
    expect(files).to.include.members(["README.md", "b52", "tools/check/repository.ts"]);
    expect(files.filter((file) => /^(node_modules|build|artifacts|cache)\//.test(file))).to.deep.equal([]);
  });
});
