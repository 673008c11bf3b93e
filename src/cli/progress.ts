import type { SetupStep } from "../setup/step.ts";

/**
 * Runs the steps that have something to do. Says nothing when none has.
 * @returns whether there was anything to do
 */
export async function runPending(steps: readonly SetupStep[], signal?: AbortSignal): Promise<boolean> {
  const done = await Promise.all(steps.map((step) => step.isDone()));
  const pending = steps.filter((_, index) => !done[index]);
  if (pending.length > 0) await runSteps(pending, signal);
  return pending.length > 0;
}

/** Where lines stay, as in a log, fewer of them say as much. */
const LOG_INTERVAL_MS = 2_000;

/** Passes on a line unless one was passed on less than `interval` milliseconds ago. */
function atMostEvery(interval: number, write: (line: string) => void): (line: string) => void {
  let last = -Infinity;
  return (line) => {
    if (performance.now() - last < interval) return;
    last = performance.now();
    write(line);
  };
}

/**
 * Runs steps at the same time and shows on standard error how far each one is: live on a terminal, line by line
 * elsewhere.
 */
async function runSteps(steps: readonly SetupStep[], signal: AbortSignal | undefined): Promise<void> {
  const { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } = await import("listr2");
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  const tasks = new Listr(
    steps.map((step) => ({
      title: step.title,
      task: (_: unknown, task: { output: string }) =>
        step.run({
          signal,
          report: atMostEvery(process.stderr.isTTY ? 0 : LOG_INTERVAL_MS, (line) => {
            task.output = line;
          }),
        }),
    })),
    {
      concurrent: true,
      // The process has its own handling of Ctrl+C, which lets the steps end in order.
      registerSignalListeners: false,
      rendererOptions: { logger, timer: PRESET_TIMER, showErrorMessage: false },
      fallbackRenderer: "simple",
      fallbackRendererCondition: !process.stderr.isTTY,
      fallbackRendererOptions: { logger, timer: PRESET_TIMER },
    },
  );
  await tasks.run();
}
