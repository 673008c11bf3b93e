import { createHash } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BASE_FIELD, FIELD } from "../../protocol/field.ts";
import { B52Error } from "../../protocol/errors.ts";
import { writeAtomically } from "../files.ts";
import { fieldModule } from "./fieldModule.ts";

/** Sources that the compiler refuses. */
export class KernelCompilationError extends B52Error {
  constructor(output: string) {
    super(`the prover's kernels do not compile: ${output.trim().split("\n")[0] ?? "the compiler said nothing"}`, {
      output,
    });
  }
}

const SOURCES = fileURLToPath(new URL("./assembly", import.meta.url));
/** Where compiled kernels are kept, by a hash of their sources: the SHA-256 of the code, then the code. */
const CACHE = fileURLToPath(new URL("../../../build/prover", import.meta.url));
const ENTRY = "index.ts";
const OUTPUT = "kernels.wasm";
const SUM_BYTES = 32;

/**
 * After Binaryen's optimizations, which reorder, a product takes a third longer; V8 optimizes anyway. What lies below
 * the base stays zero.
 */
const FLAGS = [
  ...["--optimizeLevel", "0", "--runtime", "stub", "--noAssert", "--enable", "relaxed-simd"],
  ...["--memoryBase", "1024"],
];

/**
 * Compiles the prover's kernels to WebAssembly, or takes what an earlier run has compiled from the same sources. What
 * is damaged is compiled again: it might prove wrongly, or pass for a machine that cannot run it.
 */
export async function compileKernels(cache = CACHE): Promise<Uint8Array<ArrayBuffer>> {
  const sources = await readSources();
  const path = cachePath(cache, sources);
  const kept = await readKept(path);
  if (kept !== undefined) return kept;
  const code = await compile(sources);
  await mkdir(cache, { recursive: true });
  await writeAtomically(path, [sumOf(code), code]);
  return code;
}

/** Whether {@link compileKernels} has nothing to do. Takes milliseconds. */
export async function areKernelsCompiled(cache = CACHE): Promise<boolean> {
  return (await readKept(cachePath(cache, await readSources()))) !== undefined;
}

/** Of all that the kernels are made from. */
export async function kernelsHash(): Promise<string> {
  return hashOf(await readSources());
}

function cachePath(cache: string, sources: ReadonlyMap<string, string>): string {
  return join(cache, `kernels-${hashOf(sources).slice(0, 16)}.kept`);
}

/** The code in a file; undefined unless it is there and whole. */
async function readKept(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const kept = await readFile(path).catch(() => undefined);
  const code = kept?.subarray(SUM_BYTES);
  return code !== undefined && sumOf(code).equals(kept!.subarray(0, SUM_BYTES)) ? code : undefined;
}

function sumOf(code: Uint8Array): Buffer {
  return createHash("sha256").update(code).digest();
}

function hashOf(sources: ReadonlyMap<string, string>): string {
  const { version } = createRequire(import.meta.url)("assemblyscript/package.json") as { version: string };
  return createHash("sha256")
    .update(JSON.stringify([version, FLAGS, ...sources]))
    .digest("hex");
}

async function readSources(): Promise<Map<string, string>> {
  const names = (await readdir(SOURCES)).filter((name) => name.endsWith(".ts")).sort();
  const read = async (name: string): Promise<[string, string]> => [name, await readFile(join(SOURCES, name), "utf8")];
  return new Map([
    ...(await Promise.all(names.map(read))),
    ["fq.ts", fieldModule(BASE_FIELD)],
    ["fr.ts", fieldModule(FIELD)],
  ]);
}

/**
 * The part of the compiler that is used. Its package's own types declare globals that hold in all of the program, such
 * as an `at` of arrays that always finds something: so its name is no literal, and TypeScript does not read them.
 */
interface Compiler {
  main(
    args: readonly string[],
    system: {
      readFile(name: string): string | null;
      writeFile(name: string, contents: Uint8Array | string): void;
      listFiles(): readonly string[];
      readonly stderr: { write(text: string | Uint8Array): void };
    },
  ): Promise<{ readonly error: Error | null }>;
}
const COMPILER: string = "assemblyscript/asc";

async function compile(sources: ReadonlyMap<string, string>): Promise<Uint8Array<ArrayBuffer>> {
  const { default: asc } = (await import(COMPILER)) as { default: Compiler };
  let code: Uint8Array<ArrayBuffer> | undefined;
  let output = "";
  const { error } = await asc.main([ENTRY, "--outFile", OUTPUT, ...FLAGS], {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (_, contents) => void (code = new Uint8Array(contents as Uint8Array)),
    listFiles: () => [],
    stderr: { write: (text) => void (output += String(text)) },
  });
  if (error !== null || code === undefined) throw new KernelCompilationError(output);
  return code;
}
