import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import Mocha from "mocha";
import { PROJECT_ROOT } from "../setup/project.ts";
import { FILE_RESULTS, type FileResult } from "./testRun.ts";

/** Says what Mocha's own reporter says, and writes how each file fared to the path in the environment, as JSON. */
export class FileReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const path = process.env[FILE_RESULTS];
    if (path === undefined) return;
    const files = new Map<string, { passing: number; pending: number; seconds: number }>();
    const resultOf = ({ file }: { readonly file?: string | undefined }) => {
      const name = file === undefined ? "" : relative(PROJECT_ROOT, file).replaceAll("\\", "/");
      const result = files.get(name) ?? { passing: 0, pending: 0, seconds: 0 };
      files.set(name, result);
      return result;
    };
    // Hooks take time, too: a file has its turn until the next one has.
    let [current, since] = [undefined as ReturnType<typeof resultOf> | undefined, performance.now()];
    const turn = (next?: ReturnType<typeof resultOf>): void => {
      if (current === next) return;
      if (current) current.seconds += (performance.now() - since) / 1_000;
      [current, since] = [next, performance.now()];
    };
    runner.on("suite", (suite) => {
      if (!suite.root) turn(resultOf(suite));
    });
    runner.on("test", (test) => turn(resultOf(test)));
    runner.on("pass", (test) => {
      resultOf(test).passing++;
    });
    runner.on("pending", (test) => {
      resultOf(test).pending++;
    });
    runner.on("end", () => {
      turn();
      const results: FileResult[] = [...files].map(([file, result]) => ({ file, ...result }));
      writeFileSync(path, JSON.stringify(results));
    });
  }
}
