import { EXIT } from "./report.ts";

/** How long a command may take to stop in order that has not asked for more. */
const GRACE_MS = 5_000;

/**
 * A signal that SIGINT and SIGTERM abort, so that workers and child processes are stopped in order. Asking twice ends
 * the process on the spot; what does not stop in order ends soon, too. `dispose` gives the two signals back to Node.
 */
export function createInterrupt(): {
  signal: AbortSignal;
  announceStop: (announce: () => void) => void;
  allowStop: (ms: number) => void;
  dispose: () => void;
} {
  const controller = new AbortController();
  let graceMs = GRACE_MS;
  let say = (): void => void process.stderr.write("b52: stopping (press Ctrl+C again to stop at once)\n");
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    say();
    controller.abort();
    setTimeout(() => process.exit(EXIT.interrupted), graceMs);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return {
    signal: controller.signal,
    announceStop: (announce) => void (say = announce),
    allowStop: (ms) => void (graceMs = ms),
    dispose: () => void process.off("SIGINT", stop).off("SIGTERM", stop),
  };
}
