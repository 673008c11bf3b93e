import { blankComments, type Change, type Mutant, nameMutants } from "./mutant.ts";

/** Operators that only code has; `<` and `>` stand alone between spaces, as the formatter writes them. */
const SWAPS: readonly (readonly [operator: string, pattern: RegExp, after: string])[] = [
  ["compare", / < (?!=)/g, " <= "],
  ["compare", / <= /g, " < "],
  ["compare", / > /g, " >= "],
  ["compare", / >= /g, " > "],
  ["compare", / == /g, " != "],
  ["compare", / != /g, " == "],
  ["arithmetic", / \+ /g, " - "],
  ["arithmetic", / - /g, " + "],
  ["arithmetic", / \+= /g, " -= "],
  ["arithmetic", / -= /g, " += "],
  ["constant", /(?<=[\s(,!])true(?=[\s),;])/g, "false"],
  ["constant", /(?<=[\s(,!])false(?=[\s),;])/g, "true"],
];

/**
 * Left of an assignment: storage, unless the name was declared in the function. Names of storage are underscored, or
 * state, or members of a `storage` pointer.
 */
const ASSIGNMENT = /^[ \t]*((?:delete )?[A-Za-z_][\w.]*(?:\[[^;=]*\])*)(?: (?:=|\+=|-=|\|=) [^;]*)?;/gm;
const REVERT = /^[ \t]*(?:if \([^{};]*\) )?revert [^;{}]*;|^[ \t]*require\([^;]*;/gm;
const NUMBER = /(?<![\w.])(?:0|[1-9][\d_]*)(?![\w.])/g;

/** Mutants of a Solidity file, in order. Assembly is left alone. */
export function solidityMutants(path: string, source: string): Mutant[] {
  const code = blankAssembly(blankComments(source));
  const changes: Change[] = [];
  const add = (operator: string, start: number, before: string, after: string): void => {
    if (source.slice(start, start + before.length).trim())
      changes.push({
        operator,
        start,
        end: start + before.length,
        before: source.slice(start, start + before.length),
        after,
      });
  };
  const bodies = functionBodies(code);
  const inBody = (at: number): boolean => bodies.some(([from, to]) => at > from && at < to);

  for (const [operator, pattern, after] of SWAPS) {
    for (const match of code.matchAll(pattern)) if (inBody(match.index)) add(operator, match.index, match[0], after);
  }
  for (const match of code.matchAll(REVERT)) {
    // A revert that is a branch of its own becomes an empty statement.
    if (inBody(match.index)) add("revert", match.index, match[0], "");
  }
  const storage = storageNames(code);
  for (const match of code.matchAll(ASSIGNMENT)) {
    const root = /[A-Za-z_]\w*(?=[.[]| |;|$)/.exec(match[1]!.replace(/^delete /, ""))?.[0] ?? "";
    const isAssignment = match[1]!.startsWith("delete ") || / (?:=|\+=|-=|\|=) /.test(match[0]);
    if (isAssignment && inBody(match.index) && storage.has(root)) add("store", match.index, match[0], "");
  }
  for (const match of code.matchAll(NUMBER)) {
    const lineStart = code.lastIndexOf("\n", match.index) + 1;
    const line = code.slice(lineStart, code.indexOf("\n", match.index));
    if (!inBody(match.index) && !/\bconstant\b.*=/.test(code.slice(lineStart, match.index))) continue;
    if (/^\s*(for \(uint256 \w+ = 0;|pragma|import)/.test(line) && match.index < lineStart + line.indexOf(";"))
      continue;
    add("number", match.index, match[0], String(BigInt(match[0].replaceAll("_", "")) + 1n));
  }
  return nameMutants(path, source, changes);
}

/** The name in a line that declares a state variable. */
const STATE_VARIABLE = new RegExp(
  /^ {4}(?!function|error|event|struct|using|constructor|modifier|return)/.source +
    /[A-Za-z][^;(]*?(?:\([^)]*\))?[^;(]*?\b(\w+)(?: = [^;]*)?;/.source,
  "gm",
);

/**
 * Names of state variables and of storage pointers. Those that are inherited begin with an underscore or are known by
 * `STATE`.
 */
function storageNames(code: string): ReadonlySet<string> {
  const names = new Set(INHERITED);
  for (const [, name] of code.matchAll(/\bstorage (\w+)\b/g)) names.add(name!);
  for (const [, name] of code.matchAll(STATE_VARIABLE)) names.add(name!);
  return names;
}

/** State of the rollup's base contract, which its other parts assign. */
const INHERITED = [
  "_head",
  "_lanes",
  "_branches",
  "_candidates",
  "_ranking",
  "_outcomes",
  "_seeds",
  "_handedIn",
  "finalProposal",
  "creditOf",
  "revealOf",
  "seatOf",
  "seatCount",
];

/** From brace to brace, of functions and constructors. */
function functionBodies(code: string): [number, number][] {
  const bodies: [number, number][] = [];
  for (const match of code.matchAll(/\b(?:function \w+|constructor)\s*\([^{;]*\{/g)) {
    const start = match.index + match[0].length - 1;
    bodies.push([start, closing(code, start)]);
  }
  return bodies;
}

function blankAssembly(code: string): string {
  let result = code;
  for (const match of code.matchAll(/\bassembly\s*(?:\([^)]*\)\s*)?\{/g)) {
    const end = closing(code, match.index + match[0].length - 1) + 1;
    result = result.slice(0, match.index) + result.slice(match.index, end).replace(/[^\n]/g, " ") + result.slice(end);
  }
  return result;
}

/** The brace that closes the one at `open`. */
function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === "{") depth++;
    if (code[at] === "}" && --depth === 0) return at;
  }
  return code.length;
}
