import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import solc from "solc";
import { closure } from "./soliditySources.ts";

const require = createRequire(import.meta.url);

/** Contracts are compiled for nothing but speed. `ir` is slower and takes what is too deep for `legacy`. */
export type Pipeline = "legacy" | "ir";

export interface CompiledContract {
  readonly abi: readonly { readonly type: string; readonly name?: string }[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

/** The compiler refused a source; the message is what it said first. */
export class SolidityError extends Error {}

interface SolcOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Record<
    string,
    Record<string, { abi: CompiledContract["abi"]; evm: Record<"bytecode" | "deployedBytecode", { object: string }> }>
  >;
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
      evmVersion: "osaka",
      viaIR: pipeline === "ir",
      optimizer: { enabled: false },
      metadata: { appendCBOR: false },
      outputSelection: { [path]: { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } },
    },
  };
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), { import: (name: string) => ({ contents: readFileSync(require.resolve(name), "utf8") }) }),
  ) as SolcOutput;
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

/** The faster pipeline that takes the file, with what it makes of it. */
export function compileSomehow(
  path: string,
  content: ReadonlyMap<string, string>,
  imports: ReadonlyMap<string, readonly string[]>,
): { pipeline: Pipeline; contracts: Map<string, CompiledContract> } {
  try {
    return { pipeline: "legacy", contracts: compileSolidity(path, content, imports, "legacy") };
  } catch (error) {
    if (!(error instanceof SolidityError && /Stack too deep/.test(error.message))) throw error;
    return { pipeline: "ir", contracts: compileSolidity(path, content, imports, "ir") };
  }
}
