import { basename, dirname, join } from "node:path";
import { dataSlice } from "ethers";
import { DeltaSharedError, KeyTamperedError, KeysNotSharedError } from "../errors.ts";
import { sha256, sha256OfFile, withFile } from "../files.ts";
import { type KeyManifest, readManifest, writeManifest } from "./manifest.ts";
import { DEVELOPMENT_TAU_HASH } from "./networks.ts";
import { type VerifyingKey, encodeVerifyingKey, readVerifyingKey } from "./verifyingKey.ts";

/** A checked proving key, from a ceremony or for development. */
export interface ProvingKey {
  readonly manifest: KeyManifest;
  readonly zkeyPath: string;
  readonly verifyingKey: VerifyingKey;
}

export interface RegisterKeyParameters {
  readonly circuit: string;
  readonly circuitHash: string;
  readonly zkeyPath: string;
  /** False for a key from a ceremony. */
  readonly development: boolean;
}

/**
 * The encoding of a circuit begins with delta, and that of a point with its x, which the point shares with its
 * negative.
 */
const G2_X_BYTES = 64;

/** Where the manifest of a `.zkey` lies. */
export function manifestPathOf(zkeyPath: string): string {
  return zkeyPath.replace(/\.zkey$/, ".json");
}

/**
 * Writes the manifest of a `.zkey`: the last step of a development build, and how a key from a ceremony enters.
 *
 * @throws FileAccessError @throws FileMalformedError @throws KeyForgeableError @throws KeyPointError
 */
export async function registerKey({
  circuit,
  circuitHash,
  zkeyPath,
  development,
}: RegisterKeyParameters): Promise<ProvingKey> {
  const zkeyHash = await sha256OfFile(zkeyPath);
  const verifyingKey = await verifyingKeyOf(zkeyPath);
  const tauHash = tauHashOf(verifyingKey);
  const manifest: KeyManifest = {
    version: 1,
    circuit,
    circuitHash,
    development: development || tauHash === DEVELOPMENT_TAU_HASH,
    zkey: basename(zkeyPath),
    zkeyHash,
    tauHash,
  };
  await writeManifest(manifestPathOf(zkeyPath), manifest);
  return { manifest, zkeyPath, verifyingKey };
}

/**
 * Loads a key and checks it against its manifest.
 *
 * @param circuitHash the circuit that it must be for, if given
 * @throws KeyTamperedError when the bytes, the powers of tau or the circuit are not those of the manifest
 * @throws FileAccessError @throws FileMalformedError @throws KeyForgeableError @throws KeyPointError
 */
export async function loadKey(manifestPath: string, circuitHash?: string): Promise<ProvingKey> {
  const manifest = await readManifest(manifestPath);
  const zkeyPath = join(dirname(manifestPath), manifest.zkey);
  const check = (what: string, value: string, expected: string): void => {
    if (value !== expected) throw new KeyTamperedError(zkeyPath, what, value, expected);
  };
  if (circuitHash !== undefined) check("circuitHash", manifest.circuitHash, circuitHash);
  check("zkeyHash", await sha256OfFile(zkeyPath), manifest.zkeyHash);
  const verifyingKey = await verifyingKeyOf(zkeyPath);
  check("tauHash", tauHashOf(verifyingKey), manifest.tauHash);
  return { manifest, zkeyPath, verifyingKey };
}

/**
 * The verifying keys of one deployment as its contracts take them.
 *
 * @returns the part that all share, and the part of each circuit in the order given
 * @throws KeysNotSharedError when they do not share alpha, beta and gamma @throws DeltaSharedError @throws
 * KeyForgeableError
 */
export function encodeVerifyingKeys(keys: readonly [ProvingKey, ...ProvingKey[]]): {
  common: string;
  circuits: string[];
} {
  const encoded = keys.map((key) => encodeVerifyingKey(key.verifyingKey));
  const { common } = encoded[0]!;
  const stranger = encoded.findIndex((key) => key.common !== common);
  if (stranger >= 0) throw new KeysNotSharedError(keys[0].manifest.circuit, keys[stranger]!.manifest.circuit);
  // Each contract compares the deltas of the keys that it gets, but no contract gets the keys of all circuits.
  const lines = encoded.map(({ circuit }) => dataSlice(circuit, 0, G2_X_BYTES));
  lines.forEach((line, i) => {
    const first = lines.indexOf(line);
    if (first < i) throw new DeltaSharedError(keys[first]!.manifest.circuit, keys[i]!.manifest.circuit);
  });
  return { common, circuits: encoded.map((key) => key.circuit) };
}

function verifyingKeyOf(zkeyPath: string): Promise<VerifyingKey> {
  return withFile(zkeyPath, (zkey) => readVerifyingKey(zkey, zkeyPath));
}

function tauHashOf(key: VerifyingKey): string {
  return sha256(Buffer.from(encodeVerifyingKey(key).common.slice(2), "hex"));
}
