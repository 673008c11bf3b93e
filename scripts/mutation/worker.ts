/** A process that tries one mutant after the other in a workspace of its own. Asked by `Request`, it answers with `Answer`. */
import { B52Error } from "../../src/protocol/errors.ts";
import { circuitTests, contractTests, runMocha } from "./mochaTests.ts";
import type { Mutant } from "./mutant.ts";
import { buildSolidityWorld, loadSolidityWorld, type Outcome, type SolidityWorld, trySolidityMutant } from "./solidityWorld.ts";
import { whileMutated, writeArtifacts } from "./workspace.ts";

export type Request = { readonly workspace: string; readonly store: string } & ({ readonly build: true } | { readonly mutant: Mutant });

export type Answer = { readonly outcome: Outcome } | { readonly note: string } | { readonly done: true } | { readonly error: string };

let world: Promise<SolidityWorld> | undefined;
const passing = new Set<string>();

const answer = (message: Answer): void => void process.send!(message);

process.on("message", (request: Request) => {
  handle(request).then(answer, (error: unknown) =>
    answer({ error: error instanceof B52Error ? error.message : String((error as Error).stack) }),
  );
});
process.on("disconnect", () => process.exit());

async function handle(request: Request): Promise<Answer> {
  const { workspace, store } = request;
  if ("build" in request) {
    await buildSolidityWorld(workspace, store, (note) => answer({ note }));
    return { done: true };
  }
  const { mutant } = request;
  return { outcome: mutant.path.endsWith(".sol") ? await tryContract(workspace, store, mutant) : await tryCircuit(workspace, mutant) };
}

async function tryContract(workspace: string, store: string, mutant: Mutant): Promise<Outcome> {
  const isFirst = world === undefined;
  const loaded = await (world ??= loadSolidityWorld(workspace, store));
  if (isFirst) await writeArtifacts(workspace, loaded.artifacts);
  const { outcome, changed } = await trySolidityMutant(loaded, mutant);
  if (outcome.status !== "survived") return outcome;
  const names = new Set([...changed.keys()].filter((id) => id.startsWith("contracts/")).map((id) => id.split(":")[1]!));
  const files = contractTests(workspace, names);
  for (const file of files) await assertPasses(workspace, file);
  await writeArtifacts(workspace, changed);
  try {
    return await tryFiles(workspace, files);
  } finally {
    await writeArtifacts(workspace, new Map([...changed.keys()].map((id) => [id, loaded.artifacts.get(id)!])));
  }
}

async function tryCircuit(workspace: string, mutant: Mutant): Promise<Outcome> {
  const files = circuitTests(workspace, mutant.path);
  for (const file of files) {
    await assertPasses(workspace, file);
    const outcome = await whileMutated(workspace, mutant, () => tryFiles(workspace, [file]));
    if (outcome.status !== "survived") return outcome;
  }
  return { status: "survived" };
}

async function tryFiles(workspace: string, files: readonly string[]): Promise<Outcome> {
  for (const file of files) {
    const result = await runMocha(workspace, file);
    if (result.status === "failed") return { status: "killed", by: `${file} ${result.test}` };
    if (result.status === "invalid") return { status: "invalid" };
  }
  return { status: "survived" };
}

async function assertPasses(workspace: string, file: string): Promise<void> {
  if (passing.has(file)) return;
  const result = await runMocha(workspace, file);
  if (result.status !== "passed") throw new B52Error(`tests fail without any mutant: ${file} ${"test" in result ? result.test : ""}`);
  passing.add(file);
}
