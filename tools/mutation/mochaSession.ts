import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { MochaAnswer } from "./mochaProcess.ts";

const TIMEOUT_MS = 3_600_000;
/** Every run leaves its chain behind. */
const RUNS_OF_A_PROCESS = 50;

export type SessionResult =
  | { readonly status: "passed"; readonly tests: number }
  | { readonly status: "failed"; readonly test: string; readonly reason: string }
  | { readonly status: "timeout" };

/** Runs TypeScript tests of contracts in a workspace, in a process that has loaded what they import. */
export class MochaSession {
  readonly #root: string;
  #process: ChildProcess | undefined;
  #runs = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** Runs a file up to its first failure. */
  async run(file: string, timeoutMs = TIMEOUT_MS): Promise<SessionResult> {
    if (++this.#runs % RUNS_OF_A_PROCESS === 0) this.close();
    this.#process ??= fork(fileURLToPath(new URL("mochaProcess.ts", import.meta.url)), {
      cwd: this.#root,
      execArgv: ["--import", "tsx"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const child = this.#process;
    const result = await new Promise<SessionResult>((resolve) => {
      const finish = (result: SessionResult): void => {
        clearTimeout(timer);
        child.off("message", hear).off("exit", ended);
        resolve(result);
      };
      const hear = ({ passed, failed }: MochaAnswer): void =>
        finish(failed ? { status: "failed", ...failed } : { status: "passed", tests: passed });
      const ended = (): void => finish({ status: "failed", test: "(the process ended)", reason: "" });
      const timer = setTimeout(() => finish({ status: "timeout" }), timeoutMs);
      child.on("message", hear).on("exit", ended);
      child.send({ file });
    });
    if (result.status === "timeout" || child.exitCode !== null) this.close();
    return result;
  }

  close(): void {
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }
}
