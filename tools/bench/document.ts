import { readFile, writeFile } from "node:fs/promises";
import prettier from "prettier";
import { projectPath } from "../../src/setup/project.ts";

const PATH = projectPath("docs", "benchmarks.md");

const HEAD = `# Benchmarks

Written by \`./b52 bench gas --write\`, \`./b52 bench circuits --write\`, \`./b52 bench prover --write\`,
\`./b52 bench scale --write\`, \`./b52 bench large --write\` and \`./b52 bench tests --write\`, not by hand.
`;

/** Replaces one section of docs/benchmarks.md, or adds it. The page is formatted as `./b52 check` wants it. */
export async function writeSection(title: string, body: string): Promise<void> {
  const text = await readFile(PATH, "utf8").catch(() => HEAD);
  const [head, ...sections] = text.split(/^(?=## )/m) as [string, ...string[]];
  const section = `## ${title}\n\n${body.trim()}\n`;
  const others = sections
    .filter((existing) => !existing.startsWith(`## ${title}\n`))
    .map((existing) => `${existing.trim()}\n`);
  const page = [`${head.trim()}\n`, ...[section, ...others].sort()].join("\n");
  await writeFile(PATH, await prettier.format(page, { ...(await prettier.resolveConfig(PATH)), filepath: PATH }));
}

/** A Markdown table. Numbers get thousands separators. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => (typeof value === "number" ? value.toLocaleString("en") : value);
  return [header, header.map(() => "---"), ...rows.map((row) => row.map(cell))]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}
