import { access } from "node:fs/promises";
import { B52Error } from "../protocol/errors.ts";
import { fingerprint, readStamp, writeStamp } from "./fingerprint.ts";
import { runHardhat } from "./node.ts";
import { projectPath } from "./project.ts";
import type { SetupStep } from "./step.ts";

/** The contracts do not compile; `details.output` is what the compiler said. */
export class ContractBuildError extends B52Error {}

const STAMP = "contracts";
const INPUTS = ["contracts", "src/setup/compiler.ts", "package-lock.json"];
const OUTPUTS = ["artifacts/contracts", "typechain-types/index.ts"];

/** Solidity to artifacts and TypeChain types. */
export const contractsStep: SetupStep = {
  title: "contracts",
  async isDone() {
    const there = await Promise.all(
      OUTPUTS.map((path) =>
        access(projectPath(path)).then(
          () => true,
          () => false,
        ),
      ),
    );
    return there.every(Boolean) && (await readStamp(STAMP)) === (await fingerprint(INPUTS));
  },
  async run({ signal, report }) {
    const before = await fingerprint(INPUTS);
    const output: string[] = [];
    report("one compilation, a minute or two");
    // All of them: the code that the compiler's IR pipeline makes of a contract depends on what it is compiled together
    // with.
    const exitCode = await runHardhat(["build", "--no-tests", "--force"], {
      signal,
      onLine(line) {
        if (line.trim() !== "") output.push(line);
      },
    });
    if (exitCode !== 0)
      throw new ContractBuildError(
        `contracts do not compile: ${output.find((line) => /error/i.test(line)) ?? output.at(-1)}`,
        { output },
      );
    await writeStamp(STAMP, before);
  },
};
