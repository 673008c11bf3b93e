import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Output } from "../../src/cli/output.ts";
import { withProver } from "../../src/cli/prover.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { RapidsnarkError } from "../../src/proving/rapidsnark.ts";
import { PROJECT_ROOT } from "../../src/setup/project.ts";
import { expectRejection } from "../support/expectRejection.ts";

/** What `b52 status --prover` says: its first line, or that of its failure. */
async function statusProver(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  flags: readonly string[] = [],
): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...flags, "--import", "./src/loader/register.mjs", "src/cli/main.ts", "status", ...args],
    { cwd: PROJECT_ROOT, env: { ...process.env, B52_PROVER: "", ...env } },
  ).catch((error: unknown) => error as { stdout: string; stderr: string });
  return (stdout || stderr).trim().split("\n")[0]!;
}

describe("b52 status --prover", function () {
  this.timeout(120_000);
  const asked = "asked for by --prover or B52_PROVER";

  it("says what makes proofs, and why", async () => {
    expect(await statusProver(["--prover"])).to.match(
      /^prover {6}(kernels: this machine multiplies exactly|snarkjs: .+)$/,
    );
    expect(await statusProver(["--prover", "snarkjs"])).to.equal(`prover      snarkjs: ${asked}`);
    const json = await statusProver(["--prover", "--json"], { B52_PROVER: `rapidsnark=${process.execPath}` });
    expect(JSON.parse(json)).to.deep.equal({ prover: `rapidsnark at ${process.execPath}`, reason: asked });
  });

  it("says snarkjs where the processor rounds a product before it adds", async function () {
    if (process.arch !== "x64") this.skip(); // V8 can leave that instruction out on x64 alone
    expect(await statusProver(["--prover"], {}, ["--no-enable-fma3"])).to.equal(
      "prover      snarkjs: this processor has no fused multiply-add for vectors",
    );
  });

  it("refuses a prover that is not there, or that nobody knows", async () => {
    const missing = "b52: rapidsnark at /nowhere/prover cannot be run: expected an executable file";
    expect(await statusProver(["--prover", "rapidsnark=/nowhere/prover"])).to.equal(missing);
    const expected = "expected kernels, snarkjs or rapidsnark=PATH";
    expect(await statusProver(["--prover", "gnark"])).to.equal(`b52: --prover or B52_PROVER is "gnark", ${expected}`);
    expect(await statusProver(["--prover"], { B52_PROVER: "gnark" })).to.equal(
      `b52: B52_PROVER is "gnark", ${expected}`,
    );
  });
});

describe("a command that proves", () => {
  it("does nothing where its prover cannot be run", async () => {
    const { signal } = new AbortController();
    const engine = { rapidsnark: "/nowhere/prover" };
    const done: string[] = [];
    const output = { note: (line: string) => done.push(line) } as unknown as Output;
    const attempt = withProver({} as Deployment, output, { signal, engine }, () => Promise.resolve(done.push("task")));
    await expectRejection(attempt, RapidsnarkError, "/nowhere/prover cannot be run");
    expect(done).to.deep.equal([]);
  });
});
