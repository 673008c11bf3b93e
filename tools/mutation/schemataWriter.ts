import type { Mutant } from "./mutant.ts";
import { SELECTED_PATH } from "./selection.ts";

/** Mutants with the numbers that select them. */
export type Numbered = ReadonlyMap<Mutant, number>;

/** A place where a mutant and the original can stand side by side. */
export interface Site {
  readonly kind: "statement" | "expression";
  readonly start: number;
  readonly end: number;
  /** That stand here and not in a site inside this one. */
  readonly mutants: Mutant[];
}

/** A mutant's text in the sources that were written. */
export interface Variant {
  readonly mutant: Mutant;
  readonly start: number;
  readonly end: number;
}

/** Text in place of a part of the source, whatever is selected. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Writes a source with its mutants beside what they replace. */
export class SchemataWriter {
  readonly #source: string;
  readonly #sites: readonly Site[];
  readonly #edits: readonly Edit[];
  readonly #numbers: Numbered;
  variants: readonly Variant[] = [];
  #text = "";

  constructor(source: string, sites: readonly Site[], edits: readonly Edit[], numbers: Numbered) {
    this.#source = source;
    this.#sites = sites.filter(({ mutants }) => mutants.length > 0);
    this.#edits = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
    this.#numbers = numbers;
  }

  get isChanged(): boolean {
    return this.#sites.length > 0 || this.#edits.length > 0;
  }

  write(): string {
    this.#text = "";
    this.#original(0, this.#source.length, 0);
    if (this.#sites.length > 0) {
      const line = `import {isSelected} from "${SELECTED_PATH}";\n`;
      const at = /^pragma [^\n]*\n/m.exec(this.#text)!;
      const position = at.index + at[0].length;
      this.#text = this.#text.slice(0, position) + line + this.#text.slice(position);
      this.variants = this.variants.map(({ mutant, start, end }) => ({
        mutant,
        start: start + line.length,
        end: end + line.length,
      }));
    }
    return this.#text;
  }

  /** What stands between two places, with the choices that begin there. `next` is the first site to consider. */
  #original(start: number, end: number, next: number): void {
    let at = start;
    for (let i = next; i < this.#sites.length; i++) {
      const site = this.#sites[i]!;
      if (site.start < at || site.end > end) continue;
      this.#plain(at, site.start);
      at = this.#choice(site, i);
    }
    this.#plain(at, end);
  }

  /** @returns where it ends in the source */
  #choice(site: Site, i: number): number {
    const { kind, start, mutants } = site;
    const end = kind === "statement" ? this.#statementEnd(site) : site.end;
    this.#text += kind === "statement" ? "{ " : "(";
    for (const mutant of mutants) {
      const number = this.#numbers.get(mutant)!;
      this.#text += kind === "statement" ? `if (isSelected(${number})) { ` : `isSelected(${number}) ? `;
      const from = this.#text.length;
      this.#mutated(start, end, mutant);
      this.variants = [...this.variants, { mutant, start: from, end: this.#text.length }];
      this.#text += kind === "statement" ? " } else " : " : ";
    }
    if (kind === "statement") this.#text += "{ ";
    this.#original(start, end, i + 1);
    this.#text += kind === "statement" ? " } }" : ")";
    return end;
  }

  /** Nodes of simple statements end before their semicolon. */
  #statementEnd({ end }: Site): number {
    return this.#source[end] === ";" ? end + 1 : end;
  }

  #mutated(start: number, end: number, { start: from, end: to, after }: Mutant): void {
    this.#plain(start, Math.max(from, start));
    this.#text += after;
    this.#plain(Math.min(to, end), end);
  }

  #plain(start: number, end: number): void {
    let at = start;
    for (const edit of this.#edits) {
      if (edit.start < at || edit.end > end || (edit.start === edit.end && edit.start === start && start !== 0))
        continue;
      this.#text += this.#source.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    this.#text += this.#source.slice(at, end);
  }
}
