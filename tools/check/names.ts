import { dirname, join, normalize } from "node:path/posix";
import { parentsOf } from "./links.ts";
import { type Block, readPage, spansOf } from "./markdown.ts";
import type { Fault, Repository } from "./repository.ts";

/** Folders that set-up makes and git ignores. */
const GENERATED = /^(build|artifacts|cache|node_modules|typechain-types|coverage|\.b52|deploy\/deployments)\b/;
const PATH = /^(?:\.{1,2}\/)*[\w.*-]+(?:\/[\w.*-]+)*\/?$/;
const EXTENSION = /\.(ts|js|sol|circom|json|md|tree|yml)$/;
const TEST_FILE = /\.(test\.ts|t\.sol)$/;

/**
 * Names in Markdown pages that nothing has: files and folders, tests, and commands of `./b52`.
 *
 * - A code span with a slash or a known ending is a path: from the top of the project, from the page's folder, or the
 *   end of one path at least. `*` stands for any characters.
 * - A code span that begins with `test`, `testFuzz` or `invariant` and `_` is a function of a Solidity test, one that
 *   ends with `Test` a contract of one. If a file was named before in the same paragraph or cell, it is in that file.
 * - Text in double quotes inside parentheses behind a test file or folder is the title of a test there, or a part of
 *   it; a number there begins the message of an assertion.
 * - What follows `./b52` in code is a command.
 * @param commands the names of commands, those of sub-commands behind their command's and a space
 */
export function checkNames(repository: Repository, commands: ReadonlySet<string>): Fault[] {
  const tests = new Tests(repository);
  return repository.files
    .filter((file) => file.endsWith(".md") && file !== "CHANGELOG.md")
    .flatMap((file) =>
      readPage(repository.read(file)).blocks.flatMap((block) => [
        ...faultsOfNames(file, block, repository, tests),
        ...faultsOfCommands(file, block, commands),
      ]),
    );
}

function faultsOfNames(file: string, block: Block, { files }: Repository, tests: Tests): Fault[] {
  const faults: Fault[] = [];
  let named: readonly string[] = [];
  for (const { text, after, line } of spansOf(block)) {
    const fault = (message: string): void => void faults.push({ file, line, message });
    if (isPath(text)) {
      const found = GENERATED.test(text) ? [text] : pathsOf(text, file, files);
      if (found.length === 0) fault(`names ${text}, expected a file or folder of the repository`);
      named = found.filter((path) => TEST_FILE.test(path) || path.endsWith(".sol"));
      const [, inParentheses = ""] = /^\s*\(([^)]*)\)/.exec(after) ?? [];
      if (found.length > 0) {
        for (const [, title] of inParentheses.matchAll(/"([^"]+)"/g))
          if (!tests.haveTitle(named, title!)) fault(`names the test "${title!}", expected one in ${text}`);
        const numbers = text.includes("invariants") ? inParentheses.matchAll(/(?<![\w.,])(\d+)(?![\w.])/g) : [];
        for (const [, number] of numbers)
          if (!tests.haveMessage(named, number!)) fault(`names invariant ${number!}, expected one in ${text}`);
      }
    } else if (/^(test|testFuzz|invariant)_\w+$/.test(text)) {
      if (!tests.haveFunction(named, text)) fault(`names the test ${text}, expected a function of a Solidity test`);
    } else if (/^[A-Z]\w*Test$/.test(text) && !tests.haveContract(text)) {
      fault(`names the test ${text}, expected a contract of a Solidity test`);
    }
  }
  return faults;
}

function isPath(span: string): boolean {
  return PATH.test(span) && (EXTENSION.test(span) || (span.includes("/") && /[a-z]/i.test(span)));
}

/** The files that a name may stand for: of a folder all that it holds. */
function pathsOf(name: string, page: string, files: readonly string[]): string[] {
  const isFolder = name.endsWith("/");
  const parts = name.replace(/^\.\//, "").replace(/\/$/, "");
  const relative = normalize(join(dirname(page), parts));
  const pattern = (path: string): string => path.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*");
  const behind = isFolder ? "/" : "(?:/|$)";
  const isExact = new RegExp(`^(?:${pattern(parts)}|${pattern(relative)})${behind}`);
  const exact = files.filter((file) => isExact.test(file));
  // What begins with a folder at the top is there and nowhere else.
  const isAtTop = parts.includes("/") && files.some((file) => parentsOf(file)[1] === parts.split("/")[0]);
  if (exact.length > 0 || isAtTop || name.startsWith(".")) return exact;
  const isEnd = new RegExp(`/${pattern(parts)}${behind}`);
  return files.filter((file) => isEnd.test(file));
}

/** What tests are called. */
class Tests {
  readonly #files: readonly string[];
  readonly #texts = new Map<string, string>();
  readonly #read: (file: string) => string;

  constructor({ files, read }: Repository) {
    this.#files = files.filter((file) => /^test\/.*\.(ts|sol)$/.test(file));
    this.#read = read;
  }

  haveTitle(files: readonly string[], title: string): boolean {
    const wanted = normal(title);
    return files.some((file) =>
      titlesOf(this.#text(file)).some((found) => normal(found).includes(wanted) || wildcard(found).test(wanted)),
    );
  }

  /** An assertion's message, or a comment, that begins with the number of an invariant. */
  haveMessage(files: readonly string[], number: string): boolean {
    return files.some((file) => new RegExp(`"${number}: `).test(this.#text(file)));
  }

  haveFunction(files: readonly string[], name: string): boolean {
    const among = files.length > 0 ? files : this.#files;
    return among.some((file) => new RegExp(`\\bfunction ${name}\\b`).test(this.#text(file)));
  }

  haveContract(name: string): boolean {
    return this.#files.some((file) => new RegExp(`\\bcontract ${name}\\b`).test(this.#text(file)));
  }

  #text(file: string): string {
    const text = this.#texts.get(file) ?? this.#read(file);
    this.#texts.set(file, text);
    return text;
  }
}

/** Where a word begins inside a name. */
const NEXT_WORD = /(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g;

/** Titles of mocha tests and suites; names of Solidity tests as words. */
function titlesOf(text: string): string[] {
  const mocha = [...text.matchAll(/\b(?:it|describe)(?:\.\w+)?\(\s*(["'`])((?:\\.|(?!\1).)*)\1/gs)];
  const solidity = [...text.matchAll(/\bfunction (?:test|testFuzz|invariant)_(\w+)/g)];
  return [
    ...mocha.map(([, , title]) => title!),
    ...solidity.map(([, name]) => name!.replaceAll("_", " ").replace(NEXT_WORD, " ")),
  ];
}

const normal = (text: string): string => text.toLowerCase().replace(/\s+/g, " ").trim();

/** A title with `${}` in it stands for many; it needs words of its own, or it would stand for all. */
function wildcard(title: string): RegExp {
  const fixed = normal(title.replace(/\$\{[^}]*\}/g, "\0"));
  if (!fixed.includes("\0") || fixed.replaceAll("\0", "").trim().length < 8) return /$^/;
  return new RegExp(`^${fixed.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("\0", ".+")}$`);
}

function faultsOfCommands(file: string, block: Block, commands: ReadonlySet<string>): Fault[] {
  const code = block.isCode ? [block] : spansOf(block);
  return code.flatMap(({ text, line }) =>
    [...text.matchAll(/\.\/b52 ([a-z][a-z-]*)(?: ([a-z]+))?/g)].flatMap(({ 1: command, 2: sub, index }) => {
      const hasSubs = [...commands].some((name) => name.startsWith(`${command} `));
      const name = hasSubs && sub !== undefined ? `${command} ${sub}` : command!;
      if (commands.has(name)) return [];
      const at = line + (block.isCode ? text.slice(0, index).split("\n").length - 1 : 0);
      return [{ file, line: at, message: `names the command ./b52 ${name}, expected one that ./b52 --help lists` }];
    }),
  );
}
