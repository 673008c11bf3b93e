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

/** Runs `task` with what makes its proofs. Circuits and keys are set up when the first proof is asked for. */
export async function withProver<T>(
  { profile }: Deployment,
  { note }: Output,
  { signal, engine }: { readonly signal: AbortSignal; readonly engine: EngineChoice | undefined },
  task: (prove: ProveAlone) => Promise<T>,
): Promise<T> {
  let prover: Promise<{ pool: ProverPool; build: ProfileBuild }> | undefined;
  try {
    return await task(async (circuit, { input }) => {
      prover ??= openProver(profile, signal, engine);
      const { pool, build } = await prover;
      note(`proving ${circuit}`);
      const { circuit: compiled, key } = build[circuit];
      const { proof } = await pool.prove({
        circuit: { name: circuit, hash: compiled.hash, wasmPath: compiled.wasmPath, key },
        input,
        signal,
      });
      return proof;
    });
  } finally {
    await prover?.then(({ pool }) => pool.close()).catch(() => undefined);
  }
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
