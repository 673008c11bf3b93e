import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const CONTRACTS = "contracts";
const TESTS = "test/contracts";
/** Where the tests find `deployNamed`. */
const DEPLOY = "test/contracts/support/deployNamed.sol";

/** Contracts and Solidity tests by path, and what imports what. */
export interface SoliditySources {
  readonly content: ReadonlyMap<string, string>;
  /** The files that a file imports directly, inside the project. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** Contracts that tests deploy or that are there to be called: name to path. */
  readonly deployable: ReadonlyMap<string, string>;
  /** Names of the contracts that a file deploys, itself or through what it imports. */
  deployedBy(path: string): ReadonlySet<string>;
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
    if (path.startsWith(CONTRACTS)) for (const [, name] of source.matchAll(/^contract (\w+)/gm)) deployable.set(name!, path);
  }
  const deploys = new Map<string, ReadonlySet<string>>();
  for (const [path, source] of content) {
    if (path.startsWith(CONTRACTS)) continue;
    const { text, names } = byName(source, deployable, relative(dirname(path), DEPLOY));
    content.set(path, text);
    deploys.set(path, names);
  }
  content.set(DEPLOY, readFileSync(fileURLToPath(new URL("deploy.sol", import.meta.url)), "utf8"));

  const imports = new Map([...content].map(([path, source]) => [path, importsOf(path, source)]));
  return {
    content,
    imports,
    deployable,
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
  return [...source.matchAll(/^import [^"]*"(\.[^"]+)";/gms)].map(([, target]) => normalize(join(dirname(path), target!)));
}

/** Replaces `new X(...)` of the project's contracts. */
function byName(source: string, deployable: ReadonlyMap<string, string>, importPath: string): { text: string; names: Set<string> } {
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
  if (names.size > 0) text = text.replace(/^pragma [^\n]*\n/m, (line) => `${line}import {deployNamed} from "${dotted(importPath)}";\n`);
  return { text, names };
}

const dotted = (path: string): string => (path.startsWith(".") ? path : `./${path}`);

function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  for (let at = open; ; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) return at;
  }
}
