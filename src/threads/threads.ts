import { Worker, parentPort } from "node:worker_threads";

/**
 * A pool of threads that each run one task at a time by a TypeScript module of this package, which calls {@link serve}.
 *
 * Threads start when they are needed and bring their own TypeScript loader, so that they run in the same way under
 * plain Node, Hardhat and its test runner. They live on and keep their caches, but an idle pool does not
 * keep the process alive.
 */
export class ThreadPool<Task, Result, Message> {
  readonly #entry: URL;
  readonly #limit: number;
  readonly #threads = new Set<Thread<Task, Result, Message>>();
  readonly #queue: Job<Task, Result, Message>[] = [];
  readonly #ending = new Set<Promise<unknown>>();
  #closed = false;

  constructor(module: URL, limit: number) {
    this.#entry = entryOf(module);
    this.#limit = limit;
  }

  /**
   * Runs a task as soon as a thread is free, in the order asked for.
   *
   * @param task may be changed afterwards
   * @param onMessage hears what the task reports
   * @param signal aborting it ends the task at once: a running one with its thread
   * @throws the signal's reason, a `DataCloneError`, or an Error with the message of what the task threw
   */
  run(task: Task, onMessage: (message: Message) => void, signal?: AbortSignal): Promise<Result> {
    if (this.#closed) return Promise.reject(new Error("the threads were stopped"));
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    return new Promise<Result>((resolve, reject) => {
      const onAbort = (): void => this.#abort(job, signal!.reason as Error);
      const settled = (): void => signal?.removeEventListener("abort", onAbort);
      const job: Job<Task, Result, Message> = {
        // As it is now: it may wait for a thread.
        task: structuredClone(task),
        onMessage,
        resolve: (result) => (settled(), resolve(result)),
        reject: (error) => (settled(), reject(error)),
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#queue.push(job);
      this.#dispatch();
    });
  }

  /** Tasks that wait for a thread. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** How many tasks would run at once if they were asked for now. */
  get free(): number {
    return this.#closed ? 0 : this.#limit - [...this.#threads].filter(({ job }) => job !== undefined).length;
  }

  /** Ends every thread and waits until they, and those of aborted tasks, have stopped; the tasks in hand fail. */
  async close(): Promise<void> {
    this.#closed = true;
    const stopped = new Error("the threads were stopped");
    for (const job of this.#queue.splice(0)) job.reject(stopped);
    for (const thread of this.#threads) this.#end(thread, stopped);
    await Promise.all(this.#ending);
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const thread =
        [...this.#threads].find(({ job }) => !job) ?? (this.#threads.size < this.#limit ? this.#start() : undefined);
      if (!thread) return;
      thread.job = this.#queue.shift()!;
      thread.worker.ref();
      if (thread.isReady) thread.worker.postMessage(thread.job.task);
    }
  }

  #start(): Thread<Task, Result, Message> {
    const worker = new Worker(this.#entry, { execArgv: [], workerData: WEB_WORKER_DATA });
    const thread: Thread<Task, Result, Message> = { worker, job: undefined, isReady: false };
    this.#threads.add(thread);
    worker.on("message", (answer: Answer<Result, Message>) => {
      const { job } = thread;
      if ("isReady" in answer) thread.isReady = true;
      if (!job) return;
      if ("isReady" in answer) return worker.postMessage(job.task);
      if ("message" in answer) return job.onMessage(answer.message);
      thread.job = undefined;
      worker.unref();
      if ("result" in answer) job.resolve(answer.result);
      else job.reject(new Error(answer.error));
      this.#dispatch();
    });
    // A thread that fails outside a task, in its start or for want of memory, takes its task with it and no other.
    const onFailure = (error: Error): void => {
      this.#end(thread, error);
      this.#dispatch();
    };
    worker.on("error", onFailure);
    worker.on("exit", (code) => onFailure(new Error(`its thread exited with code ${code}`)));
    return thread;
  }

  #abort(job: Job<Task, Result, Message>, reason: Error): void {
    const waiting = this.#queue.indexOf(job);
    if (waiting >= 0) this.#queue.splice(waiting, 1);
    for (const thread of this.#threads) if (thread.job === job) this.#end(thread, reason);
    job.reject(reason);
    this.#dispatch();
  }

  #end(thread: Thread<Task, Result, Message>, reason: Error): void {
    if (!this.#threads.delete(thread)) return;
    thread.job?.reject(reason);
    thread.job = undefined;
    const ended = thread.worker.terminate().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }
}

/** Called once by a thread's module, when it can take tasks: answers every one with the handler's result. */
export function serve<Task, Result, Message>(
  handler: (task: Task, report: (message: Message) => void) => Promise<Result>,
): void {
  const answer = (value: Answer<Result, Message>): void => parentPort!.postMessage(value);
  parentPort!.on("message", (task: Task) => {
    handler(task, (message) => answer({ message })).then(
      (result) => answer({ result }),
      // Error classes do not survive the way to another thread; the message does.
      (error: unknown) => answer({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
  // What is sent before can be lost: packages listen as well, and a module may await others before it comes to this.
  answer({ isReady: true });
}

interface Job<Task, Result, Message> {
  readonly task: Task;
  readonly onMessage: (message: Message) => void;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

interface Thread<Task, Result, Message> {
  readonly worker: Worker;
  job: Job<Task, Result, Message> | undefined;
  /** Whether it takes tasks. */
  isReady: boolean;
}

type Answer<Result, Message> =
  { readonly isReady: true } | { readonly message: Message } | { readonly result: Result } | { readonly error: string };

/** What a thread runs first: it has a loader of its own. */
function entryOf(module: URL): URL {
  const [loader, target] = [LOADER, module].map(({ href }) => JSON.stringify(href));
  const code = `await import(${loader}); await import(${target});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

const LOADER = new URL("../loader/register.mjs", import.meta.url);

/**
 * ffjavascript imports `web-worker`, which takes every thread for one that it started itself and loads the module named
 * here: an empty one.
 */
const WEB_WORKER_DATA = { mod: "data:," };
