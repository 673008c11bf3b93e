import { readFileSync } from "node:fs";
import { B52Error } from "../../src/protocol/errors.ts";
import { applyMutant, type Mutant } from "./mutant.ts";
import { createSchemata } from "./schemata.ts";
import type { Numbered } from "./schemataWriter.ts";
import { type Placeholder, SELECTED_FILE, SELECTED_PATH } from "./selection.ts";
import { analyseSolidity } from "./solidityCompiler.ts";
import { closure, type SoliditySources } from "./soliditySources.ts";

/** The sources with all mutants in them. */
export interface MutatedSources {
  readonly sources: SoliditySources;
  readonly numbers: Numbered;
  readonly placeholders: readonly Placeholder[];
  /** They do not compile. */
  readonly invalid: ReadonlySet<Mutant>;
  /** They compile, but not beside the original. */
  readonly untried: ReadonlySet<Mutant>;
}

/** @throws {B52Error} if the sources do not compile without any mutant */
export function mutateSources(sources: SoliditySources, mutants: readonly Mutant[]): MutatedSources {
  const { asts, errors } = analyseSolidity(sources.content);
  if (errors[0]) throw new B52Error(`contracts do not compile: ${errors[0].message}`);
  const all = new Map(mutants.map((mutant, i) => [mutant, i + 1]));
  const invalid = new Set<Mutant>();
  const untried = new Set<Mutant>();
  for (;;) {
    const numbers = new Map([...all].filter(([mutant]) => !invalid.has(mutant) && !untried.has(mutant)));
    const { content, placeholders, left, suspects } = createSchemata(sources.content, asts, numbers);
    for (const mutant of left) untried.add(mutant);
    const mutated = new Map(content).set(SELECTED_PATH, readFileSync(SELECTED_FILE, "utf8"));
    const { errors: refused } = analyseSolidity(mutated);
    if (refused.length === 0) {
      for (const mutant of untried) numbers.delete(mutant);
      const imports = new Map([...sources.imports].map(([path, own]) => [path, [...own, SELECTED_PATH]]));
      return { sources: { ...sources, content: mutated, imports }, numbers, placeholders, invalid, untried };
    }
    const before = invalid.size + untried.size;
    for (const { path, position } of refused) {
      const { own, near } = suspects(path, position);
      if (own && !isValid(sources, own)) invalid.add(own);
      if (own && invalid.has(own)) continue;
      const blamed = near.filter((mutant) => mutant !== own && !isValid(sources, mutant));
      for (const mutant of blamed) invalid.add(mutant);
      // All are valid alone, so what does not compile is the choice.
      if (own && blamed.length === 0) untried.add(own);
    }
    if (invalid.size + untried.size === before)
      throw new B52Error(`mutants do not compile beside the original: ${refused[0]!.message}`);
  }
}

function isValid({ content, imports }: SoliditySources, mutant: Mutant): boolean {
  const own = new Map([...closure(mutant.path, imports)].map((path) => [path, content.get(path)!]));
  return analyseSolidity(own.set(mutant.path, applyMutant(content.get(mutant.path)!, mutant))).errors.length === 0;
}
