import type { Profile } from "../protocol/profile.ts";
import { BUILD_DIR, isProfileBuilt, writeKeyRecord } from "./profileBuild.ts";
import { projectPath } from "./project.ts";
import type { SetupStep } from "./step.ts";

/** The circuits of a profile and development keys for them. */
export const profileStep = (profile: Profile): SetupStep => ({
  title: `circuits and development keys (${profile.name})`,
  isDone: () => isProfileBuilt(profile),
  async run({ signal, report }) {
    const { compileProfile } = await import("../proving/circuits.ts");
    const circuits = await compileProfile(profile, {
      buildDir: BUILD_DIR,
      signal,
      onProgress: ({ name, state, done, total, constraints }) => {
        const size = constraints === undefined ? "" : `, ${constraints.toLocaleString("en")} constraints`;
        report(`circuit ${name} ${state}${size} (${done}/${total})`);
      },
    });
    const { buildKeys } = await import("../proving/keys/build.ts");
    const keys = await buildKeys(circuits, {
      buildDir: projectPath("build", "keys"),
      ...(signal && { signal }),
      onProgress: ({ circuit, share }) => report(`key of ${circuit} ${Math.round(100 * share)} %`),
    });
    await writeKeyRecord(profile, circuits, keys);
  },
});
