import { fork, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { B52Error } from "../src/protocol/errors.ts";
import { PROJECT_ROOT, projectPath } from "../src/setup/project.ts";
import { circomMutants } from "./mutation/circomOperators.ts";
import { describeMutant, type Mutant } from "./mutation/mutant.ts";
import { solidityMutants } from "./mutation/solidityOperators.ts";
import type { Outcome } from "./mutation/solidityWorld.ts";
import type { Answer, Request } from "./mutation/worker.ts";
import { createWorkspace } from "./mutation/workspace.ts";

/** Mutants that no test can tell apart, by id, and why. */
export const EXPLANATIONS_PATH = "test/mutants.json";

const NOT_MUTATED = /^contracts\/(?:mocks|interfaces)\//;

export interface MutateOptions {
  /** Files or folders in the project; all by default. */
  readonly only?: readonly string[] | undefined;
  /** Mutants to try, chosen by the seed; all by default. */
  readonly limit?: number | undefined;
  readonly seed: string;
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

export interface MutationReport {
  readonly seed: string;
  readonly mutants: number;
  readonly tried: number;
  readonly killed: number;
  /** They do not compile. */
  readonly invalid: number;
  /** The compiler makes the same of them. */
  readonly sameCode: number;
  /** No test can tell them apart: `EXPLANATIONS_PATH` says why. They are not tried. */
  readonly explained: number;
  readonly survivors: readonly Mutant[];
  /** Explanations of mutants that do not exist. */
  readonly stale: readonly string[];
}

/** All mutants of the chosen files, in the order of paths and places. */
export async function listMutants(only?: readonly string[]): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  for (const path of await mutatedFiles()) {
    if (only?.length && !only.some((prefix) => path === prefix || path.startsWith(`${prefix.replace(/\/$/, "")}/`))) continue;
    const source = await readFile(projectPath(path), "utf8");
    mutants.push(...(path.endsWith(".sol") ? solidityMutants(path, source) : circomMutants(path, source)));
  }
  if (mutants.length === 0) throw new B52Error(`no mutants in ${only?.join(", ")}: name contracts or circuits`);
  return mutants;
}

async function mutatedFiles(): Promise<string[]> {
  const folders = await Promise.all(
    ["circuits", "contracts"].map((folder) =>
      readdir(projectPath(folder), { recursive: true }).then((names) => names.map((name) => join(folder, name))),
    ),
  );
  return folders
    .flat()
    .filter((path) => /\.(?:sol|circom)$/.test(path) && !NOT_MUTATED.test(path))
    .sort();
}

/** The mutants that a seed chooses, in their order. */
export function chooseMutants(mutants: readonly Mutant[], seed: string, limit = mutants.length): Mutant[] {
  const lot = ({ id }: Mutant): string => createHash("sha256").update(`${seed}\0${id}`).digest("hex");
  const chosen = new Set(mutants.toSorted((a, b) => (lot(a) < lot(b) ? -1 : 1)).slice(0, limit));
  return mutants.filter((mutant) => chosen.has(mutant));
}

export async function readExplanations(): Promise<Readonly<Record<string, string>>> {
  return JSON.parse(await readFile(projectPath(EXPLANATIONS_PATH), "utf8")) as Record<string, string>;
}

/** Applies mutants to copies of the project and runs the tests that concern them, several at a time. */
export async function mutate({ only, limit, seed, signal, note }: MutateOptions): Promise<MutationReport> {
  const all = await listMutants(only);
  const explanations = await readExplanations();
  const ids = new Set((await listMutants()).map(({ id }) => id));
  const chosen = chooseMutants(all, seed, limit);
  const tried = chosen.filter(({ id }) => explanations[id] === undefined);
  const outcomes = await tryMutants(tried, note, signal);
  const count = (status: Outcome["status"]): number => [...outcomes.values()].filter((outcome) => outcome.status === status).length;
  return {
    seed,
    mutants: all.length,
    tried: tried.length,
    killed: count("killed"),
    invalid: count("invalid"),
    sameCode: count("sameCode"),
    explained: chosen.length - tried.length,
    survivors: tried.filter((mutant) => outcomes.get(mutant)!.status === "survived"),
    stale: Object.keys(explanations).filter((id) => !ids.has(id)),
  };
}

async function tryMutants(mutants: readonly Mutant[], note: (line: string) => void, signal?: AbortSignal): Promise<Map<Mutant, Outcome>> {
  const outcomes = new Map<Mutant, Outcome>();
  const folder = await mkdtemp(join(tmpdir(), "b52-mutate-"));
  const store = join(folder, "contracts.json");
  const workers: ChildProcess[] = [];
  const stop = (): void => workers.forEach((worker) => worker.kill());
  signal?.addEventListener("abort", stop);
  try {
    const queue = [...mutants];
    const work = async (number: number, build: boolean): Promise<() => Promise<void>> => {
      const workspace = join(folder, String(number));
      await createWorkspace(PROJECT_ROOT, workspace);
      const worker = fork(fileURLToPath(new URL("mutation/worker.ts", import.meta.url)), { execArgv: ["--import", "tsx"], cwd: workspace });
      workers.push(worker);
      if (build) await ask(worker, { workspace, store, build: true }, note, signal);
      return async () => {
        for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
          const reply = await ask(worker, { workspace, store, mutant }, note, signal);
          if (!("outcome" in reply)) throw new Error(`no outcome of ${mutant.id}`);
          outcomes.set(mutant, reply.outcome);
          note(
            `${outcomes.size}/${mutants.length} ${reply.outcome.status.padEnd(8)} ${describeMutant(mutant)}${"by" in reply.outcome ? `  [${reply.outcome.by}]` : ""}`,
          );
        }
      };
    };
    const first = await work(
      0,
      mutants.some(({ path }) => path.endsWith(".sol")),
    );
    const others = Array.from({ length: Math.min(availableParallelism(), mutants.length) - 1 }, (_, i) => work(i + 1, false));
    await Promise.all([first, ...(await Promise.all(others))].map((run) => run()));
    return outcomes;
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sends a request and waits for its answer. */
function ask(worker: ChildProcess, request: Request, note: (line: string) => void, signal?: AbortSignal): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const settle = (finish: () => void): void => {
      worker.off("message", hear).off("exit", ended);
      finish();
    };
    const hear = (reply: Answer): void => {
      if ("note" in reply) note(reply.note);
      else if ("error" in reply) settle(() => reject(new B52Error(reply.error)));
      else settle(() => resolve(reply));
    };
    const ended = (): void => settle(() => reject(signal?.aborted ? signal.reason : new B52Error("a process that tries mutants ended")));
    worker.on("message", hear).on("exit", ended);
    if (signal?.aborted) ended();
    else worker.send(request);
  });
}
