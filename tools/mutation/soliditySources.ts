import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const CONTRACTS = "contracts";
const TESTS = "test/contracts";
/** Random games: with slower code they take hours, and what only they notice has no test of its own. */
export const LEFT_OUT = "test/contracts/invariants/";
/** Where the tests find `deployNamed` and `neverReplayed`. */
const SUPPORT = "mutation/tests.sol";
/** A test's function, up to its first statement. */
const TEST = /\bfunction (?:setUp|test\w*)\([^{};]*\{/g;

/** Contracts and Solidity tests by path, and what imports what. */
export interface SoliditySources {
  readonly content: ReadonlyMap<string, string>;
  /** The files that a file imports directly, inside the project. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** Contracts that tests deploy or that are there to be called: name to path. */
  readonly deployable: ReadonlyMap<string, string>;
  /** Files of Solidity tests but `LEFT_OUT`. */
  readonly tests: readonly string[];
  /** Names of the contracts that a file deploys, itself or through what it imports. */
  readonly deployedBy: (path: string) => ReadonlySet<string>;
}

/** Reads the project. Tests get contracts by name instead of embedding their code. */
export function readSoliditySources(root: string): SoliditySources {
  const content = new Map<string, string>();
  for (const folder of [CONTRACTS, TESTS]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      const path = relative(root, join(entry.parentPath, entry.name));
      if (entry.isFile() && path.endsWith(".sol")) content.set(path, readFileSync(join(root, path), "utf8"));
    }
  }
  const deployable = new Map<string, string>();
  for (const [path, source] of content) {
    if (path.startsWith(CONTRACTS))
      for (const [, name] of source.matchAll(/^contract (\w+)/gm)) deployable.set(name!, path);
  }
  const deploys = new Map<string, ReadonlySet<string>>();
  for (const [path, source] of content) {
    if (path.startsWith(CONTRACTS)) continue;
    const { text, names } = byName(source, deployable);
    content.set(
      path,
      text.replace(TEST, "$& neverReplayed();").replace(/^pragma [^\n]*\n/m, `$&import "${SUPPORT}";\n`),
    );
    deploys.set(path, names);
  }
  content.set(SUPPORT, readFileSync(fileURLToPath(new URL("tests.sol", import.meta.url)), "utf8"));

  const imports = new Map([...content].map(([path, source]) => [path, importsOf(path, source)]));
  return {
    content,
    imports,
    deployable,
    tests: [...content.keys()].filter((path) => path.endsWith(".t.sol") && !path.startsWith(LEFT_OUT)),
    deployedBy: (path) => new Set([...closure(path, imports)].flatMap((file) => [...(deploys.get(file) ?? [])])),
  };
}

/** A file and all that it imports. */
export function closure(path: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>([path]);
  for (const file of reached) for (const next of imports.get(file) ?? []) reached.add(next);
  return reached;
}

function importsOf(path: string, source: string): string[] {
  const targets = [...source.matchAll(/^import [^"]*"([^"]+)";/gms)].map(([, target]) => target!);
  return targets.flatMap((target) =>
    target.startsWith(".") ? normalize(join(dirname(path), target)) : target === SUPPORT ? target : [],
  );
}

/** Replaces `new X(...)` of the project's contracts; what a test deploys by name already stays as it is. */
function byName(source: string, deployable: ReadonlyMap<string, string>): { text: string; names: Set<string> } {
  const names = new Set<string>();
  const pattern = /\bnew ([A-Z]\w*)\(/g;
  let text = source;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const name = match[1]!;
    const path = deployable.get(name);
    if (path === undefined) continue;
    names.add(name);
    const open = match.index + match[0].length - 1;
    const close = closingParenthesis(text, open);
    const start = `${name}(deployNamed("${path}:${name}", abi.encode(`;
    text = `${text.slice(0, match.index)}${start}${text.slice(open + 1, close)})))${text.slice(close + 1)}`;
    pattern.lastIndex = match.index + start.length;
  }
  for (const [, name] of source.matchAll(/\bcreate\(\s*"(\w+)"/g)) if (deployable.has(name!)) names.add(name!);
  return { text, names };
}

function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let at = open; ; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) return at;
  }
}
