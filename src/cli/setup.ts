import { parametersStep } from "../deploy/parametersStep.ts";
import { PROFILES, type ProfileName } from "../protocol/profile.ts";
import { contractsStep } from "../setup/contracts.ts";
import { kernelsStep } from "../setup/kernels.ts";
import { profileStep } from "../setup/profile.ts";
import { runPending } from "./progress.ts";

export interface SetUpOptions {
  readonly profiles: readonly ProfileName[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings everything that a command needs up to date. Says nothing when there is nothing to do.
 * @returns whether there was anything to do
 */
export async function setUp({ profiles, signal }: SetUpOptions): Promise<boolean> {
  const chosen = profiles.map((name) => PROFILES[name]);
  const [first, ...others] = chosen.map(profileStep);
  // A profile fills two cores by itself; the contracts take less than any.
  const rounds = [
    [contractsStep, kernelsStep, ...(first ? [first] : [])],
    ...others.map((step) => [step]),
    chosen.map(parametersStep),
  ];
  let hadWork = false;
  for (const steps of rounds) hadWork = (await runPending(steps, signal)) || hadWork;
  return hadWork;
}
