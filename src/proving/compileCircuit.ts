import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { B52Error } from "../protocol/errors.ts";
import { CIRCUITS_DIR, circuitHash, COMPILER, COMPILER_FLAGS, LIBRARY_DIR } from "./circuitHash.ts";
import { type CircuitInstance, mainSource } from "./circuitInstance.ts";
import { sha256OfFile } from "./files.ts";
import { readR1csHeader } from "./r1cs.ts";

/** A circuit on disk. */
export interface CompiledCircuit {
  readonly name: string;
  /** Content hash of everything that it was made from. */
  readonly hash: string;
  readonly r1csPath: string;
  /** Witness generator. */
  readonly wasmPath: string;
  /** Names of the signals. */
  readonly symPath: string;
  readonly constraints: number;
  readonly publicInputs: number;
}

export interface CompileCircuitOptions {
  /** The circuit is written to `<outDir>/<name>/`. */
  readonly outDir: string;
  /** Stops the compiler; the rejection is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** The compiler refused a circuit or could not write it. */
export class CircuitCompilationError extends B52Error {
  constructor(name: string, output: string) {
    super(`circuit ${name} does not compile: ${firstError(output)}`, { name, output });
  }
}

// Not the template's name: its include would then find the main component itself.
const FILE = "circuit";
const INFO = `${FILE}.json`;

/** What keys and proofs are made from. */
const MADE_FROM = ["r1cs", "wasm"] as const;
type Sums = Readonly<Record<(typeof MADE_FROM)[number], string>>;

interface CircuitInfo {
  readonly hash: string;
  readonly constraints: number;
  readonly publicInputs: number;
  /** SHA-256 of the files. Earlier versions noted none, and are believed. */
  readonly sums?: Sums;
}

/**
 * The compiled circuit if what is on disk is up to date and whole, undefined otherwise. Reads all of it: some ten
 * milliseconds for a small profile.
 */
export async function findCompiled(instance: CircuitInstance, outDir: string): Promise<CompiledCircuit | undefined> {
  const folder = join(outDir, instance.name);
  const [hash, info] = await Promise.all([circuitHash(instance), readInfo(folder)]);
  if (info?.hash !== hash || !(await isWhole(folder, info))) return undefined;
  return compiled(instance, outDir, info);
}

async function isWhole(folder: string, { sums }: CircuitInfo): Promise<boolean> {
  if (sums === undefined) return true;
  const found = await sumsOf(folder).catch(() => undefined); // a file that is not there, or cannot be read
  return found !== undefined && MADE_FROM.every((extension) => found[extension] === sums[extension]);
}

async function sumsOf(folder: string): Promise<Sums> {
  const [r1cs, wasm] = await Promise.all(MADE_FROM.map((extension) => sha256OfFile(pathIn(folder, extension))));
  return { r1cs: r1cs!, wasm: wasm! };
}

const pathIn = (folder: string, extension: string): string => join(folder, `${FILE}.${extension}`);

/**
 * Compiles a circuit in a process of its own, unless it is there already.
 *
 * Everything is written beside the target and moved into place at the end, so that a crash leaves either the whole
 * circuit or none.
 * @throws {CircuitCompilationError}
 */
export async function compileCircuit(
  instance: CircuitInstance,
  options: CompileCircuitOptions,
): Promise<CompiledCircuit> {
  const { outDir, signal } = options;
  signal?.throwIfAborted();
  const found = await findCompiled(instance, outDir);
  if (found !== undefined) return found;

  const { name } = instance;
  await mkdir(outDir, { recursive: true });
  await removeLeftovers(outDir, name);
  // What is published has ordinary modes, so that other users can prove with it: not those of `mkdtemp`.
  const partial = join(outDir, `.${name}-${process.pid}-${randomUUID()}`);
  await mkdir(partial);
  try {
    await runCompiler(instance, partial, COMPILER_FLAGS, signal);
    await rename(join(partial, `${FILE}_js`, `${FILE}.wasm`), pathIn(partial, "wasm"));
    await rm(join(partial, `${FILE}_js`), { recursive: true });

    const { constraints, publicInputs } = await readR1csHeader(pathIn(partial, "r1cs"));
    const [hash, sums] = await Promise.all([circuitHash(instance), sumsOf(partial)]);
    const info: CircuitInfo = { hash, constraints, publicInputs, sums };
    await writeFile(join(partial, INFO), JSON.stringify(info));
    return await moveIntoPlace(instance, partial, outDir, info);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function moveIntoPlace(
  instance: CircuitInstance,
  partial: string,
  outDir: string,
  info: CircuitInfo,
): Promise<CompiledCircuit> {
  const target = join(outDir, instance.name);
  await rm(target, { recursive: true, force: true });
  try {
    await rename(partial, target);
  } catch (error) {
    // Another process that compiled the same circuit may have been first.
    const other = await readInfo(target);
    if (other?.hash !== info.hash) throw error;
  }
  return compiled(instance, outDir, info);
}

/** Removes what processes that no longer run left half-made. */
async function removeLeftovers(outDir: string, name: string): Promise<void> {
  for (const entry of await readdir(outDir)) {
    const pid = entry.startsWith(`.${name}-`) ? Number(entry.slice(name.length + 2).split("-")[0]) : Number.NaN;
    if (Number.isInteger(pid) && !isRunning(pid)) await rm(join(outDir, entry), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function compiled({ name }: CircuitInstance, outDir: string, info: CircuitInfo): CompiledCircuit {
  const path = (extension: string): string => pathIn(join(outDir, name), extension);
  const { hash, constraints, publicInputs } = info;
  return {
    name,
    hash,
    r1csPath: path("r1cs"),
    wasmPath: path("wasm"),
    symPath: path("sym"),
    constraints,
    publicInputs,
  };
}

async function readInfo(folder: string): Promise<CircuitInfo | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, INFO), "utf8")) as CircuitInfo;
  } catch {
    return undefined; // never compiled, or not by this program: compile it
  }
}

/**
 * Compiles a circuit in a process of its own.
 * @param folder gets the main component and all that the flags ask for, named `circuit`
 * @throws {CircuitCompilationError}
 */
export async function runCompiler(
  instance: CircuitInstance,
  folder: string,
  flags: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  const main = join(folder, `${FILE}.circom`);
  await writeFile(main, mainSource(instance));
  const args = [main, ...flags, "-l", CIRCUITS_DIR, "-l", LIBRARY_DIR, "-o", folder];
  const chunks: Buffer[] = [];
  // Seen from the root, no path leads upwards: the compiler finds no includes behind "..".
  const child = spawn(process.execPath, [COMPILER, ...args], {
    cwd: parse(CIRCUITS_DIR).root,
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    // An abort arrives here at once, the process ends later: wait for it so that nothing writes behind our back.
    let failure: Error | undefined;
    child.once("error", (error) => {
      failure = error;
      if (child.pid === undefined) reject(error);
    });
    child.once("close", (exitCode) => (failure === undefined ? resolve(exitCode) : reject(failure)));
  }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
  if (code !== 0) throw new CircuitCompilationError(instance.name, stripColours(Buffer.concat(chunks).toString()));
}

function firstError(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.find((line) => /error/i.test(line)) ?? lines.filter(Boolean).at(-1) ?? "the compiler said nothing";
}

function stripColours(text: string): string {
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
