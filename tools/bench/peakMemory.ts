import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { CircuitInput, SignalValue } from "../../src/proving/circuitInput.ts";
import type { CompiledCircuit } from "../../src/proving/compileCircuit.ts";
import type { EngineName } from "../../src/proving/groth16/engine.ts";
import { loadKey, manifestPathOf, type ProvingKey } from "../../src/proving/keys/provingKey.ts";
import { ProverPool } from "../../src/proving/pool.ts";

interface Task {
  readonly engine: EngineName;
  readonly circuit: Pick<CompiledCircuit, "name" | "hash" | "wasmPath">;
  readonly manifestPath: string;
  readonly input: unknown;
}

/** The most memory, in MiB, that a process of its own has in use while it loads a key and makes one proof. */
export async function peakMemory(
  engine: EngineName,
  circuit: CompiledCircuit,
  { zkeyPath }: ProvingKey,
  input: CircuitInput,
  signal?: AbortSignal,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "b52-peak-"));
  try {
    const path = join(folder, "task.json");
    const task: Task = { engine, circuit, manifestPath: manifestPathOf(zkeyPath), input };
    await writeFile(
      path,
      JSON.stringify(task, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value)),
    );
    const args = ["--import", "tsx", fileURLToPath(import.meta.url), path];
    const { stdout } = await promisify(execFile)(process.execPath, args, { signal });
    return Number(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function proveOnce(path: string): Promise<void> {
  const { engine, circuit, manifestPath, input } = JSON.parse(await readFile(path, "utf8")) as Task;
  const value = (of: unknown): SignalValue => (Array.isArray(of) ? of.map(value) : BigInt(of as string));
  const signals = Object.entries(input as Record<string, unknown>).map(([name, of]) => [name, value(of)] as const);
  const key = await loadKey(manifestPath);
  const pool = new ProverPool({ threads: 1, engine });
  await pool.prove({ circuit: { ...circuit, key }, input: Object.fromEntries(signals) });
  await pool.close();
  process.stdout.write(String(Math.round(process.resourceUsage().maxRSS / 1024)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await proveOnce(process.argv[2]!);
