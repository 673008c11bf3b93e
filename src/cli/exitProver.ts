import type { Deployment } from "../chain/deployment.ts";
import { B52Error } from "../protocol/errors.ts";
import { PROFILES, type ProfileName } from "../protocol/profile.ts";
import type { EngineChoice } from "../proving/engineChoice.ts";
import type { ProverPool } from "../proving/pool.ts";
import { profileStep } from "../setup/profile.ts";
import type { ProfileBuild } from "../setup/profileBuild.ts";
import type { ProveClaim } from "../wallet/claim.ts";
import type { Output } from "./output.ts";
import { runPending } from "./progress.ts";

/** A rollup of sizes that this program builds no circuits for. */
export class UnknownProfileError extends B52Error {
  constructor(profile: Deployment["profile"]) {
    super(
      `profile ${profile.name} of the deployment is ${sizes(profile)}, expected one of ` +
        `${Object.keys(PROFILES).join(", ")}, as this program has them`,
      {
        profile,
      },
    );
  }
}

/** Runs `task` with what makes its proofs. Circuits and keys are set up when the first proof is asked for. */
export async function withExitProver<T>(
  { profile }: Deployment,
  { note }: Output,
  { signal, engine }: { readonly signal: AbortSignal; readonly engine: EngineChoice | undefined },
  task: (prove: ProveClaim) => Promise<T>,
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
  const name = profile.name as ProfileName;
  const known = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
  if (known === undefined || sizes(known) !== sizes(profile)) throw new UnknownProfileError(profile);
  await runPending([profileStep(known)], signal);
  const [{ loadProfileBuild }, { ProverPool }] = await Promise.all([
    import("../setup/profileBuild.ts"),
    import("../proving/pool.ts"),
  ]);
  const build = await loadProfileBuild(known);
  return { build, pool: new ProverPool({ threads: 1, engine }) };
}

const sizes = ({ arity, levels, accountDepth, transfersPerBase, operationsPerBase }: Deployment["profile"]): string =>
  `arity ${arity}, levels ${levels}, accountDepth ${accountDepth}, transfersPerBase ${transfersPerBase}, ` +
  `operationsPerBase ${operationsPerBase}`;
