import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type AstNode, readAst } from "./solidityAst.ts";
import { closure } from "./soliditySources.ts";

const SETTINGS = { evmVersion: "osaka", optimizer: { enabled: false }, metadata: { appendCBOR: false } };

const require = createRequire(import.meta.url);
const solc = require("solc") as {
  version(): string;
  compile(input: string, callbacks: { import(path: string): { contents: string } }): string;
};

/** Which compiler this is, and what it is told. */
export const COMPILER = `${solc.version()} ${JSON.stringify(SETTINGS)}`;

/**
 * Contracts are compiled for nothing but speed. Each is slower than the one before and takes what is too deep for it;
 * `optimized` code needs least of the stack, and keeps variables in memory where it has no room.
 */
const PIPELINES = ["legacy", "ir", "optimized"] as const;
export type Pipeline = (typeof PIPELINES)[number];

/** Its stack needs less room, and variables may leave it. */
const OPTIMIZED = { enabled: true, runs: 1 };

export interface CompiledContract {
  readonly abi: readonly { readonly type: string; readonly name?: string }[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

/** The compiler refused a source; the message is what it said first. */
export class SolidityError extends Error {}

interface SolcOutput {
  readonly errors?: readonly {
    readonly severity: string;
    readonly formattedMessage: string;
    readonly sourceLocation?: { readonly file: string; readonly start: number };
  }[];
  readonly sources?: Record<string, { readonly ast?: unknown }>;
  readonly contracts?: Record<
    string,
    Record<string, { abi: CompiledContract["abi"]; evm: Record<"bytecode" | "deployedBytecode", { object: string }> }>
  >;
}

const importPackage = (name: string): { contents: string } => ({
  contents: readFileSync(require.resolve(name), "utf8"),
});

/** What the compiler knows before it generates code. */
export interface Analysis {
  /** Of the files that were given, if there is no error. */
  readonly asts: ReadonlyMap<string, AstNode>;
  readonly errors: readonly { readonly message: string; readonly path: string; readonly position: number }[];
}

export function analyseSolidity(content: ReadonlyMap<string, string>): Analysis {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...content].map(([path, source]) => [path, { content: source }])),
    settings: { evmVersion: "osaka", outputSelection: { "*": { "": ["ast"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: importPackage })) as SolcOutput;
  const errors = (output.errors ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ formattedMessage, sourceLocation }) => {
      const path = sourceLocation?.file ?? "";
      const bytes = Buffer.from(content.get(path) ?? "");
      return {
        message: formattedMessage,
        path,
        position: bytes.toString("utf8", 0, sourceLocation?.start ?? 0).length,
      };
    });
  const asts = new Map<string, AstNode>();
  if (errors.length === 0)
    for (const [path, source] of content) asts.set(path, readAst(output.sources![path]!.ast, source));
  return { asts, errors };
}

/**
 * Compiles the contracts of one file, without optimizer.
 * @returns contracts by name
 * @throws {SolidityError}
 */
export function compileSolidity(
  path: string,
  content: ReadonlyMap<string, string>,
  imports: ReadonlyMap<string, readonly string[]>,
  pipeline: Pipeline,
): Map<string, CompiledContract> {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries([...closure(path, imports)].map((file) => [file, { content: content.get(file)! }])),
    settings: {
      ...SETTINGS,
      ...(pipeline === "optimized" && { optimizer: OPTIMIZED }),
      viaIR: pipeline !== "legacy",
      outputSelection: { [path]: { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: importPackage })) as SolcOutput;
  const error = output.errors?.find(({ severity }) => severity === "error");
  if (error) throw new SolidityError(error.formattedMessage);
  return new Map(
    Object.entries(output.contracts?.[path] ?? {})
      .filter(([, { evm }]) => evm.bytecode.object !== "")
      .map(([name, { abi, evm }]) => [
        name,
        { abi, bytecode: `0x${evm.bytecode.object}`, deployedBytecode: `0x${evm.deployedBytecode.object}` },
      ]),
  );
}

/** Compiles with the fastest pipeline that takes the file. */
export function compileSomehow(
  path: string,
  content: ReadonlyMap<string, string>,
  imports: ReadonlyMap<string, readonly string[]>,
): Map<string, CompiledContract> {
  let failure: unknown;
  for (const pipeline of PIPELINES) {
    try {
      return compileSolidity(path, content, imports, pipeline);
    } catch (error) {
      failure = error;
      if (!(error instanceof SolidityError && /too deep/i.test(error.message))) break;
    }
  }
  throw failure;
}
