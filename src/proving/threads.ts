import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { Piscina } from "piscina";

/** What a thread is given: its task, and where to report progress. */
export interface Job<Task> {
  readonly task: Task;
  readonly port: MessagePort;
}

export type Threads<Task, Result> = Piscina<Job<Task>, Result>;

export interface ThreadsOptions {
  readonly threads: number;
  /** Tasks that may wait for a thread; unlimited by default. */
  readonly maxQueue?: number;
}

/**
 * ffjavascript imports `web-worker`, which takes every thread for one that it started itself and loads the module named
 * here: an empty one.
 */
const WEB_WORKER_DATA = { mod: "data:," };

/**
 * Threads that call the default export of a TypeScript module of this package.
 *
 * They bring their own TypeScript loader, so that they start in the same way from plain `node --import tsx`, from
 * Hardhat and from its test runner. They live, with what they have cached, until the pool is destroyed.
 */
export function createThreads<Task, Result>(module: URL, { threads, maxQueue = Infinity }: ThreadsOptions): Threads<Task, Result> {
  return new Piscina<Job<Task>, Result>({
    filename: fileURLToPath(module),
    execArgv: ["--import", import.meta.resolve("tsx")],
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: Infinity,
    maxQueue,
    atomics: "disabled",
    workerData: WEB_WORKER_DATA,
  });
}

/** Runs a task in a thread. Aborting the signal ends the thread, whatever it is doing. */
export async function runTask<Task, Result, Message>(
  pool: Threads<Task, Result>,
  task: Task,
  onMessage: (message: Message) => void,
  signal?: AbortSignal,
): Promise<Result> {
  const { port1, port2 } = new MessageChannel();
  port1.on("message", onMessage);
  try {
    return await pool.run({ task, port: port2 }, { transferList: [port2], ...(signal && { signal }) });
  } finally {
    port1.close();
  }
}
