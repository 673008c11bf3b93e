import { join } from "node:path";
import { firstSlot } from "../../src/protocol/nodes.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { profileInstances } from "../../src/proving/circuitInstance.ts";
import type { CircuitInput } from "../../src/proving/circuitInput.ts";
import { compileAll } from "../../src/proving/circuits.ts";
import type { CompiledCircuit } from "../../src/proving/compileCircuit.ts";
import { buildKeys } from "../../src/proving/keys/build.ts";
import type { ProvingKey } from "../../src/proving/keys/provingKey.ts";
import { planFullBlock } from "./large.ts";

/** Nine transfers in the tree of the largest profiles. */
const PROFILE = { ...PROFILES.large, name: "mid", transfersPerBase: 9 };

export interface MidCircuit {
  readonly circuit: CompiledCircuit;
  readonly key: ProvingKey;
  readonly input: CircuitInput;
}

/**
 * A base node of over 100,000 constraints, between the small ones of the profile dev and what `bench large` proves.
 * Takes minutes the first time.
 */
export async function midCircuit(buildDir: string, signal?: AbortSignal): Promise<MidCircuit> {
  const instances = profileInstances(PROFILE).filter(({ name }) => name === "BaseRollup");
  const circuits = await compileAll(instances, { outDir: join(buildDir, "circuits", PROFILE.name), signal });
  const keys = await buildKeys(circuits, { buildDir: join(buildDir, "keys"), ...(signal && { signal }) });
  const { input } = planFullBlock(PROFILE).job(firstSlot(PROFILE, PROFILE.levels));
  return { circuit: circuits[0]!, key: keys[0]!, input };
}
