import { closeSync, globSync, openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { type LogLine } from "../../src/log/index.ts";
import { ERROR_CODES, linesTo, nodeLog } from "../../src/daemon/index.ts";
import { B52Error } from "../../src/protocol/errors.ts";
import { projectPath } from "../../src/setup/project.ts";
import { SmallDisk } from "../support/smallDisk.ts";

/** What the code tells at these levels, as `level code`. */
function told(levels: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const path of globSync("src/**/*.ts", { cwd: projectPath() })) {
    const file = ts.createSourceFile(path, readFileSync(projectPath(path), "utf8"), ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      ts.forEachChild(node, visit);
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
      const { name, expression } = node.expression;
      if (!levels.includes(name.text) || !/(^|\.)#?log$/.test(expression.getText(file))) return;
      const [code] = node.arguments;
      expect(code && ts.isStringLiteral(code), `${path}: the code of a line is a literal`).to.equal(true);
      found.add(`${name.text} ${(code as ts.StringLiteral).text}`);
    };
    visit(file);
  }
  return found;
}

describe("docs/logs.md", () => {
  it("lists every warning and error that the code can tell, and nothing else, with what to do", () => {
    const rows = readFileSync(projectPath("docs", "logs.md"), "utf8")
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .filter(([, code, level]) => /^`[a-z0-9-]+`$/.test(code ?? "") && /^(warn|error)$/.test(level ?? ""));
    const listed = rows.map(([, code, level]) => `${level} ${code!.slice(1, -1)}`);
    expect(listed).to.deep.equal([...listed].sort(byCode), "in alphabetical order");
    expect([...told(["warn", "error"])].sort(byCode)).to.deep.equal(listed);
    for (const [, code, , means, action] of rows) {
      expect(means, code).to.match(/\w/);
      expect(action, code).to.match(/\w/);
    }
  });

  it("lists everything that a program tells of itself", () => {
    const [, done] = readFileSync(projectPath("docs", "logs.md"), "utf8").split("## What a program has done");
    const listed = [...done!.matchAll(/^\| `([a-z0-9-]+)` +\| +\w/gm)].map(([, code]) => `info ${code}`);
    expect([...told(["info"])].sort(byCode)).to.deep.equal(listed);
  });

  it("has all errors counted from the beginning, so that the first one is seen", () => {
    expect([...told(["error"])].sort(byCode)).to.deep.equal(ERROR_CODES.map((code) => `error ${code}`));
  });
});

const byCode = (a: string, b: string): number => (a.split(" ")[1]! < b.split(" ")[1]! ? -1 : 1);

describe("the log of a program", () => {
  const lines = (format: "json" | "text", level: "debug" | "info" = "info", seen: LogLine[] = []) => {
    const written: string[] = [];
    const to = { write: (text: string) => void written.push(text) };
    return { log: nodeLog({ level, format, to, onLine: (line) => seen.push(line) }), written };
  };

  it("is JSON with ids as the API has them, amounts of any size as text, and errors as what they say", () => {
    const { log, written } = lines("json");
    const error = new B52Error("it is 1, expected 2", {}, { cause: new Error("the reason") });
    log
      .with({ role: "prover" })
      .warn("odd", "something is odd", { proposal: 2n ** 255n, wei: 10n ** 20n, height: 3, error });
    const line = JSON.parse(written[0]!) as Record<string, unknown>;
    expect(line).to.include({ level: "warn", code: "odd", msg: "something is odd", role: "prover", height: 3 });
    expect(line["proposal"]).to.equal(`0x8${"0".repeat(63)}`);
    expect(line["wei"]).to.equal((10n ** 20n).toString());
    expect(line["error"]).to.deep.include({ type: "B52Error", message: "it is 1, expected 2" });
    expect(line["error"]).to.have.nested.property("cause.message", "the reason");
    expect(line["time"]).to.match(/^\d{4}-\d\d-\d\dT/);
  });

  it("has six digits of what is not whole", () => {
    const { log, written } = lines("text");
    log.info("done", "a proof is made", { seconds: 6.134912320000003, least: 0.0000012345678, wei: 2 ** 40 });
    expect(written[0]).to.match(/ {2}seconds=6\.13491 least=0\.00000123457 wei=1099511627776\n$/);
  });

  it("tells people in a line what programs get in fields", () => {
    const { log, written } = lines("text");
    log.info("done", "commit is done", { action: "commit", proposal: 11n << 248n, note: "two words" });
    expect(written[0]).to.match(/^\d\d:\d\d:\d\d\.\d{3} INFO {2}done {2}commit is done {2}/);
    expect(written[0]).to.match(/ {2}action=commit proposal=0x0b00000000… note="two words"\n$/);
  });

  it("is a line that does nothing to a terminal, whatever others have said", () => {
    const { log, written } = lines("text");
    const said = "no\n15:04:05.678 INFO  done  commit is done\u001b[2J\u009b1m\u2028\u202e";
    log.warn("odd", `a peer says ${said}`, { said, short: "\u001b[2J" });
    expect(written[0]).to.match(/^[^\u0000-\u001f\u007f-\u009f\u2028\u202e]*\n$/);
    expect(written[0]).to.contain(String.raw`a peer says no\u000a15:04:05.678 INFO  done  commit is done\u001b[2J`);
    expect(written[0]).to.contain(String.raw`short=\u001b[2J`);
  });

  it("leaves out what is below its level, and still counts it", () => {
    const seen: LogLine[] = [];
    for (const format of ["json", "text"] as const) {
      const { log, written } = lines(format, "info", seen);
      log.debug("thought", "why");
      expect(written).to.deep.equal([]);
    }
    expect(seen.map(({ code }) => code)).to.deep.equal(["thought", "thought"]);
  });

  it("goes on when the disk of its file is full, and tells what it could not, when there is room", async function () {
    const disk = await SmallDisk.mount(this, 16);
    const path = join(disk.folder, "log");
    const fd = openSync(path, "a");
    try {
      const log = nodeLog({ level: "info", format: "json", to: linesTo(fd) });
      const long = "x".repeat(3_000);
      log.info("first", long);
      await disk.fill();
      for (const code of ["second", "third", "fourth"]) log.info(code, long);
      const size = statSync(path).size;
      // Beyond what may wait, lines are lost.
      for (let i = 0; i < 400; i++) log.info("lost", long);
      expect(statSync(path).size, "nothing more is on disk").to.equal(size);
      await disk.makeRoom();
      log.info("fifth", "there is room");
      log.info("sixth", "still");
      const codes = readFileSync(path, "utf8")
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { code: string }).code);
      expect(codes.slice(0, 5)).to.deep.equal(["first", "second", "third", "fourth", "lost"]);
      expect(codes.length).to.be.lessThan(400);
      expect(codes.at(-1)).to.equal("sixth");
    } finally {
      closeSync(fd);
      disk.unmount();
    }
  });
});
