import { access, mkdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../chain/replaceFile.ts";
import { B52Error } from "../protocol/errors.ts";
import type { Profile } from "../protocol/profile.ts";
import type { CircuitName } from "../proving/circuitInstance.ts";
import type { CompiledCircuit } from "../proving/compileCircuit.ts";
import type { ProvingKey } from "../proving/keys/provingKey.ts";
import { projectPath } from "./project.ts";

/** Where circuits and keys are generated. */
export const BUILD_DIR = projectPath("build");

/** A circuit with its key, ready to prove and to be deployed. */
export interface BuiltCircuit {
  readonly circuit: CompiledCircuit;
  readonly key: ProvingKey;
}

/** All circuits of a profile. A profile with one level has no MergeRollup. */
export type ProfileBuild = Readonly<Record<Exclude<CircuitName, "MergeRollup">, BuiltCircuit>> &
  Readonly<Partial<Record<"MergeRollup", BuiltCircuit>>>;

/** Circuits or keys of a profile are missing or older than their sources, or circuits are damaged. */
export class NotSetUpError extends B52Error {
  constructor(profile: string, missing: string) {
    super(
      `${missing} of profile ${profile} are missing or out of date, expected what ./b52 setup --profile ` +
        `${profile} writes`,
      {
        profile,
        missing,
      },
    );
  }
}

/** Files beside the record, by name: the folder may be copied or moved. */
const fileName = z.string().refine((name) => name === basename(name));

const record = z.array(z.strictObject({ name: z.string(), hash: z.string(), zkey: fileName, manifest: fileName }));

type KeyRecord = z.infer<typeof record>;

const keyPath = (buildDir: string, name: string): string => join(buildDir, "keys", name);

const recordPath = (profile: Profile, buildDir: string): string => keyPath(buildDir, `${profile.name}.json`);

/** Notes which keys, in the folder of keys, belong to the circuits of a profile. */
export async function writeKeyRecord(
  profile: Profile,
  circuits: readonly CompiledCircuit[],
  keys: readonly ProvingKey[],
): Promise<void> {
  const { manifestPathOf } = await import("../proving/keys/provingKey.ts");
  const entries: KeyRecord = circuits.map(({ name, hash }, i) => {
    const zkey = keys[i]!.zkeyPath;
    return { name, hash, zkey: basename(zkey), manifest: basename(manifestPathOf(zkey)) };
  });
  const path = recordPath(profile, BUILD_DIR);
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, [JSON.stringify(entries, null, 2)]);
}

/**
 * The up-to-date circuits of a profile with the files of their keys; undefined when something is missing, or a circuit
 * damaged. Keys are not read.
 */
export async function findProfileBuild(
  profile: Profile,
  buildDir = BUILD_DIR,
): Promise<{ circuit: CompiledCircuit; manifest: string }[] | undefined> {
  const { findProfile } = await import("../proving/circuits.ts");
  const circuits = await findProfile(profile, buildDir);
  if (circuits === undefined) return undefined;
  const keys = await readKeyRecord(profile, buildDir);
  const found = circuits.map((circuit) => ({
    circuit,
    key: keys?.find(({ name, hash }) => name === circuit.name && hash === circuit.hash),
  }));
  if (found.some(({ key }) => key === undefined)) return undefined;
  try {
    await Promise.all(
      found.flatMap(({ key }) => [key!.zkey, key!.manifest].map((name) => access(keyPath(buildDir, name)))),
    );
  } catch {
    return undefined;
  }
  return found.map(({ circuit, key }) => ({ circuit, manifest: keyPath(buildDir, key!.manifest) }));
}

/** Whether the circuits and keys of a profile are there and whole. Reads all: some 100 ms for a small profile. */
export async function isProfileBuilt(profile: Profile, buildDir = BUILD_DIR): Promise<boolean> {
  const found = await findProfileBuild(profile, buildDir);
  if (found === undefined) return false;
  const { isKeyWhole } = await import("../proving/keys/manifest.ts");
  const whole = await Promise.all(found.map(({ manifest }) => isKeyWhole(manifest)));
  return whole.every(Boolean);
}

/**
 * The circuits of a profile with their keys, every key checked against its manifest.
 *
 * @throws NotSetUpError @throws KeyTamperedError
 */
export async function loadProfileBuild(profile: Profile): Promise<ProfileBuild> {
  const found = await findProfileBuild(profile);
  if (found === undefined) throw new NotSetUpError(profile.name, "circuits or keys");
  const { loadKey } = await import("../proving/keys/provingKey.ts");
  const built = await Promise.all(
    found.map(
      async ({ circuit, manifest }) => [circuit.name, { circuit, key: await loadKey(manifest, circuit.hash) }] as const,
    ),
  );
  return Object.fromEntries(built) as unknown as ProfileBuild;
}

async function readKeyRecord(profile: Profile, buildDir: string): Promise<KeyRecord | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(recordPath(profile, buildDir), "utf8")));
  } catch {
    return undefined; // never written, or not by this program: the keys are looked at again
  }
}
