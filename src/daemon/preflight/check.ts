/** What a check has found. `warn`: it would start, and somebody should look. */
export interface Finding {
  readonly outcome: "ok" | "warn" | "fail" | "skipped";
  /** What is, and where it is not as it should be, what was expected. */
  readonly detail: string;
}

export type CheckResult = Finding & { readonly name: string };

export const ok = (detail: string): Finding => ({ outcome: "ok", detail });
export const warn = (detail: string): Finding => ({ outcome: "warn", detail });
export const fail = (detail: string): Finding => ({ outcome: "fail", detail });
export const skipped = (detail: string): Finding => ({ outcome: "skipped", detail });

/** Something that is looked at before a start. */
export interface Check {
  readonly name: string;
  readonly run: (signal: AbortSignal) => Promise<Finding>;
}

/** What one check may take, ms. */
const CHECK_MS = 30_000;

/** Runs checks one after the other; one that throws has failed. None takes long. */
export async function runChecks(checks: readonly Check[], signal: AbortSignal): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { name, run } of checks) {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(CHECK_MS)]);
    const late = new Promise<never>((_, reject) => {
      limited.addEventListener("abort", () => reject(new Error(`no answer in ${CHECK_MS / 1_000} s`)), { once: true });
    });
    const finding = await Promise.race([run(limited), late]).catch((error: Error) => {
      signal.throwIfAborted();
      return fail(error.message.split("\n", 1)[0]!);
    });
    results.push({ name, ...finding });
  }
  return results;
}
