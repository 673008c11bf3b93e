import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { B52Error } from "../../src/protocol/errors.ts";
import type { Mutant } from "./mutant.ts";
import type { Outcome } from "./solidityWorld.ts";
import type { Answer, Request } from "./worker.ts";

/** Far more than the tests of any mutant need. */
const TIMEOUT_MS = 7_200_000;

type Task<R = Request> = R extends Request ? Omit<R, "workspace" | "store"> : never;

export interface TestProcessOptions {
  readonly workspace: string;
  readonly store: string;
  readonly note: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A process of worker.ts, which is replaced if it hangs. */
export class TestProcess {
  readonly #options: TestProcessOptions;
  #process: ChildProcess | undefined;

  constructor(options: TestProcessOptions) {
    this.#options = options;
  }

  /** Does what has to be done before mutants are tried. */
  async prepare(task: Exclude<Task, { task: "mutant" }>): Promise<void> {
    await this.#ask(task);
  }

  async try(mutant: Mutant): Promise<Outcome> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => (timer = setTimeout(() => resolve("late"), TIMEOUT_MS)));
    try {
      const reply = await Promise.race([this.#ask({ task: "mutant", mutant }), late]);
      if (reply === "late") {
        this.stop();
        return { status: "timeout" };
      }
      if (!("outcome" in reply)) throw new Error(`no outcome of ${mutant.id}`);
      return reply.outcome;
    } finally {
      clearTimeout(timer);
    }
  }

  stop(): void {
    this.#process?.removeAllListeners("exit").kill("SIGKILL");
    this.#process = undefined;
  }

  /** Sends a request and waits for its answer. */
  #ask(task: Task): Promise<Answer> {
    const { workspace, store, note, signal } = this.#options;
    const child = (this.#process ??= fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
      execArgv: ["--import", "tsx"],
      cwd: workspace,
      // As many of these as there are cores: each needs no threads of its own.
      env: { ...process.env, RAYON_NUM_THREADS: "1" },
    }));
    return new Promise<Answer>((resolve, reject) => {
      const settle = (finish: () => void): void => {
        child.off("message", hear).off("exit", ended);
        signal?.removeEventListener("abort", ended);
        finish();
      };
      const hear = (reply: Answer): void => {
        if ("note" in reply) note(reply.note);
        else if ("error" in reply) settle(() => reject(new B52Error(reply.error)));
        else settle(() => resolve(reply));
      };
      const ended = (): void =>
        settle(() =>
          reject(signal?.aborted ? (signal.reason as Error) : new B52Error("a process that tries mutants ended")),
        );
      child.on("message", hear).on("exit", ended);
      signal?.addEventListener("abort", ended);
      if (signal?.aborted) ended();
      else child.send({ workspace, store, ...task });
    });
  }
}
