import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Profile } from "../protocol/profile.ts";
import { fingerprint, readStamp, writeStamp } from "../setup/fingerprint.ts";
import { projectPath } from "../setup/project.ts";
import type { SetupStep } from "../setup/step.ts";

/** A parameter file for `hardhat ignition deploy deploy/modules/B52.ts`: `build/parameters/<profile>.json`. */
export function parametersStep(profile: Profile): SetupStep {
  const file = `build/parameters/${profile.name}.json`;
  const stamp = `parameters-${profile.name}`;
  const inputs = (): Promise<string> =>
    fingerprint([
      "src/deploy/genesis.ts",
      "src/deploy/parameters.ts",
      "src/deploy/economics.ts",
      "src/deploy/policies.ts",
      "src/protocol",
      "src/state",
      "src/sync/genesis.ts",
      `build/keys/${profile.name}.json`,
    ]);
  const state = async (): Promise<string> => `${await inputs()} ${await fingerprint([file])}`;
  return {
    title: `deployment parameters (${profile.name})`,
    isDone: async () => (await readStamp(stamp)) === (await state().catch(() => null)),
    async run() {
      const [
        { developmentAccounts, genesisOf },
        { economicsOf, moduleParameters, parameterFile, profileKeys },
        { loadProfileBuild },
      ] = await Promise.all([import("./genesis.ts"), import("./parameters.ts"), import("../setup/profileBuild.ts")]);
      const parameters = moduleParameters({
        profile,
        keys: profileKeys(await loadProfileBuild(profile)),
        genesis: genesisOf(profile, developmentAccounts()),
        economics: economicsOf(profile),
      });
      const path = projectPath(file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, parameterFile(parameters));
      await writeStamp(stamp, await state());
    },
  };
}
