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

/**
 * Runs a program of an installed package in a process of its own, at the top of the project.
 * @param script path inside `node_modules`
 * @returns its exit code
 * @throws an `AbortError` when the signal is aborted first
 */
export async function runNode(
  script: string,
  args: readonly string[],
  { signal, onLine, env }: RunNodeOptions = {},
): Promise<number> {
  const child = spawn(process.execPath, [projectPath("node_modules", script), ...args], {
    cwd: PROJECT_ROOT,
    env: { ...process.env, ...env },
    stdio: onLine ? ["ignore", "pipe", "pipe"] : "inherit",
    ...(signal && { signal }),
  });
  for (const input of [child.stdout, child.stderr]) {
    if (input && onLine) createInterface({ input }).on("line", onLine);
  }
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}

/** A Hardhat task, as `npx hardhat` runs it. */
export const runHardhat = (args: readonly string[], options?: RunNodeOptions): Promise<number> =>
  runNode("hardhat/dist/src/cli.js", args, options);
