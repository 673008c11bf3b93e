import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createInterface } from "node:readline";
import { B52Error } from "../protocol/errors.ts";
import { PROJECT_ROOT } from "../setup/project.ts";

/** How long a program may take to stop in order, ms. What has not ended by then is killed. */
const STOP_MS = 4_000;

/** Makes a program end when this process does, however that ends. */
const END_WITH_PARENT = new URL("../setup/endWithParent.mjs", import.meta.url).href;

/** Runs a program that is not Node's, and ends with it. */
const RUN = new URL("run.mjs", import.meta.url).pathname;

export interface ProgramOptions {
  /** For messages, and for the file of its log. */
  readonly name: string;
  /** A script for this Node with its arguments, or another program. */
  readonly command: { readonly node: readonly string[] } | { readonly path: string; readonly args: readonly string[] };
  readonly env?: Readonly<Record<string, string>>;
  /** Gets all that it writes. */
  readonly logFile: string;
  /** Gets each line that it writes. */
  readonly onLine?: (line: string) => void;
}

/** How a program has ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program has ended that should have gone on. */
export class ProgramEndedError extends B52Error {
  constructor(name: string, { code, signal }: Exit, logFile: string) {
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    super(`${name} has ended ${how}, expected it to go on; ${logFile} tells why`, { name, code, signal, logFile });
  }
}

/** A program in a process of its own. It has a group of its own: all that it starts ends with it, however it ends. */
export class Program {
  readonly name: string;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #exit: Exit | undefined;

  private constructor({ name, logFile }: ProgramOptions, child: ChildProcess) {
    this.name = name;
    this.logFile = logFile;
    this.#child = child;
    this.exited = once(child, "close").then(([code, signal]) => {
      this.#exit = { code: code as number | null, signal: signal as NodeJS.Signals | null };
      return this.#exit;
    });
    // Whoever waits for it hears of what went wrong.
    this.exited.catch(() => undefined);
    // However it has ended: what it has started would go on alone, and could hold its streams open.
    child.once("exit", () => this.#toGroup("SIGKILL"));
  }

  static start(options: ProgramOptions): Program {
    const { command, env, logFile, onLine } = options;
    const script = "node" in command ? command.node : [RUN, command.path, ...command.args];
    const child = spawn(process.execPath, ["--import", END_WITH_PARENT, ...script], {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const log = createWriteStream(logFile, { flags: "a" });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once("close", () => log.end());
    if (onLine) for (const input of [child.stdout, child.stderr]) createInterface({ input }).on("line", onLine);
    return new Program(options, child);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Undefined as long as it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** @throws {ProgramEndedError} when it ends; never settles before */
  async watch(): Promise<never> {
    throw new ProgramEndedError(this.name, await this.exited, this.logFile);
  }

  /** Ends it and all that it has started at once. */
  async kill(): Promise<Exit> {
    this.#signal("SIGKILL");
    return this.exited;
  }

  /** Lets it end in order, and kills it when that takes longer than `patience`, ms. */
  async stop(patience = STOP_MS): Promise<Exit> {
    const ended = new AbortController();
    this.#signal("SIGTERM");
    const late = sleep(patience, undefined, { signal: ended.signal }).then(
      () => this.#signal("SIGKILL"),
      () => undefined,
    );
    try {
      return await this.exited;
    } finally {
      ended.abort();
      await late;
    }
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#exit === undefined) this.#toGroup(signal);
  }

  #toGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
