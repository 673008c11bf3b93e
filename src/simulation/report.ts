import { join } from "node:path";
import { replaceFile } from "../chain/replaceFile.ts";
import { projectPath } from "../setup/project.ts";
import { renderFigure } from "./figures/render.ts";
import { short, tableOf } from "./figures/tables.ts";
import { verify } from "./oracles.ts";
import { configOf, planOf, ROOT_SEED } from "./run/plan.ts";
import { folderOf, sweep } from "./run/sweep.ts";
import type { Scenario } from "./scenario.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { describeSearch } from "./search/finding.ts";
import { MOST } from "./search/rivals.ts";
import { searchAll } from "./search/searchAll.ts";
import { MEASURE_DRAWS, SEARCH_DRAWS } from "./search/searchOutsider.ts";

export interface ReportOptions {
  readonly workers: number;
  /** Of the sweeps' results: what is there already is not simulated again. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

export interface Report {
  /** Paths from the top of the project. */
  readonly files: readonly string[];
}

const PAGE = "docs/modelling-results.md";
const FIGURES = "docs/figures";

/** Simulates everything from the root seed, and writes the page of tables with its figures. */
export async function writeReport({ workers, folder, signal, note }: ReportOptions): Promise<Report> {
  const files: string[] = [];
  const sections: string[] = [];
  for (const scenario of SCENARIOS) {
    signal?.throwIfAborted();
    note(`${scenario.number} ${scenario.name}`);
    const config = configOf(scenario, { isSweep: true });
    const results = folderOf(folder, planOf(scenario, config));
    const { summary } = await sweep(scenario, config, { workers, folder: results, signal, note });
    for (const figure of scenario.figures)
      files.push(...(await renderFigure(projectPath(FIGURES), figure, summary!)).map((name) => `${FIGURES}/${name}`));
    sections.push(sectionOf(scenario, config.runs, tableOf(scenario, summary!)));
  }
  note("search");
  const found = await searchAll({ workers, signal, note });
  const page = [HEAD, ...sections, searchSection(describeSearch(found)), oracleSection()].join("\n\n");
  await replaceFile(projectPath(PAGE), [await formatted(page)]);
  return { files: [PAGE, ...files] };
}

const HEAD = `# Results of the model

Written by \`./b52 simulate report\`, not by hand, from the seed \`${ROOT_SEED}\`. [modelling.md](modelling.md) has the
argument. A number behind ± is half of the 95 % interval of a mean; without one, nothing is random. Figures have their
data beside them, in a CSV file of the same name.`;

function sectionOf({ number, name, ...scenario }: Scenario, runs: number, table: string): string {
  const { question, proposal, agents, expected, parameters, dimensions, metrics, figures } = scenario;
  const list = (entries: Readonly<Record<string, string>>): string =>
    Object.entries(entries)
      .map(([key, what]) => `\`${key}\` ${what}`)
      .join("; ");
  const values = Object.entries(parameters).map(
    ([key, { what, base, sweep }]) => `| ${key} | ${what} | ${(sweep ?? [base]).map(short).join(", ")} |`,
  );
  return [
    `## ${number}. ${question}`,
    `Scenario \`${name}\`, ${runs} ${runs === 1 ? "run" : "runs"} of each case. In the proposal: ${proposal}.`,
    `**Agents.** ${agents}`,
    `**Expected.** ${expected}`,
    ["| parameter | meaning | values |", "| --- | --- | --- |", ...values].join("\n"),
    `**Metrics.** ${list({ ...dimensions, ...metrics })}.`,
    ...figures.map((figure) => `![${figure.title}](figures/${figure.name}.svg)`),
    table,
  ].join("\n\n");
}

const searchSection = (table: string): string => `## What an adversary finds

Cross-entropy over everything that a proposer with seats and provers of its own can do over two heights, and over what
provers do who have voted for two blocks; on the shipped rules to the last wei. Rivals that see a higher promise than
their own stay, leave, or raise their bids up to ${MOST} tokens. What pays is left out in a search of its own, until
nothing pays: the last row of a game says so. Under a race plans are judged by ${SEARCH_DRAWS} draws, and what they are
worth is measured with ${MEASURE_DRAWS} others. 2,047 slots are played with 127, of which as many provers hold all.
Tokens.

${table}`;

function oracleSection(): string {
  const rows = verify().map(
    ({ name, expected, simulated, tolerance, holds }) =>
      `| ${name} | ${short(expected)} | ${short(simulated)} | ${tolerance} | ${holds ? "yes" : "**no**"} |`,
  );
  const head = ["| closed form | expected | simulated | within | holds |", "| --- | --- | --- | --- | --- |"];
  return `## What theory says\n\n${[...head, ...rows].join("\n")}`;
}

async function formatted(page: string): Promise<string> {
  const prettier = await import("prettier");
  const filepath = join(projectPath(), PAGE);
  return prettier.format(page, { ...(await prettier.resolveConfig(filepath)), filepath });
}
