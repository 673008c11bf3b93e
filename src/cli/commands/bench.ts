import { Command, Option } from "commander";
import { PROFILES, type ProfileName } from "../../protocol/profile.ts";
import { contractsStep } from "../../setup/contracts.ts";
import type { CommandContext } from "../context.ts";
import { jsonOption, parseCount, profileOption } from "../options.ts";
import { callerPath } from "../paths.ts";
import { createOutput } from "../output.ts";
import { runPending } from "../progress.ts";

interface BenchFlags {
  readonly json?: true;
  readonly write?: true;
}

const writeOption = (page = "docs/benchmarks.md"): Option => new Option("--write", `put the figures into ${page}`);

export const benchCommand = (context: CommandContext): Command =>
  new Command("bench")
    .description("Measure what things cost.")
    .addCommand(gasCommand(context))
    .addCommand(circuitsCommand(context))
    .addCommand(scaleCommand(context))
    .addCommand(largeCommand(context))
    .addCommand(proverCommand(context))
    .addCommand(networkCommand(context))
    .addCommand(attacksCommand(context))
    .addCommand(simulateCommand(context))
    .addCommand(testsCommand(context));

const gasCommand = ({ signal }: CommandContext): Command =>
  new Command("gas")
    .description("L1 gas of every transaction, and of one L2 transaction.")
    .addOption(jsonOption())
    .addOption(writeOption())
    .action(async (flags: BenchFlags) => {
      const output = createOutput(flags.json === true);
      await runPending([contractsStep], signal);
      const { benchGas } = await import("../../../tools/bench/gas.ts");
      const { describeGas } = await import("../../../tools/bench/gasDocument.ts");
      const bench = await benchGas({ signal, note: output.note });
      await publish("Gas", describeGas(bench), bench.report, flags);
    });

const scaleCommand = ({ signal }: CommandContext): Command =>
  new Command("scale")
    .description(
      "L1 gas of a block of 16,384 transfers under 2,047 proofs, sent in parts, and that it grows in a straight line.",
    )
    .addOption(jsonOption())
    .addOption(writeOption())
    .action(async (flags: BenchFlags) => {
      const output = createOutput(flags.json === true);
      await runPending([contractsStep], signal);
      const { benchScale } = await import("../../../tools/bench/scale.ts");
      const { describeScale } = await import("../../../tools/bench/scaleDocument.ts");
      const report = await benchScale({ signal, note: output.note });
      await publish("Scale", describeScale(report), report, flags);
    });

const circuitsCommand = ({ signal }: CommandContext): Command =>
  new Command("circuits")
    .description("Constraints of every circuit of a profile, and of one more transfer, L1 operation, claim and vote.")
    .addOption(profileOption("dev"))
    .addOption(jsonOption())
    .addOption(writeOption())
    .action(async (flags: BenchFlags & { profile: ProfileName }) => {
      const output = createOutput(flags.json === true);
      const { benchCircuits } = await import("../../proving/benchCircuits.ts");
      const { describeCircuits } = await import("../../../tools/bench/circuitsDocument.ts");
      const { BUILD_DIR } = await import("../../setup/profileBuild.ts");
      const bench = await benchCircuits(PROFILES[flags.profile], {
        buildDir: BUILD_DIR,
        signal,
        onProgress: ({ name, state, constraints }) =>
          output.note(`${name} ${state}${constraints ? `: ${constraints} constraints` : ""}`),
      });
      await publish("Circuits", describeCircuits(bench), bench, flags);
    });

const largeCommand = ({ signal }: CommandContext): Command =>
  new Command("large")
    .description(
      "Compile, key and prove a whole block with 64 transfers a base node (a quarter of an hour or more, 8 GB of " +
        "memory).",
    )
    .addOption(jsonOption())
    .addOption(writeOption())
    .action(async (flags: BenchFlags) => {
      const output = createOutput(flags.json === true);
      const { benchLarge } = await import("../../../tools/bench/large.ts");
      const { describeLarge } = await import("../../../tools/bench/largeDocument.ts");
      const { BUILD_DIR } = await import("../../setup/profileBuild.ts");
      const bench = await benchLarge({ buildDir: BUILD_DIR, signal, note: output.note });
      await publish("A large block", describeLarge(bench), bench, flags);
    });

const proverCommand = ({ signal }: CommandContext): Command =>
  new Command("prover")
    .description("CPU time of proofs by the kernels and by snarkjs, in turn.")
    .addOption(
      new Option("--rounds <count>", "proofs of each circuit by each of them").argParser(parseCount).default(5),
    )
    .addOption(new Option("--rapidsnark <path>", "a rapidsnark binary to measure, too").argParser(callerPath))
    .option("--no-mid", "without the circuit of over 100,000 constraints, which takes minutes to compile")
    .addOption(jsonOption())
    .addOption(writeOption())
    .action(async (flags: BenchFlags & { rounds: number; mid: boolean; rapidsnark?: string }) => {
      const output = createOutput(flags.json === true);
      const { benchProver } = await import("../../../tools/bench/prover.ts");
      const { describeProver } = await import("../../../tools/bench/proverDocument.ts");
      const { BUILD_DIR } = await import("../../setup/profileBuild.ts");
      const { rounds, mid, rapidsnark } = flags;
      const bench = await benchProver({ buildDir: BUILD_DIR, rounds, mid, rapidsnark, signal, note: output.note });
      const title = "Proving";
      await publish(title, describeProver(bench, await writtenBefore(title, flags)), bench, flags);
    });

const networkCommand = ({ signal }: CommandContext): Command =>
  new Command("network")
    .description("What gossip costs a node, and how fast votes are everywhere in a network of 50.")
    .addOption(jsonOption())
    .addOption(writeOption())
    .action(async (flags: BenchFlags) => {
      const output = createOutput(flags.json === true);
      const { benchNetwork } = await import("../../../tools/bench/network.ts");
      const { describeNetwork } = await import("../../../tools/bench/networkDocument.ts");
      const bench = await benchNetwork({ signal, note: output.note });
      await publish("The network", describeNetwork(bench), bench.report, flags);
    });

const attacksCommand = ({ signal }: CommandContext): Command =>
  new Command("attacks")
    .description("Play every known attack on an in-process chain: what it costs, and what it brings.")
    .addOption(jsonOption())
    .addOption(writeOption("docs/attacks.md"))
    .action(async (flags: BenchFlags) => {
      const output = createOutput(flags.json === true);
      await runPending([contractsStep], signal);
      const { benchAttacks } = await import("../../../tools/bench/attacks.ts");
      const { describeAttacks } = await import("../../../tools/bench/attacksDocument.ts");
      const bench = await benchAttacks({ signal, note: output.note });
      await publish("Figures", describeAttacks(bench), bench.report, flags, "attacks.md");
    });

const simulateCommand = ({ signal }: CommandContext): Command =>
  new Command("simulate")
    .description("Rounds a second of the model, and what a second worker brings.")
    .addOption(jsonOption())
    .addOption(writeOption())
    .action(async (flags: BenchFlags) => {
      const output = createOutput(flags.json === true);
      const { benchSimulate, describeSimulate } = await import("../../../tools/bench/simulate.ts");
      const report = await benchSimulate({ signal, note: output.note });
      await publish("The model", describeSimulate(report), report, flags);
    });

/** As `TEST_FIGURES` in tools/bench/tests.ts, which is loaded when it is needed. */
const FIGURES = ["demoBare", "default", "oneFile", "all"] as const;

const testsCommand = ({ signal }: CommandContext): Command =>
  new Command("tests")
    .description("How long tests and a first demo take, in a clone of the last commit (most of an hour).")
    .addOption(new Option("--only <figure...>", "some of them").choices(FIGURES).default(FIGURES, "all of them"))
    .addOption(jsonOption())
    .addOption(writeOption())
    .action(async (flags: BenchFlags & { only: (typeof FIGURES)[number][] }) => {
      const output = createOutput(flags.json === true);
      const { benchTests } = await import("../../../tools/bench/tests.ts");
      const { describeTests } = await import("../../../tools/bench/testsDocument.ts");
      const bench = await benchTests(flags.only, { signal, note: output.note });
      const title = "Tests and the first run";
      await publish(title, describeTests(bench, await writtenBefore(title, flags)), bench.report, flags);
    });

/** What the page says already, of which a bench keeps what it has not measured; empty where it writes nothing. */
async function writtenBefore(title: string, { write }: BenchFlags): Promise<string> {
  if (!write) return "";
  const { readPage, sectionOf } = await import("../../../tools/bench/document.ts");
  return sectionOf(await readPage("benchmarks.md"), title);
}

async function publish(
  title: string,
  description: string,
  report: unknown,
  { json, write }: BenchFlags,
  page = "benchmarks.md",
): Promise<void> {
  const output = createOutput(json === true);
  output.print(description);
  if (write) {
    const { writeSection } = await import("../../../tools/bench/document.ts");
    await writeSection(page, title, description);
  }
  output.result(report);
}
