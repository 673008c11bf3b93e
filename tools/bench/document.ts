import { readFile, writeFile } from "node:fs/promises";
import prettier from "prettier";
import { projectPath } from "../../src/setup/project.ts";

/** Replaces one section of a page in docs/, or adds it. The page is formatted as `./b52 check` wants it. */
export async function writeSection(name: string, title: string, body: string): Promise<void> {
  const path = projectPath("docs", name);
  const text = await readPage(name);
  const [head, ...sections] = text.split(/^(?=## )/m) as [string, ...string[]];
  const section = `## ${title}\n\n${body.trim()}\n`;
  const others = sections
    .filter((existing) => !existing.startsWith(`## ${title}\n`))
    .map((existing) => `${existing.trim()}\n`);
  const page = [`${head.trim()}\n`, ...[section, ...others].sort()].join("\n");
  await writeFile(path, await prettier.format(page, { ...(await prettier.resolveConfig(path)), filepath: path }));
}

/** The rows of the first table under a heading of a page, each cell as it is written; none where there is no table. */
export function rowsUnder(page: string, title: string): string[][] {
  const section = page.split(/^(?=## )/m).find((text) => text.startsWith(`## ${title}\n`)) ?? "";
  const lines = section.split("\n");
  const start = lines.findIndex((line) => line.startsWith("|"));
  const length = lines.slice(start).findIndex((line) => !line.startsWith("|"));
  const rows = start < 0 ? [] : lines.slice(start, length < 0 ? undefined : start + length);
  // Above the rows are the names of the columns and a rule.
  return rows.slice(2).map((line) =>
    line
      .slice(1, line.lastIndexOf("|"))
      .split("|")
      .map((cell) => cell.trim()),
  );
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
