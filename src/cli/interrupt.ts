import { EXIT } from "./report.ts";

/**
 * A signal that SIGINT and SIGTERM abort, so that workers and child processes are stopped in order. Asking twice ends
 * the process on the spot. `dispose` gives the two signals back to Node.
 */
export function createInterrupt(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    process.stderr.write("b52: stopping (press Ctrl+C again to stop at once)\n");
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    signal: controller.signal,
    dispose: () => void process.off("SIGINT", stop).off("SIGTERM", stop),
  };
}
