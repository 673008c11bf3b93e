import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { Log } from "../../log/index.ts";
import type { SignedTransfer } from "../../protocol/transfer.ts";
import type { Mempool } from "../mempool.ts";
import type { Builder, OrderRequest } from "./builder.ts";
import { BuilderError, orderIn, questionOf } from "./builderProtocol.ts";

export interface ProcessBuilderOptions {
  /** A program and its arguments: it reads questions from its standard input and answers on its standard output. */
  readonly command: readonly [string, ...string[]];
  /** What an answer may take, milliseconds; 2,000 by default. */
  readonly timeoutMs?: number;
  /** Orders where the program does not. */
  readonly fallback: Builder;
  /** What the program is told of. */
  readonly mempool: Pick<Mempool, "pending">;
  readonly log: Log;
}

/** Bytes of an answer: twice the transfers of the largest block. */
const MAX_ANSWER = 32 * 2 ** 20;

/** How long a program that is told to end may take, milliseconds. */
const PATIENCE_MS = 1_000;

/**
 * Has blocks ordered by another program. It is started when it is first needed, and begun again after a failure. What
 * it says is not believed: an answer that is late, cannot be read, or does not fit is no answer, and the block is
 * ordered here. It learns the public side of a block alone: no key, no salt, and no setting of this program.
 */
export class ProcessBuilder implements Builder {
  readonly #options: ProcessBuilderOptions;
  readonly #name: string;
  #child: ChildProcessWithoutNullStreams | undefined;
  #asked = 0;
  /** Settles after the last question. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: ProcessBuilderOptions) {
    this.#options = options;
    this.#name = options.command[0];
  }

  /** Process id of the running program, for whoever watches it. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async order(request: OrderRequest, signal?: AbortSignal): Promise<readonly SignedTransfer[]> {
    const answer = this.#turn.then(async () => this.#ask(request, signal));
    this.#turn = answer.catch(() => undefined);
    try {
      return await answer;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof BuilderError)) throw error;
      this.#options.log.warn("builder-failed", `${error.message}; the block is ordered here`, { error });
      return this.#options.fallback.order(request, signal);
    }
  }

  /** Ends the program. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.stdin.end();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const force = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
    child.kill();
    await once(child, "exit");
    clearTimeout(force);
  }

  async #ask(request: OrderRequest, signal: AbortSignal | undefined): Promise<SignedTransfer[]> {
    signal?.throwIfAborted();
    const { mempool, timeoutMs = 2_000 } = this.#options;
    const question = questionOf(this.#asked++, request, mempool.pending());
    const child = (this.#child ??= this.#start());
    try {
      const line = await this.#exchange(child, `${JSON.stringify(question)}\n`, timeoutMs, signal);
      return orderIn(this.#name, line, question);
    } catch (error) {
      // Whatever it says from now on may belong to this question.
      if (this.#child === child) this.#child = undefined;
      child.kill("SIGKILL");
      throw error;
    }
  }

  #start(): ChildProcessWithoutNullStreams {
    const [program, ...args] = this.#options.command;
    const child = spawn(program, args, { env: withoutSecrets(process.env), stdio: "pipe" });
    const forget = (): void => {
      if (this.#child === child) this.#child = undefined;
    };
    child.once("exit", forget);
    child.on("error", forget);
    // Of a program that has ended; the question that it was asked fails by its end.
    child.stdin.on("error", () => undefined);
    child.stderr.on("data", (bytes: Buffer) =>
      this.#options.log.debug("builder-says", bytes.toString("utf8").slice(0, 1_000).trimEnd(), {
        builder: this.#name,
      }),
    );
    return child;
  }

  /** Sends a question and reads a line. */
  #exchange(
    child: ChildProcessWithoutNullStreams,
    question: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const fail = (problem: string, cause?: unknown): void =>
        end(() => reject(new BuilderError(this.#name, problem, { cause })));
      const onData = (chunk: Buffer): void => {
        const newline = chunk.indexOf(10);
        chunks.push(newline < 0 ? chunk : chunk.subarray(0, newline));
        bytes += chunk.length;
        if (newline >= 0) end(() => resolve(Buffer.concat(chunks).toString("utf8")));
        else if (bytes > MAX_ANSWER) fail(`says more than ${MAX_ANSWER} bytes`);
      };
      const onExit = (code: number | null, by: string | null): void => fail(`has ended (${by ?? `exit code ${code}`})`);
      const onError = (error: Error): void => fail(`cannot be run: ${error.message}`, error);
      const onAbort = (): void => end(() => reject(signal!.reason as Error));
      const timer = setTimeout(() => fail(`says nothing for ${timeoutMs} ms`), timeoutMs);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        child.stdout.off("data", onData);
        child.off("exit", onExit).off("error", onError);
        signal?.removeEventListener("abort", onAbort);
        settle();
      };
      child.stdout.on("data", onData);
      child.on("exit", onExit).on("error", onError);
      signal?.addEventListener("abort", onAbort);
      child.stdin.write(question);
    });
  }
}

/** The environment without what this program is configured by: passwords and keys are among it. */
const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("B52_")));
