import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { B52Error } from "../protocol/errors.ts";
import { type CircuitInstance, mainSource } from "./circuitInstance.ts";

const require = createRequire(import.meta.url);

/** The project's templates and gadgets. */
export const CIRCUITS_DIR = fileURLToPath(new URL("../../circuits", import.meta.url));
/** The folder that holds circomlib, so that includes start with `circomlib/`. */
export const LIBRARY_DIR = join(dirname(require.resolve("circomlib/package.json")), "..");
/** The compiler's command line. */
export const COMPILER = join(dirname(require.resolve("circom2/package.json")), "cli.js");
/** Full simplification, and everything that proving and tests need. */
export const COMPILER_FLAGS = ["--O2", "--r1cs", "--wasm", "--sym"];

/** An include that names no file. */
export class MissingIncludeError extends B52Error {
  constructor(include: string, from: string) {
    super(`${from} includes ${include}, expected a file beside it, in circuits/ or in circomlib`, { include, from });
  }
}

/**
 * SHA-256 over everything that a compiled circuit depends on: the main component, every source that it includes,
 * the compiler's version and its flags.
 * @throws {MissingIncludeError}
 */
export async function circuitHash(instance: CircuitInstance): Promise<string> {
  const main = mainSource(instance);
  const hash = createHash("sha256");
  hash.update(JSON.stringify([COMPILER_FLAGS, packageVersion("circom2"), packageVersion("circomlib"), main]));
  for (const [name, content] of [...(await includedSources(main))].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, content]));
  }
  return hash.digest("hex");
}

function packageVersion(name: string): string {
  return (require(`${name}/package.json`) as { version: string }).version;
}

/** Contents of all included files, by a name that is the same on every machine. */
async function includedSources(main: string): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  const visit = async (content: string, folder: string, from: string): Promise<void> => {
    for (const [, include] of content.matchAll(/^\s*include\s+"([^"]+)"/gm)) {
      const path = [folder, CIRCUITS_DIR, LIBRARY_DIR]
        .map((base) => join(base, include!))
        .find((file) => existsSync(file));
      if (path === undefined) throw new MissingIncludeError(include!, from);
      const name = path.startsWith(CIRCUITS_DIR) ? relative(CIRCUITS_DIR, path) : relative(LIBRARY_DIR, path);
      if (sources.has(name)) continue;
      const included = await readFile(path, "utf8");
      sources.set(name, included);
      await visit(included, dirname(path), name);
    }
  };
  await visit(main, CIRCUITS_DIR, "the main component");
  return sources;
}
