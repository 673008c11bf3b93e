import { mkdir, rm, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { runTests, type TestResult } from "../../src/cli/testRun.ts";
import { projectPath } from "../../src/setup/project.ts";

const FOLDER = "build/test-runs";

describe("runs of test files", () => {
  before(() => mkdir(projectPath(FOLDER), { recursive: true }));
  after(() => rm(projectPath(FOLDER), { recursive: true }));

  async function run(source: string, signal = new AbortController().signal): Promise<TestResult> {
    const file = `${FOLDER}/some.test.ts`;
    await writeFile(projectPath(file), source);
    return runTests({ name: "some", files: [file] }, { signal, onLine: () => undefined });
  }

  it("count what passed, what failed and what is pending, and keep what was said of failures", async () => {
    const { passing, failing, pending, failures, files } = await run(`
      it("is right", () => {});
      it("2 passing is only a name", () => {});
      it("waits");
      it("is wrong", () => { throw new Error("because of this"); });`);
    expect({ passing, failing, pending }).to.deep.equal({ passing: 2, failing: 1, pending: 1 });
    expect(files).to.have.length(1);
    expect(files[0]).to.include({ file: `${FOLDER}/some.test.ts`, passing: 2, pending: 1 });
    expect(failures.join("\n")).to.match(/^ {2}2 passing[^]*1\) is wrong[^]*because of this/);
  });

  it("have failed when they end before they count", async () => {
    const { passing, failing, failures, files } = await run(`it("ends", () => process.exit(3));`);
    expect({ passing, failing }).to.deep.equal({ passing: 0, failing: 1 });
    expect(files).to.deep.equal([]);
    expect(failures[0]).to.equal("exit code 3, without a count:");
  });

  it("stop when they are told to", async () => {
    const controller = new AbortController();
    const running = run(
      `it("waits for ever", () => new Promise(() => setInterval(() => {}, 1000)));`,
      controller.signal,
    );
    setTimeout(() => controller.abort(), 100);
    expect(((await running.catch((error: unknown) => error)) as Error).name).to.equal("AbortError");
  });
});
