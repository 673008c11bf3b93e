import type { Mutant } from "./mutant.ts";
import { type Edit, type Numbered, SchemataWriter, type Site, type Variant } from "./schemataWriter.ts";
import { type Placeholder, placeholderHex } from "./selection.ts";
import { type AstNode, visit } from "./solidityAst.ts";

/** One program in place of many mutants. */
export interface Schemata {
  /** Sources in which each mutant stands beside what it replaces, and `isSelected` chooses. */
  readonly content: ReadonlyMap<string, string>;
  /** Constants that assembly uses: their numbers are put into the code. */
  readonly placeholders: readonly Placeholder[];
  /** Mutants that have no place in all this. */
  readonly left: readonly Mutant[];
  /**
   * The mutant whose text stands at a place of the sources, and all in the same function: those to blame for an error
   * there.
   */
  readonly suspects: (
    path: string,
    position: number,
  ) => { readonly own: Mutant | undefined; readonly near: readonly Mutant[] };
}

/**
 * Puts all mutants into the sources at once: statements become `if (isSelected(7)) { mutant } else { original }`,
 * conditions and first values of variables `isSelected(7) ? mutant : original`. Constants that have mutants become
 * functions.
 * @param asts of the sources
 */
export function createSchemata(
  content: ReadonlyMap<string, string>,
  asts: ReadonlyMap<string, AstNode>,
  mutants: Numbered,
): Schemata {
  const sites = new Map([...asts].map(([path, ast]) => [path, sitesOf(ast)]));
  const left: Mutant[] = [];
  for (const mutant of mutants.keys()) {
    const site = innermost(sites.get(mutant.path) ?? [], mutant);
    if (site) site.mutants.push(mutant);
    else left.push(mutant);
  }
  const { constants, fixed } = constantsWithMutants(asts, sites);
  const placeholders: Placeholder[] = [];
  const texts = new Map(content);
  const variants = new Map<string, readonly Variant[]>();
  for (const [path, ast] of asts) {
    const source = content.get(path)!;
    const edits = constantEdits(ast, constants);
    for (const site of sites.get(path)!.filter((own) => fixed.has(own))) {
      const own = site.mutants.splice(0);
      const value = source.slice(site.start, site.end);
      if (own.length === 1 && value === own[0]!.before) {
        const mutant = mutants.get(own[0]!)!;
        const hex = placeholderHex(mutant);
        placeholders.push({ hex, value: toNumber(value), mutated: toNumber(own[0]!.after), mutant });
        edits.push({ start: site.start, end: site.end, text: `0x${hex}` });
      } else left.push(...own);
    }
    const writer = new SchemataWriter(source, sites.get(path)!, edits, mutants);
    if (!writer.isChanged) continue;
    texts.set(path, writer.write());
    variants.set(path, writer.variants);
  }
  return {
    content: texts,
    placeholders,
    left,
    suspects: (path, at) => suspects(texts.get(path) ?? "", variants.get(path) ?? [], at),
  };
}

const toNumber = (literal: string): bigint => BigInt(literal.replaceAll("_", ""));

function suspects(text: string, variants: readonly Variant[], position: number): ReturnType<Schemata["suspects"]> {
  const functions = [...text.matchAll(/^ *(?:function|constructor)\b/gm)].map(({ index }) => index);
  const from = functions.findLast((start) => start <= position) ?? 0;
  const to = functions.find((start) => start > position) ?? text.length;
  return {
    own: variants.find(({ start, end }) => position >= start && position < end)?.mutant,
    near: variants.filter(({ start, end }) => start >= from && end <= to).map(({ mutant }) => mutant),
  };
}

const STATEMENTS = new Set(["ExpressionStatement", "Return", "EmitStatement", "RevertStatement", "IfStatement"]);

/** All places of a file in order, those inside others after them. */
function sitesOf(ast: AstNode): Site[] {
  const sites: Site[] = [];
  const add = (kind: Site["kind"], { start, end }: AstNode): void => void sites.push({ kind, start, end, mutants: [] });
  visit(ast, (node, path) => {
    const parent = path.at(-1);
    if (path.some(({ nodeType }) => nodeType === "InlineAssembly")) return;
    if (STATEMENTS.has(node.nodeType)) {
      if (parent!.nodeType !== "ForStatement" || parent!["body"] === node) add("statement", node);
      else add("expression", node);
    } else if (parent && isConditionOf(node, parent)) add("expression", node);
    else if (parent?.nodeType === "VariableDeclarationStatement" && parent["initialValue"] === node)
      add("expression", node);
    else if (parent && isConstant(parent) && parent["value"] === node) add("expression", node);
  });
  return sites.sort((a, b) => a.start - b.start || b.end - a.end);
}

const isConditionOf = (node: AstNode, parent: AstNode): boolean =>
  /^(?:If|While|DoWhile|For)Statement$/.test(parent.nodeType) && parent["condition"] === node;

const isConstant = (node: AstNode): boolean => node.nodeType === "VariableDeclaration" && node["constant"] === true;

function innermost(sites: readonly Site[], { start, end, before }: Mutant): Site | undefined {
  const from = start + before.length - before.trimStart().length;
  // The semicolon of a statement is not a part of its node.
  const to = end - (before.length - before.trimEnd().length) - (/;\s*$/.test(before) ? 1 : 0);
  return sites.filter((site) => site.start <= from && site.end >= to).at(-1);
}

/**
 * Declarations of constants whose values depend on a mutant, by id, and the sites in constants that cannot be functions
 * because assembly or the length of an array uses them.
 */
function constantsWithMutants(
  asts: ReadonlyMap<string, AstNode>,
  sites: ReadonlyMap<string, readonly Site[]>,
): { constants: Set<number>; fixed: Set<Site> } {
  const all = new Map<number, { uses: ReadonlySet<number>; site: Site }>();
  const fixed = new Set<number>();
  for (const [path, ast] of asts) {
    visit(ast, (node) => {
      if (node.nodeType === "InlineAssembly")
        for (const { declaration } of node["externalReferences"] as { declaration: number }[]) fixed.add(declaration);
      if (node.nodeType === "ArrayTypeName" && node["length"])
        for (const id of references(node["length"] as AstNode)) fixed.add(id);
      if (!isConstant(node)) return;
      const { start, end } = node["value"] as AstNode;
      all.set(node.id, {
        uses: references(node),
        site: sites.get(path)!.find((site) => site.start === start && site.end === end)!,
      });
    });
  }
  // What a fixed one uses is fixed; what uses a function becomes one.
  for (const id of fixed) for (const used of all.get(id)?.uses ?? []) fixed.add(used);
  const constants = new Set(
    [...all].filter(([id, { site }]) => site.mutants.length > 0 && !fixed.has(id)).map(([id]) => id),
  );
  for (let size = -1; size !== constants.size;) {
    size = constants.size;
    for (const [id, { uses }] of all) if ([...uses].some((used) => constants.has(used))) constants.add(id);
  }
  return { constants, fixed: new Set([...fixed].flatMap((id) => all.get(id)?.site ?? [])) };
}

function references(node: AstNode): Set<number> {
  const ids = new Set<number>();
  visit(node, (part) => {
    if (typeof part["referencedDeclaration"] === "number") ids.add(part["referencedDeclaration"]);
  });
  return ids;
}

/** Makes functions of some constants, and calls of their uses. */
function constantEdits(ast: AstNode, constants: ReadonlySet<number>): Edit[] {
  const edits: Edit[] = [];
  visit(ast, (node, path) => {
    if (isConstant(node) && constants.has(node.id)) {
      const { start, end, name } = node as AstNode & { name: string };
      const type = node["typeName"] as AstNode;
      const value = node["value"] as AstNode;
      const visibility = path.at(-1)!.nodeType === "SourceUnit" ? "" : `${node["visibility"] as string} `;
      edits.push({ start, end: type.start, text: `function ${name}() ${visibility}pure returns (` });
      edits.push({ start: type.end, end: value.start, text: ") { return " });
      edits.push({ start: value.end, end: end + 1, text: "; }" });
    } else if (isUse(node, path.at(-1)) && constants.has(node["referencedDeclaration"] as number)) {
      edits.push({ start: node.end, end: node.end, text: "()" });
    }
  });
  return edits;
}

/**
 * Whether a name stands for its value: not in an import, nor for the getter of another contract, which is called
 * already.
 */
function isUse({ nodeType, typeDescriptions }: AstNode, parent: AstNode | undefined): boolean {
  if (!/^(?:Identifier|MemberAccess)$/.test(nodeType) || parent?.nodeType === "ImportDirective") return false;
  return !(typeDescriptions as { typeString: string | null }).typeString?.startsWith("function ");
}
