import { readFile, writeFile } from "node:fs/promises";
import prettier from "prettier";
import { projectPath } from "../../src/setup/project.ts";

/** Replaces one section of a page in docs/, or adds it. The page is formatted as `./b52 check` wants it. */
export async function writeSection(name: string, title: string, body: string): Promise<void> {
  const path = projectPath("docs", name);
  const text = await readFile(path, "utf8");
  const [head, ...sections] = text.split(/^(?=## )/m) as [string, ...string[]];
  const section = `## ${title}\n\n${body.trim()}\n`;
  const others = sections
    .filter((existing) => !existing.startsWith(`## ${title}\n`))
    .map((existing) => `${existing.trim()}\n`);
  const page = [`${head.trim()}\n`, ...[section, ...others].sort()].join("\n");
  await writeFile(path, await prettier.format(page, { ...(await prettier.resolveConfig(path)), filepath: path }));
}

/** A Markdown table. Numbers get thousands separators. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => (typeof value === "number" ? value.toLocaleString("en") : value);
  return [header, header.map(() => "---"), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
