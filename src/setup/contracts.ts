import { access, readFile } from "node:fs/promises";
import { B52Error } from "../protocol/errors.ts";
import { fingerprint, readStamp, writeStamp } from "./fingerprint.ts";
import { runHardhat } from "./node.ts";
import { projectPath } from "./project.ts";
import type { SetupStep } from "./step.ts";

/** The contracts do not compile; `details.output` is what the compiler said. */
export class ContractBuildError extends B52Error {}

const STAMP = "contracts";
const INPUTS = ["contracts", "src/setup/compiler.ts"];
/** Which of them are installed decides about the output, too: what contracts import, and what compiles them. */
export const PACKAGES = [
  "@openzeppelin/contracts",
  "solc",
  "hardhat",
  "@nomicfoundation/hardhat-typechain",
  "typechain",
];
const OUTPUTS = ["artifacts/contracts", "typechain-types/index.ts"];

async function inputs(): Promise<string> {
  const { packages } = JSON.parse(await readFile(projectPath("package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, { readonly version: string } | undefined>>;
  };
  const versions = PACKAGES.map((name) => `${name}@${packages[`node_modules/${name}`]!.version}`);
  return `${await fingerprint(INPUTS)} ${versions.join(" ")}`;
}

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
    return there.every(Boolean) && (await readStamp(STAMP)) === (await inputs());
  },
  async run({ signal, report }) {
    const before = await inputs();
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
