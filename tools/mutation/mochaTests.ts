import { execFile } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, normalize, relative } from "node:path";
import { B52Error } from "../../src/protocol/errors.ts";

const TIMEOUT_MS = 1_800_000;
/** Titles of what unoptimized code need not pass: it is larger and dearer than optimized code. */
export const OF_OPTIMIZED = "code size| gas ";

export type MochaResult =
  { readonly status: "passed" | "invalid" | "timeout" } | { readonly status: "failed"; readonly test: string };

/** Runs a test file in a workspace, up to its first failure. */
export function runMocha(
  root: string,
  file: string,
  environment: NodeJS.ProcessEnv = {},
  options: readonly string[] = [],
): Promise<MochaResult> {
  const args = [
    "--import",
    "tsx",
    "node_modules/mocha/bin/mocha.js",
    "--bail",
    "--exit",
    "--timeout",
    "120000",
    "--reporter",
    "json",
    "--grep",
    OF_OPTIMIZED,
    "--invert",
    ...options,
    file,
  ];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: root, env: { ...process.env, ...environment }, timeout: TIMEOUT_MS, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        if (!error) return resolve({ status: "passed" });
        if (error.killed) return resolve({ status: "timeout" });
        if (/does not compile/.test(stdout + stderr)) return resolve({ status: "invalid" });
        resolve({
          status: "failed",
          test: /"failures": \[\s*\{\s*"title": "([^"]*)"/.exec(stdout)?.[1] ?? "(it does not run)",
        });
      },
    );
  });
}

/**
 * Runs a test file of contracts whose code reports what it reaches.
 * @returns the tags, in hexadecimal
 * @throws {B52Error} if a test fails
 */
export async function mochaHits(root: string, file: string): Promise<Set<string>> {
  const result = await runMocha(root, file, { HARDHAT_COVERAGE: "true" }, [
    "--require",
    "tools/mutation/saveCoverage.ts",
  ]);
  if (result.status !== "passed")
    throw new B52Error(`${file} fails: ${"test" in result ? result.test : result.status}`);
  const saved = join(root, "coverage", "data", "mocha");
  const hits = readdirSync(saved).flatMap((name) =>
    Object.keys(JSON.parse(readFileSync(join(saved, name), "utf8")) as object),
  );
  rmSync(saved, { recursive: true });
  return new Set(hits);
}

/**
 * Test files of circuits that a Circom file is part of, nearest first. Snapshots of constraint counts are no tests of
 * soundness.
 */
export function circuitTests(root: string, path: string): string[] {
  const files = list(join(root, "circuits"), ".circom").map((file) => `circuits/${file}`);
  const includes = new Map(
    files.map((file) => {
      const source = readFileSync(join(root, file), "utf8");
      return [
        file,
        [...source.matchAll(/^include "(?!circomlib)([^"]+)";/gm)].map(([, name]) =>
          normalize(join(dirname(file), name!)),
        ),
      ];
    }),
  );
  const reached = new Set([path]);
  for (const next of reached) for (const [file, own] of includes) if (own.includes(next)) reached.add(file);
  const tests = new Set(list(join(root, "test/circuits"), ".test.ts").map((file) => `test/circuits/${file}`));
  return [...reached]
    .map((file) => join("test", dirname(file), `${basename(file, ".circom")}.test.ts`))
    .filter((file) => tests.has(file));
}

/** They compare with snapshots of gas, or need the client, whose types are generated from the contracts. */
const NOT_HERE = /UPDATE_SNAPSHOTS|src\/chain\//;

/** Test files that deploy one of the contracts by name, and run on code that is not optimized. */
export function contractTests(root: string, names: ReadonlySet<string>): string[] {
  const quoted = new RegExp(`"(?:${[...names].join("|")})"`);
  return list(join(root, "test/contracts"), ".test.ts")
    .map((file) => `test/contracts/${file}`)
    .filter((file) => {
      const sources = [...testImports(root, file)].map((path) => readFileSync(join(root, path), "utf8"));
      return (
        names.size > 0 &&
        sources.some((source) => quoted.test(source)) &&
        !sources.some((source) => NOT_HERE.test(source))
      );
    });
}

/** A test, and what it imports to support and deploy. */
function testImports(root: string, file: string): Set<string> {
  const reached = new Set([file]);
  for (const path of reached) {
    for (const [, target] of readFileSync(join(root, path), "utf8").matchAll(/from "(\.[^"]+\.ts)"/g)) {
      const next = normalize(join(dirname(path), target!));
      if (/^(?:test\/support|deploy)\//.test(next)) reached.add(next);
    }
  }
  return reached;
}

const list = (folder: string, ending: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
