import { Command } from "commander";
import { projectPath } from "../../setup/project.ts";
import { makeFolder } from "../../chain/folders.ts";
import { configOf, planOf, RUNS_OF_A_UNIT } from "../../simulation/run/plan.ts";
import { placesOf, short, wholeTableOf } from "../../simulation/figures/tables.ts";
import { execute } from "../../simulation/run/execute.ts";
import { observationsOf, summaryOf } from "../../simulation/run/summary.ts";
import type { UnitResult } from "../../simulation/run/runUnit.ts";
import { folderOf, mergeShards, sweep } from "../../simulation/run/sweep.ts";
import type { Config, Shard } from "../../simulation/run/plan.ts";
import { describeRange } from "../../simulation/range.ts";
import type { Scenario, SummaryRow } from "../../simulation/scenario.ts";
import { SCENARIOS, scenarioOf } from "../../simulation/scenarios/index.ts";
import type { CommandContext } from "../context.ts";
import { jsonOption } from "../options.ts";
import { createOutput, type Output, plural } from "../output.ts";
import { callerPath } from "../paths.ts";
import { EXIT } from "../report.ts";
import { type CaseFlags, caseOptions, mergeFlags, outOption, shardOption, workersOption } from "../simulateOptions.ts";

interface JsonFlag {
  readonly json?: true;
}

interface SweepFlags extends CaseFlags, JsonFlag {
  readonly workers: number;
  readonly shard?: Shard;
  readonly out?: string;
}

const RESULTS = (): string => projectPath("build", "simulation");
/** Runs of `mc`, unless it is told. */
const MANY = 1_000;

export const simulateCommand = (context: CommandContext): Command => {
  const command = new Command("simulate").description(
    "Model the mechanism: the proposal's open questions, in numbers.",
  );
  for (const create of [list, run, mc, sweepCommand, merge, plot, search, verifyCommand, report])
    command.addCommand(create(context));
  return command;
};

const list = (): Command =>
  new Command("list")
    .description("The questions, their parameters and metrics.")
    .addOption(jsonOption())
    .action(({ json }: JsonFlag) => {
      const output = createOutput(json === true);
      output.print("Parameters are shown as name=base (what a sweep gives them); metrics behind an arrow.");
      for (const scenario of SCENARIOS) {
        const { number, name, question, parameters } = scenario;
        output.print(`${String(number).padStart(2)} ${name}: ${question}`);
        for (const [key, parameter] of Object.entries(parameters)) {
          const { what, base, sweep: values } = parameter;
          const range = "range" in parameter ? `; ${describeRange(parameter.range)}` : "";
          output.print(`     ${key}=${base}${values ? ` (${values.join(", ")})` : ""}: ${what}${range}`);
        }
        for (const line of meaningsOf(scenario)) output.print(`     -> ${line}`);
      }
      output.result(SCENARIOS.map(({ figures, ...rest }) => ({ ...rest, figures: figures.map(({ name }) => name) })));
    });

const caseCommand = (name: string, what: string): Command => {
  const command = new Command(name).description(what).argument("<scenario>", "its name or number");
  for (const option of caseOptions()) command.addOption(option);
  return command.addOption(workersOption()).addOption(jsonOption());
};

const run = ({ signal }: CommandContext): Command =>
  caseCommand("run", "Simulate one case: base values, and what --set says.").action((name: string, flags: SweepFlags) =>
    simulateCase(name, flags, signal, (scenario, rows, output) => output.print(wholeTableOf(scenario, rows))),
  );

const mc = ({ signal }: CommandContext): Command =>
  caseCommand("mc", `Simulate one case many times (${MANY}): mean, 95 % interval, quantiles.`).action(
    (name: string, flags: SweepFlags) =>
      simulateCase(name, { ...flags, runs: flags.runs ?? flags.config?.runs ?? MANY }, signal, (_, rows, output) => {
        const { columns } = placesOf(rows);
        output.print("| where | metric | n | mean | 95 % | 5 % | 25 % | 50 % | 75 % | 95 % |");
        output.print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        for (const { place, metric, n, mean, low, high, q05, q25, q50, q75, q95 } of rows)
          output.print(
            `| ${whereOf(columns, place)} | ${metric} | ${n} | ${short(mean)} | ${short(low)} to ${short(high)} | ` +
              `${[q05, q25, q50, q75, q95].map(short).join(" | ")} |`,
          );
      }),
  );

const whereOf = (columns: readonly string[], place: SummaryRow["place"]): string =>
  columns.map((name) => `${name} ${place[name]}`).join(", ");

/** What the columns of a scenario's tables mean. */
const meaningsOf = ({ dimensions, metrics }: Scenario): string[] =>
  Object.entries({ ...dimensions, ...metrics }).map(([name, what]) => `${name}: ${what}`);

/** The values of a run's parameters, as `--set` takes them. */
const valuesOf = ({ values }: Config): string =>
  Object.entries(values)
    .map(([name, all]) => `${name}=${all.join(",")}`)
    .join("  ");

async function simulateCase(
  name: string,
  flags: SweepFlags,
  signal: AbortSignal,
  show: (scenario: Scenario, rows: readonly SummaryRow[], output: Output) => void,
): Promise<void> {
  const output = createOutput(flags.json === true);
  const scenario = scenarioOf(name);
  const { seed, runs, set = {} } = mergeFlags(flags);
  const plan = planOf(scenario, configOf(scenario, { seed, runs, isSweep: false, sets: set }));
  const results: UnitResult[] = [];
  await execute(plan, plan.units, {
    workers: plan.units.length === 1 ? 1 : flags.workers,
    signal,
    onUnit: (result) => void results.push(result),
  });
  const rows = summaryOf(scenario, observationsOf(plan, results));
  output.print(`${scenario.question} (${plural(plan.config.runs, "run")}, seed ${plan.config.seed})`);
  output.print(`${valuesOf(plan.config)}\n`);
  for (const reason of plan.leftOut) output.print(`left out: ${reason}`);
  show(scenario, rows, output);
  output.print(`\n${meaningsOf(scenario).join("\n")}`);
  output.result({ config: plan.config, configHash: plan.hash, summary: rows });
}

const sweepCommand = ({ signal }: CommandContext): Command =>
  caseCommand("sweep", "Simulate all cases of a scenario, or those that --set names, into CSV files.")
    .addOption(shardOption())
    .addOption(outOption("of the results (default: one for each configuration in build/simulation)"))
    .action(async (name: string, flags: SweepFlags) => {
      const output = createOutput(flags.json === true);
      const scenario = scenarioOf(name);
      const { seed, runs, set = {} } = mergeFlags(flags);
      const config = configOf(scenario, { seed, runs, isSweep: true, sets: set });
      const plan = planOf(scenario, config);
      const folder = flags.out ?? folderOf(RESULTS(), plan);
      const { workers, shard } = flags;
      const done = await sweep(scenario, config, { workers, folder, shard, signal, note: output.note });
      for (const reason of plan.leftOut) output.note(`left out: ${reason}`);
      const all = plural(plan.units.length, "unit");
      output.print(`${all} of up to ${RUNS_OF_A_UNIT} runs of a case; ${done.added} simulated now, in ${folder}`);
      output.print(
        done.summary
          ? "all are there: observations.csv and summary.csv have them"
          : "this shard is done; others are not",
      );
      const { added } = done;
      output.result({ folder, units: plan.units.length, added, isComplete: done.summary !== undefined });
    });

const merge = (): Command =>
  new Command("merge")
    .description("Put the results of shards together.")
    .argument("<folders...>", "of the shards")
    .requiredOption("--out <folder>", "for all of them", callerPath)
    .addOption(jsonOption())
    .action(async (folders: string[], { out, json }: { out: string } & JsonFlag) => {
      const output = createOutput(json === true);
      await mergeShards(scenarioOf, folders.map(callerPath), out);
      output.print(`${out}: whole`);
      output.result({ folder: out, isComplete: true });
    });

const plot = ({ signal }: CommandContext): Command =>
  caseCommand("plot", "Draw a scenario's figures from its sweep, which is simulated if it is not there.")
    .addOption(outOption("of the figures (default: build/simulation/figures)"))
    .action(async (name: string, flags: SweepFlags) => {
      const output = createOutput(flags.json === true);
      const scenario = scenarioOf(name);
      const { seed, runs, set = {} } = mergeFlags(flags);
      const config = configOf(scenario, { seed, runs, isSweep: true, sets: set });
      const folder = folderOf(RESULTS(), planOf(scenario, config));
      const out = flags.out ?? projectPath("build", "simulation", "figures");
      await makeFolder(out);
      const { summary } = await sweep(scenario, config, { workers: flags.workers, folder, signal, note: output.note });
      const { renderFigure } = await import("../../simulation/figures/render.ts");
      const files: string[] = [];
      for (const figure of scenario.figures) files.push(...(await renderFigure(out, figure, summary!)));
      output.print(files.map((file) => `${out}/${file}`).join("\n"));
      output.result({ folder: out, files });
    });

const search = ({ signal }: CommandContext): Command =>
  new Command("search")
    .description("Let an adversary look for what pays under the shipped rules and their variants, by cross-entropy.")
    .addOption(caseOptions().at(-1)!)
    .addOption(workersOption())
    .addOption(jsonOption())
    .action(async ({ json, seed, workers }: CaseFlags & JsonFlag & { workers: number }) => {
      const output = createOutput(json === true);
      const { searchAll } = await import("../../simulation/search/searchAll.ts");
      const { describeSearch } = await import("../../simulation/search/finding.ts");
      const found = await searchAll({ seed, workers, signal, note: output.note });
      output.print(describeSearch(found));
      output.result(found);
    });

const verifyCommand = (): Command =>
  new Command("verify")
    .description("Hold the simulations against closed forms; exits with 1 if one misses.")
    .addOption(jsonOption())
    .action(async ({ json }: JsonFlag) => {
      const output = createOutput(json === true);
      const { verify } = await import("../../simulation/oracles.ts");
      const verdicts = verify();
      for (const { name, expected, simulated, tolerance, holds } of verdicts) {
        const found = `expected ${short(expected)}, simulated ${short(simulated)} (${tolerance})`;
        output.print(`${holds ? "ok  " : "MISS"} ${name}: ${found}`);
      }
      const holds = verdicts.every((verdict) => verdict.holds);
      output.result({ holds, verdicts });
      if (!holds) process.exitCode = EXIT.failed;
    });

const report = ({ signal }: CommandContext): Command =>
  new Command("report")
    .description("Regenerate every table and figure of docs/modelling-results.md from the seed.")
    .addOption(workersOption())
    .addOption(jsonOption())
    .action(async ({ json, workers }: JsonFlag & { workers: number }) => {
      const output = createOutput(json === true);
      const { writeReport } = await import("../../simulation/report.ts");
      const written = await writeReport({ workers, folder: RESULTS(), signal, note: output.note });
      output.print(written.files.join("\n"));
      output.result(written);
    });
