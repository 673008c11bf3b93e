import { createHash } from "node:crypto";

/** One change of one line or statement of a source file. */
export interface Mutant {
  /**
   * `path:operator:` and a hash of the changed statement, what it becomes, and how many equal ones come before it.
   * Other lines may move.
   */
  readonly id: string;
  readonly path: string;
  readonly operator: string;
  /** Counted from 1. */
  readonly line: number;
  /** Where in the file, UTF-16. */
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly after: string;
}

/** A change before it has its name. */
export type Change = Omit<Mutant, "id" | "path" | "line">;

/** Names the changes of one file, in the order in which they stand there. */
export function nameMutants(path: string, source: string, changes: readonly Change[]): Mutant[] {
  const seen = new Map<string, number>();
  return changes
    .toSorted((a, b) => a.start - b.start || a.end - b.end || (a.operator < b.operator ? -1 : 1))
    .map((change) => {
      const line = source.slice(0, change.start).split("\n").length;
      const text = source.split("\n")[line - 1]!.trim();
      const what = JSON.stringify([change.operator, text, change.before, change.after]);
      const count = seen.get(what) ?? 0;
      seen.set(what, count + 1);
      const hash = createHash("sha256").update(`${what}${count}`).digest("hex").slice(0, 8);
      return { id: `${path}:${change.operator}:${hash}`, path, line, ...change };
    });
}

export const applyMutant = (source: string, { start, end, after }: Mutant): string =>
  source.slice(0, start) + after + source.slice(end);

/** What a mutant is, for a reader. */
export const describeMutant = ({ path, line, before, after }: Mutant): string => {
  const short = (text: string): string => text.replace(/\s+/g, " ").trim();
  return `${path}:${line} ${short(before)} -> ${short(after) || "(nothing)"}`;
};

/** The same length and lines, with comments and strings blanked out, so that positions stay. */
export function blankComments(source: string): string {
  return source.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"\n]*"/g, (text) => text.replace(/[^\n]/g, " "));
}
