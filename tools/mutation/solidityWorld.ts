import { readFile, writeFile } from "node:fs/promises";
import { B52Error } from "../../src/protocol/errors.ts";
import type { MochaSession } from "./mochaSession.ts";
import { type Placeholder, select } from "./selection.ts";
import { type Artifacts, runSuite } from "./solidityTests.ts";
import { writeArtifacts } from "./workspace.ts";

/** Tests that take longer come last, one by one. */
const SHORT_MS = 150;
/** What a mutant may use in a test: times as much gas as the original, and what any set-up needs. */
const GAS_FACTOR = 8;
const GAS_LEAST = 2 ** 29;
/** What a mutant may take in a TypeScript test file: times as long as the original, and what a busy machine needs. */
const TIME_FACTOR = 20;
const TIME_LEAST_MS = 300_000;

/** What tests make of a mutant. */
export type Outcome =
  | { readonly status: "killed"; readonly by: string }
  | { readonly status: "survived"; readonly isReached: boolean }
  /**
   * It does not compile; or it does, but not beside the original, and was not tried; or tests took far too long to
   * tell.
   */
  | { readonly status: "invalid" | "untried" | "timeout" };

/**
 * A test, and which mutants it may reach, by number: numbers that assembly uses report nothing, so they are everywhere.
 */
export interface SolidityTest {
  readonly suite: string;
  /** Without parameters. */
  readonly test: string;
  readonly milliseconds: number;
  readonly gas: number;
  readonly reaches: readonly number[];
}

/** A TypeScript test file, and which mutants it reaches. */
export interface TestFile {
  readonly file: string;
  readonly tests: number;
  readonly milliseconds: number;
  readonly reaches: readonly number[];
}

/** Contracts with all mutants in them, and the tests. */
export interface SolidityWorld {
  readonly artifacts: Artifacts;
  readonly placeholders: readonly Placeholder[];
  /** Of mutants that can be tried, by id. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Ids of mutants that do not compile. */
  readonly invalid: ReadonlySet<string>;
  /** Fastest first. */
  readonly tests: readonly SolidityTest[];
  /** Fastest first. */
  readonly files: readonly TestFile[];
  /** What a suite deploys by name. */
  readonly deployed: ReadonlyMap<string, readonly string[]>;
}

/** A suite, and what it deploys. */
export function ofSuite({ deployed }: Pick<SolidityWorld, "deployed">, suite: string, artifacts: Artifacts): Artifacts {
  return new Map([suite, ...deployed.get(suite)!].map((id) => [id, artifacts.get(id)!]));
}

/** Runs the Solidity tests that reach a mutant, up to the first that fails. Short ones go first, a suite at a time. */
export async function tryInSolidity(world: SolidityWorld, root: string, number: number): Promise<Outcome> {
  const reaching = world.tests.filter(({ reaches }) => reaches.includes(number));
  const short = new Map<string, SolidityTest[]>();
  const long: [string, SolidityTest[]][] = [];
  for (const test of reaching) {
    if (test.milliseconds > SHORT_MS) long.push([test.suite, [test]]);
    else short.set(test.suite, [...(short.get(test.suite) ?? []), test]);
  }
  for (const [suite, tests] of [...short, ...long]) {
    const artifacts = select(ofSuite(world, suite, world.artifacts), world.placeholders, BigInt(number));
    const gasLimit = Math.max(GAS_LEAST, ...tests.map(({ gas }) => gas * GAS_FACTOR));
    const results = await runSuite(root, suite, artifacts, {
      only: tests.map(({ test }) => test),
      gasLimit: BigInt(gasLimit),
    });
    const failed = results.find(({ failure }) => failure !== undefined);
    if (failed) return { status: "killed", by: `${suite} ${failed.test}` };
  }
  return { status: "survived", isReached: reaching.length > 0 };
}

/**
 * Runs the TypeScript tests that reach a mutant, up to the first that fails. The workspace's artifacts are the mutant's
 * after that.
 */
export async function tryInTypeScript(
  world: SolidityWorld,
  session: MochaSession,
  root: string,
  number: number,
): Promise<Outcome> {
  const reaching = world.files.filter(({ reaches }) => reaches.includes(number));
  if (reaching.length > 0) await writeArtifacts(root, select(world.artifacts, world.placeholders, BigInt(number)));
  for (const { file, tests, milliseconds } of reaching) {
    const result = await session.run(file, Math.max(TIME_LEAST_MS, milliseconds * TIME_FACTOR));
    if (result.status === "failed") return { status: "killed", by: `${file} ${result.test}` };
    if (result.status === "timeout") return { status: "timeout" };
    if (result.tests !== tests) throw new B52Error(`${file}: ${result.tests} tests ran, expected ${tests}`);
  }
  return { status: "survived", isReached: reaching.length > 0 };
}

export async function saveWorld(path: string, world: SolidityWorld): Promise<void> {
  await writeFile(
    path,
    JSON.stringify(world, (_, value: unknown) => {
      if (value instanceof Map) return { map: [...value] };
      if (value instanceof Set) return { set: [...value] };
      return typeof value === "bigint" ? { bigint: String(value) } : value;
    }),
  );
}

export async function loadWorld(path: string): Promise<SolidityWorld> {
  return JSON.parse(await readFile(path, "utf8"), (_, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if ("map" in value) return new Map(value.map as [unknown, unknown][]);
    if ("set" in value) return new Set(value.set as unknown[]);
    return "bigint" in value ? BigInt(value.bigint as string) : value;
  }) as SolidityWorld;
}
