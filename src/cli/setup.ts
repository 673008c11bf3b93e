import { parametersStep } from "../../deploy/parametersStep.ts";
import { PROFILES, type ProfileName } from "../protocol/profile.ts";
import { contractsStep } from "../setup/contracts.ts";
import { profileStep } from "../setup/profile.ts";
import { runPending } from "./progress.ts";

export interface SetUpOptions {
  readonly profiles: readonly ProfileName[];
  readonly signal?: AbortSignal | undefined;
}

/** Brings everything that a command needs up to date. Says nothing when there is nothing to do. */
export async function setUp({ profiles, signal }: SetUpOptions): Promise<void> {
  const chosen = profiles.map((name) => PROFILES[name]);
  await runPending([contractsStep, ...chosen.map(profileStep)], signal);
  await runPending(chosen.map(parametersStep), signal);
}
