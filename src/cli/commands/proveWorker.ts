import { Command, InvalidArgumentError, Option } from "commander";
import type { EngineChoice } from "../../proving/engineChoice.ts";
import { MalformedError } from "../../protocol/errors.ts";
import { PROFILES, type ProfileName } from "../../protocol/profile.ts";
import type { CommandContext } from "../context.ts";
import { parseCount, profileOption, proverOption } from "../options.ts";
import { createOutput, plural } from "../output.ts";
import { callerPath } from "../paths.ts";
import { setUp } from "../setup.ts";

interface WorkerFlags {
  readonly queue: string;
  readonly key: string;
  readonly provers: readonly string[];
  readonly profile: ProfileName;
  readonly threads: number;
  readonly patience: number;
  readonly prover?: EngineChoice;
}

export const proveWorkerCommand = ({ signal }: CommandContext): Command =>
  new Command("prove-worker")
    .description(
      "Make proofs for provers on other machines, which hand them over through Redis. Whoever runs a worker can read " +
        "the scalar of the provers that list it, and so sign votes in their names: run your own.",
    )
    .addOption(
      new Option("--queue <url>", "the Redis of the provers: redis:// or rediss://, best with a password")
        .env("B52_QUEUE")
        .argParser(parseQueue),
    )
    .addOption(
      new Option("--key <file>", "the key that provers list this worker by, see `b52 prove-worker key`").argParser(
        callerPath,
      ),
    )
    .addOption(
      new Option("--provers <keys>", "keys of the provers to work for, with commas between them").argParser(parseKeys),
    )
    .addOption(profileOption("dev"))
    .addOption(new Option("--threads <n>", "proofs at a time").argParser(parseCount).default(2))
    .addOption(
      new Option("--patience <seconds>", "after so long without a sign of a worker its job is another one's")
        .argParser(parseCount)
        .default(10),
    )
    .addOption(proverOption())
    .addCommand(keyCommand())
    .action(async (flags: WorkerFlags, command: Command) => {
      // Mandatory options would be asked of `key`, too.
      for (const { flags: usage, attributeName } of command.options.slice(0, 3).map(nameOf))
        if (!(attributeName in flags)) command.error(`error: required option '${usage}' not specified`);
      await setUp({ profiles: [flags.profile], signal });
      await work(flags, signal);
    });

const nameOf = (option: Option) => ({ flags: option.flags, attributeName: option.attributeName() });

const keyCommand = (): Command =>
  new Command("key")
    .description("Show the public key of a worker or a prover on the queue; a key is made if the file is missing.")
    .argument("<file>", "where the key is", callerPath)
    .action(async (file: string) => {
      const { TransportKey } = await import("../../proving/queue/transportKey.ts");
      createOutput(false).print((await TransportKey.ofFile(file)).publicKey);
    });

async function work(flags: WorkerFlags, signal: AbortSignal): Promise<void> {
  const { queue, provers, profile: name, threads, patience, prover: engine } = flags;
  const output = createOutput(false);
  const [{ redisPlace, runProveWorker, TransportKey }, { realProver }, { loadProfileBuild }] = await Promise.all([
    import("../../proving/queue/index.ts"),
    import("../../sim/realProver.ts"),
    import("../../setup/profileBuild.ts"),
  ]);
  const profile = PROFILES[name];
  const key = await TransportKey.ofFile(flags.key);
  const circuits = Object.entries(await loadProfileBuild(profile)).map(([each, { circuit }]) => [each, circuit.hash]);
  await using prover = Object.assign(await realProver(profile, { threads, ...(engine && { engine }) }), {
    async [Symbol.asyncDispose](this: { close(): Promise<void> }) {
      await this.close();
    },
  });
  output.note(`worker ${key.publicKey} at ${redisPlace(queue)} for ${plural(provers.length, "prover")}`);
  await runProveWorker(
    {
      ...{ url: queue, key, provers, prover, threads, lockMs: 1_000 * patience },
      circuits: Object.fromEntries(circuits) as Record<string, string>,
      onEvent(event) {
        if (event.kind === "queue") output.note(`queue: ${event.error.message}`);
        else if (event.kind === "failed") output.note(`failed ${event.circuit} ${event.id}: ${String(event.error)}`);
        else output.note(`${event.kind} ${event.circuit} ${event.id}`);
      },
    },
    signal,
  );
}

function parseKeys(text: string): readonly string[] {
  const keys = text.split(",").map((key) => key.trim());
  const wrong = keys.find((key) => !/^[0-9a-f]{64}$/.test(key));
  if (wrong !== undefined)
    throw new InvalidArgumentError(`Expected keys of 64 hexadecimal digits, as \`b52 prove-worker key\` shows them.`);
  return keys;
}

/** What was given is not shown: it may hold a password. */
function parseQueue(text: string): string {
  if (!/^rediss?:\/\/[^/\s]+/.test(text))
    throw new MalformedError("--queue", "no address of a Redis", "redis://host:port or rediss://host:port");
  return text;
}
