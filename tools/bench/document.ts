import { readFile, writeFile } from "node:fs/promises";
import prettier from "prettier";
import { projectPath } from "../../src/setup/project.ts";

/** Writes one section of a page in docs/. The page is formatted as `./b52 check` wants it. */
export async function writeSection(name: string, title: string, body: string): Promise<void> {
  const path = projectPath("docs", name);
  const page = withSection(await readPage(name), title, body);
  await writeFile(path, await prettier.format(page, { ...(await prettier.resolveConfig(path)), filepath: path }));
}

/** A page with this section, where it was; or, if it is new, before the first that follows it in the alphabet. */
export function withSection(page: string, title: string, body: string): string {
  const heading = `## ${title}\n`;
  const [head, ...sections] = page.split(/^(?=## )/m).map((part) => `${part.trim()}\n`) as [string, ...string[]];
  const old = sections.findIndex((section) => section.startsWith(heading));
  const next = sections.findIndex((section) => section > heading);
  const place = old >= 0 ? old : next >= 0 ? next : sections.length;
  return [head, ...sections.toSpliced(place, old >= 0 ? 1 : 0, `${heading}\n${body.trim()}\n`)].join("\n");
}

/** A row of a table: by column, the cell as it is written. */
export type Row = Readonly<Record<string, string>>;

/** What a page says under a heading; empty if it has no such heading. */
export const sectionOf = (page: string, title: string): string =>
  page.split(/^(?=## )/m).find((text) => text.startsWith(`## ${title}\n`)) ?? "";

/** The rows of the first table of a section; none where there is no table. */
export function rowsOf(section: string): Row[] {
  const lines = section.split("\n");
  const start = lines.findIndex((line) => line.startsWith("|"));
  if (start < 0) return [];
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  const [header, _rule, ...rows] = lines.slice(start, length < 0 ? undefined : start + length).map(cellsOf);
  return rows.map((cells) => Object.fromEntries(header!.map((column, i) => [column, cells[i]!])));
}

const cellsOf = (line: string): string[] =>
  line
    .slice(1, line.lastIndexOf("|"))
    .split("|")
    .map((cell) => cell.trim());

/** The paragraph of a section that begins with these words, on one line; empty if there is none. */
export function paragraphOf(section: string, beginning: string): string {
  const paragraphs = section.split("\n\n").map((text) => text.trim().replaceAll("\n", " "));
  return paragraphs.find((text) => text.startsWith(beginning)) ?? "";
}

/** A page in docs/. */
export const readPage = (name: string): Promise<string> => readFile(projectPath("docs", name), "utf8");

/** A Markdown table. Numbers get thousands separators. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => (typeof value === "number" ? value.toLocaleString("en") : value);
  return [header, header.map(() => "---"), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
