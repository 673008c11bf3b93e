/**
 * A process that runs one mocha file after the other, each loaded anew, up to its first failure. What they import is
 * loaded once.
 */
import { resolve } from "node:path";
import Mocha from "mocha";
import { OF_OPTIMIZED } from "./mochaTests.ts";

export interface MochaRequest {
  readonly file: string;
}

export interface MochaAnswer {
  /** How many tests passed. */
  readonly passed: number;
  /** The first test that failed, if any. */
  readonly failed?: { readonly test: string; readonly reason: string };
}

let runs = 0;

process.on("message", ({ file }: MochaRequest) => {
  run(file).then(
    (answer) => process.send!(answer),
    (error: unknown) =>
      process.send!({ passed: 0, failed: { test: "(it does not load)", reason: String(error) } } satisfies MochaAnswer),
  );
});
// Every run of mocha listens.
process.setMaxListeners(0);
process.on("disconnect", () => process.exit());

async function run(file: string): Promise<MochaAnswer> {
  const number = ++runs;
  const options = {
    bail: true,
    timeout: 120_000,
    reporter: Mocha.reporters.Base,
    grep: new RegExp(OF_OPTIMIZED),
    invert: true,
  };
  const mocha: Mocha & { loadFilesAsync(options: { esmDecorator(path: string): string }): Promise<void> } = new Mocha(
    options,
  );
  mocha.addFile(resolve(file));
  await mocha.loadFilesAsync({ esmDecorator: (path) => `${path}?run=${number}` });
  return new Promise((done) => {
    let passed = 0;
    let failed: MochaAnswer["failed"];
    mocha
      .run(() => done({ passed, ...(failed && { failed }) }))
      .on("pass", () => passed++)
      .on(
        "fail",
        (test: Mocha.Runnable, error: Error) => (failed ??= { test: test.fullTitle(), reason: String(error) }),
      );
  });
}
