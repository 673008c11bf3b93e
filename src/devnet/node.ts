import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { B52Error } from "../protocol/errors.ts";
import { projectPath } from "../setup/project.ts";
import { type Exit, Program } from "./program.ts";
import type { Role } from "./stage.ts";

/** How long a program may take from its start until it can do its work. */
const READY_MS = 90_000;
const LOOK_MS = 200;

/** How long a program that runs may take to answer. */
const ANSWER_MS = 3_000;

/** What the environment of a program has besides this process's, as `./b52 node ROLE` starts it. */
export const nodeEnvironment = (role: Role["role"]): Readonly<Record<string, string>> =>
  role === "prover" ? {} : { MALLOC_ARENA_MAX: "1", MALLOC_TRIM_THRESHOLD_: "131072" };

/** What a program writes down of itself when it has started. */
const addressFile = z.object({
  pid: z.number(),
  status: z.string(),
  api: z.string().optional(),
  addresses: z.array(z.string()).min(1),
});

export type NodeAddresses = z.output<typeof addressFile>;

const STARTS = "it starts";

/** What Node gets before `src/cli/main.ts`, as `./b52 node ROLE` starts it. */
export const nodeFlags = (role: Role["role"]): readonly string[] => [
  "--max-semi-space-size=2",
  ...(role === "prover" ? [] : ["--optimize-for-size"]),
  ...["--import", "./src/loader/register.mjs"],
];

/** A program does not become ready. */
export class NotReadyError extends B52Error {
  constructor(name: string, trouble: string, logFile: string) {
    super(`${name} is not ready after ${READY_MS / 1_000} s: ${trouble}; ${logFile} tells more`, { name, trouble });
  }
}

/** Numbers of a program that only grow, over all its processes. */
interface Counted {
  readonly proofs: number;
}

/** `./b52 node ROLE`, as often as it is started. */
export class DevnetNode {
  readonly role: Role;
  readonly #logFile: string;
  readonly #env: Readonly<Record<string, string>>;
  #program: Program | undefined;
  #addresses: NodeAddresses | undefined;
  #restarts = 0;
  #isWanted = false;
  /** Of processes that have ended. */
  #before: Counted = { proofs: 0 };
  #now: Counted = { proofs: 0 };

  constructor(role: Role, folder: string, env: Readonly<Record<string, string>> = {}) {
    this.role = role;
    this.#env = { ...nodeEnvironment(role.role), ...env };
    this.#logFile = join(folder, `${role.name}.log`);
  }

  get name(): string {
    return this.role.name;
  }

  get program(): Program | undefined {
    return this.#program;
  }

  /** Undefined until it has started. */
  get addresses(): NodeAddresses | undefined {
    return this.#addresses;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Proofs that it has made, as far as it was asked. */
  get proofs(): number {
    return this.#before.proofs + this.#now.proofs;
  }

  /** Whether it has ended and nobody wanted that. */
  get isMissing(): boolean {
    return this.#isWanted && this.#program?.exit !== undefined;
  }

  /** @param bootstrap libp2p addresses of a peer, for all but the first */
  start(bootstrap: readonly string[]): void {
    if (this.#program !== undefined) this.#restarts++;
    this.#before = { proofs: this.proofs };
    this.#now = { proofs: 0 };
    this.#addresses = undefined;
    this.#isWanted = true;
    const { role, configFile } = this.role;
    const peers = bootstrap.flatMap((address) => ["--bootstrap", address]);
    this.#program = Program.start({
      ...{ name: this.name, logFile: this.#logFile, env: this.#env },
      command: {
        node: [
          ...[...nodeFlags(role), projectPath("src", "cli", "main.ts")],
          ...["node", role, "--config", configFile, ...peers],
        ],
      },
    });
  }

  /** Settles when others can reach it. @throws as {@link ready} */
  async listening(signal: AbortSignal): Promise<void> {
    await this.#until(async () => ((await this.#find()) === undefined ? STARTS : undefined), signal);
  }

  /**
   * Settles when it can do its work.
   * @throws {NotReadyError} @throws {ProgramEndedError} @throws the signal's reason
   */
  async ready(signal: AbortSignal): Promise<void> {
    await this.#until(async () => this.trouble(), signal);
  }

  /** What it says that keeps it from its work; undefined if nothing does. */
  async trouble(): Promise<string | undefined> {
    const addresses = await this.#find();
    if (addresses === undefined) return STARTS;
    try {
      const answer = await fetch(`${addresses.status}/ready`, { signal: AbortSignal.timeout(ANSWER_MS) });
      const text = await answer.text();
      return answer.ok ? undefined : troubleIn(text);
    } catch (error) {
      return (error as Error).message;
    }
  }

  /** Reads the numbers that it tells. @returns connected peers; undefined if it does not answer */
  async look(): Promise<number | undefined> {
    if (this.#addresses === undefined) return undefined;
    try {
      const answer = await fetch(`${this.#addresses.status}/metrics`, { signal: AbortSignal.timeout(ANSWER_MS) });
      const text = await answer.text();
      this.#now = { proofs: metric(text, "b52_proof_seconds_count") ?? 0 };
      return metric(text, "b52_peers");
    } catch {
      return undefined;
    }
  }

  /** @param patience see {@link Program.stop} */
  async stop(patience?: number): Promise<Exit | undefined> {
    this.#isWanted = false;
    return this.#program?.stop(patience);
  }

  /** As a power cut would. */
  async kill(): Promise<Exit | undefined> {
    this.#isWanted = false;
    return this.#program?.kill();
  }

  async #until(trouble: () => Promise<string | undefined>, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + READY_MS;
    for (;;) {
      signal.throwIfAborted();
      if (this.#program?.exit !== undefined) await this.#program.watch();
      const found = await trouble();
      if (found === undefined) return;
      if (performance.now() > deadline) throw new NotReadyError(this.name, found, this.#logFile);
      await sleep(LOOK_MS, undefined, { signal });
    }
  }

  /** Where the process is that runs: an earlier one has left its own addresses. */
  async #find(): Promise<NodeAddresses | undefined> {
    if (this.#addresses !== undefined) return this.#addresses;
    try {
      const found = addressFile.parse(JSON.parse(await readFile(join(this.role.dataDir, "addresses.json"), "utf8")));
      if (found.pid === this.#program?.pid) this.#addresses = found;
    } catch {
      // It is not there yet.
    }
    return this.#addresses;
  }
}

/** Of a line for each part, those that are down. */
const troubleIn = (text: string): string =>
  text
    .split("\n")
    .filter((line) => line.startsWith("down"))
    .map((line) => line.replace(/\s+/g, " "))
    .join("; ");

/** The sum of a metric over its labels, in Prometheus' text format. */
function metric(text: string, name: string): number | undefined {
  const values = text
    .split("\n")
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(" ") + 1)));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
