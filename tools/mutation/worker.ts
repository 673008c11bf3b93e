/**
 * A process that tries one mutant after the other in a workspace of its own. Asked by `Request`, it answers with
 * `Answer`.
 */
import { B52Error } from "../../src/protocol/errors.ts";
import { MochaSession } from "./mochaSession.ts";
import { circuitTests, runMocha } from "./mochaTests.ts";
import type { Mutant } from "./mutant.ts";
import { buildSolidityWorld } from "./buildWorld.ts";
import {
  loadWorld,
  type Outcome,
  saveWorld,
  type SolidityWorld,
  tryInSolidity,
  tryInTypeScript,
} from "./solidityWorld.ts";
import { whileMutated } from "./workspace.ts";

/** Where a process works, and where the contracts with their mutants are. */
interface Place {
  readonly workspace: string;
  readonly store: string;
}

export type Request = Place &
  (
    | { readonly task: "contracts"; readonly mutants: readonly Mutant[]; readonly cacheDir: string }
    | { readonly task: "circuits"; readonly paths: readonly string[] }
    | { readonly task: "mutant"; readonly mutant: Mutant }
  );

export type Answer =
  { readonly outcome: Outcome } | { readonly note: string } | { readonly done: true } | { readonly error: string };

let world: Promise<SolidityWorld> | undefined;
let session: MochaSession | undefined;

const answer = (message: Answer): void => void process.send!(message);
const note = (text: string): void => answer({ note: text });

process.on("message", (request: Request) => {
  handle(request).then(answer, (error: unknown) =>
    answer({ error: error instanceof B52Error ? error.message : String((error as Error).stack) }),
  );
});
process.on("disconnect", () => process.exit());
process.on("exit", () => session?.close());

async function handle(request: Request): Promise<Answer> {
  const { workspace, store } = request;
  switch (request.task) {
    case "contracts":
      await saveWorld(store, await buildSolidityWorld(workspace, request.mutants, request.cacheDir, note));
      return { done: true };
    case "circuits":
      await runCircuitTests(workspace, request.paths);
      return { done: true };
    case "mutant": {
      const { mutant } = request;
      return {
        outcome: mutant.path.endsWith(".sol")
          ? await tryContract(workspace, store, mutant)
          : await tryCircuit(workspace, mutant),
      };
    }
  }
}

async function tryContract(workspace: string, store: string, { id }: Mutant): Promise<Outcome> {
  const loaded = await (world ??= loadWorld(store));
  if (loaded.invalid.has(id)) return { status: "invalid" };
  const number = loaded.numbers.get(id);
  if (number === undefined) return { status: "untried" };
  const first = await tryInSolidity(loaded, workspace, number);
  if (first.status !== "survived") return first;
  const second = await tryInTypeScript(loaded, (session ??= new MochaSession(workspace)), workspace, number);
  return second.status === "survived" ? { status: "survived", isReached: first.isReached || second.isReached } : second;
}

async function tryCircuit(workspace: string, mutant: Mutant): Promise<Outcome> {
  const files = circuitTests(workspace, mutant.path);
  for (const file of files) {
    const result = await whileMutated(workspace, mutant, () => runMocha(workspace, file));
    if (result.status === "failed") return { status: "killed", by: `${file} ${result.test}` };
    if (result.status !== "passed") return { status: result.status };
  }
  return { status: "survived", isReached: files.length > 0 };
}

/** Without any mutant they must pass. */
async function runCircuitTests(workspace: string, paths: readonly string[]): Promise<void> {
  for (const file of new Set(paths.flatMap((path) => circuitTests(workspace, path)))) {
    const result = await runMocha(workspace, file);
    if (result.status !== "passed")
      throw new B52Error(`tests fail without any mutant: ${file} ${"test" in result ? result.test : result.status}`);
    note(`ran ${file}`);
  }
}
