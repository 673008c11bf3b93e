import { setTimeout as sleep } from "node:timers/promises";

/**
 * Settles as soon as the condition holds.
 * @param what it is, for the error
 * @throws if it does not hold in time
 */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not in ${timeoutMs / 1_000} s: ${what}`);
    await sleep(20);
  }
}
