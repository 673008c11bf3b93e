import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { B52Error } from "../protocol/errors.ts";
import { projectPath } from "./project.ts";
import type { SetupStep } from "./step.ts";

const VERSION = "1.17.10";
const PACKAGE = `github.com/ethereum/go-ethereum/cmd/geth@v${VERSION}`;
const FOLDER = projectPath(".b52", "bin");

/** Where geth is built, and looked for by tests (test/support/testNode.ts). */
export const BUILT_GETH = `${FOLDER}/geth`;

/** geth could not be built; `details.output` is what Go said. */
export class GethBuildError extends B52Error {}

const run = promisify(execFile);

/** geth, from its source, by Go and its module proxy. The npm registry has none. */
export const gethStep: SetupStep = {
  title: `geth ${VERSION}`,
  isDone: () =>
    run(BUILT_GETH, ["version"]).then(
      ({ stdout }) => stdout.includes(`Version: ${VERSION}-`),
      () => false,
    ),
  async run({ signal, report }) {
    report("built by Go, some minutes");
    try {
      await run("go", ["install", PACKAGE], { env: { ...process.env, GOBIN: FOLDER }, ...(signal && { signal }) });
    } catch (error) {
      const { code, stderr = "" } = error as NodeJS.ErrnoException & { readonly stderr?: string };
      if ((error as Error).name === "AbortError") throw error;
      if (code === "ENOENT")
        throw new GethBuildError(
          "Go is not on PATH, expected it to build geth: install it from https://go.dev, or name a geth that " +
            "you have in B52_GETH",
        );
      const output = stderr.trim().split("\n");
      throw new GethBuildError(`Go could not build ${PACKAGE}: ${output.at(-1)}`, { output });
    }
  },
};
