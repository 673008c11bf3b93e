import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { PROJECT_ROOT, projectPath } from "./project.ts";

export interface RunNodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Gets each line that the program writes; without it the program has this process's own streams. */
  readonly onLine?: (line: string) => void;
  /** What its environment has besides this process's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes a program end when this process does. */
const END_WITH_PARENT = new URL("./endWithParent.mjs", import.meta.url).href;

/**
 * Runs a program of an installed package in a process of its own, at the top of the project. It ends with this process,
 * and all that it starts ends with it.
 * @param script path inside `node_modules`
 * @returns its exit code
 * @throws an `AbortError` when the signal is aborted first
 */
export async function runNode(
  script: string,
  args: readonly string[],
  { signal, onLine, env }: RunNodeOptions = {},
): Promise<number> {
  signal?.throwIfAborted();
  const child = spawn(process.execPath, ["--import", END_WITH_PARENT, projectPath("node_modules", script), ...args], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...env },
    stdio: onLine ? ["ignore", "pipe", "pipe"] : "inherit",
    // A group of its own, so that its children can be ended with it.
    detached: true,
  });
  for (const input of [child.stdout, child.stderr]) {
    if (input && onLine) createInterface({ input }).on("line", onLine);
  }
  const stop = (): void => endGroup(child.pid);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    signal?.throwIfAborted();
    return code ?? 1;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGTERM");
  } catch {
    // It has ended already.
  }
}

/** A Hardhat task, as `npx hardhat` runs it. */
export const runHardhat = (args: readonly string[], options?: RunNodeOptions): Promise<number> =>
  runNode("hardhat/dist/src/cli.js", args, options);
