import type { Deployment } from "../chain/deployment.ts";
import type { CircuitInput } from "../proving/circuitInput.ts";
import type { EngineChoice } from "../proving/engineChoice.ts";
import type { ProverPool } from "../proving/pool.ts";
import { knownProfile } from "../setup/knownProfile.ts";
import { profileStep } from "../setup/profile.ts";
import type { ProfileBuild } from "../setup/profileBuild.ts";
import type { Output } from "./output.ts";
import { runPending } from "./progress.ts";

/** Makes a proof that stands alone: 256 bytes as hexadecimal. */
export type ProveAlone = (
  circuit: "ExitClaim" | "EscapeClaim" | "KeyOwnership",
  job: { readonly input: CircuitInput },
) => Promise<string>;

/**
 * Runs `task` with what makes its proofs. Circuits and keys are set up when the first proof is asked for, or before
 * that by `ready`: to be called before what cannot be undone and is of no use without proofs.
 * @throws {RapidsnarkError} at once, where the engine is a program that cannot be run
 */
export async function withProver<T>(
  { profile }: Deployment,
  { note }: Output,
  { signal, engine }: { readonly signal: AbortSignal; readonly engine: EngineChoice | undefined },
  task: (prove: ProveAlone, ready: () => Promise<void>) => Promise<T>,
): Promise<T> {
  await assertRunnable(engine);
  let prover: Promise<{ pool: ProverPool; build: ProfileBuild }> | undefined;
  const opened = () => (prover ??= openProver(profile, signal, engine));
  const prove: ProveAlone = async (circuit, { input }) => {
    const { pool, build } = await opened();
    note(`proving ${circuit}`);
    const { circuit: compiled, key } = build[circuit];
    const { proof } = await pool.prove({
      circuit: { name: circuit, hash: compiled.hash, wasmPath: compiled.wasmPath, key },
      input,
      signal,
    });
    return proof;
  };
  try {
    return await task(prove, async () => {
      await opened();
    });
  } finally {
    await prover?.then(({ pool }) => pool.close()).catch(() => undefined);
  }
}

/** @throws {RapidsnarkError} where what proves, by choice or by the environment, is a program that cannot be run */
export async function assertRunnable(choice: EngineChoice | undefined): Promise<void> {
  const { environmentEngine } = await import("../proving/engineChoice.ts");
  const engine = choice ?? environmentEngine();
  if (typeof engine !== "object") return;
  const { assertRapidsnark } = await import("../proving/rapidsnark.ts");
  await assertRapidsnark(engine.rapidsnark);
}

async function openProver(
  profile: Deployment["profile"],
  signal: AbortSignal,
  engine: EngineChoice | undefined,
): Promise<{ pool: ProverPool; build: ProfileBuild }> {
  const known = knownProfile({ profile });
  await runPending([profileStep(known)], signal);
  const [{ loadProfileBuild }, { ProverPool }] = await Promise.all([
    import("../setup/profileBuild.ts"),
    import("../proving/pool.ts"),
  ]);
  const build = await loadProfileBuild(known);
  return { build, pool: new ProverPool({ threads: 1, engine }) };
}
