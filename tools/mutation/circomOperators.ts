import { blankComments, type Change, type Mutant, nameMutants } from "./mutant.ts";

/** A statement: up to its semicolon, from the first character of its line that is no space. */
const STATEMENT = /(?<=^|[;{}])\s*([^;{}]*?(?:===|<==)[^;{}]*|[A-Z]\w*\([^;{}]*\)\([^;{}]*\));/g;
/** A component that only checks: its outputs, if any, are dropped. */
const CHECK = /^(?:_ <== )?[A-Z]\w*\([^;]*\)\(/;
/** The right side is an anonymous component, which `<--` cannot take. */
const ANONYMOUS = /<==\s*[A-Z]\w*\([^;]*?\)\s*\(/;

/** Mutants of a Circom file, in order. */
export function circomMutants(path: string, source: string): Mutant[] {
  const code = blankComments(source);
  const changes: Change[] = [];
  for (const match of code.matchAll(STATEMENT)) {
    const statement = match[1]!;
    const start = match.index + match[0].indexOf(statement);
    const change = (operator: string, at: number, before: string, after: string): void => {
      changes.push({
        operator,
        start: at,
        end: at + before.length,
        before: source.slice(at, at + before.length),
        after,
      });
    };
    if (CHECK.test(statement)) change("check", start, `${statement};`, "");
    else if (statement.includes("===")) change("constraint", start, `${statement};`, "");
    else if (!ANONYMOUS.test(statement)) change("assignment", start + statement.indexOf("<=="), "<==", "<--");
  }
  return nameMutants(path, source, changes);
}
