import { execFile } from "node:child_process";
import { access, constants, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { B52Error } from "../protocol/errors.ts";
import { FIELD } from "../protocol/field.ts";
import type { Groth16Proof } from "../protocol/proof.ts";
import { writeAtomically } from "./files.ts";
import { viewOf, writeSections } from "./keys/binfile.ts";
import { writeLE256 } from "./keys/bytes.ts";

/** A rapidsnark binary that is not there, fails, or writes something else than a proof. */
export class RapidsnarkError extends B52Error {
  constructor(path: string, reason: string, cause?: unknown) {
    super(`rapidsnark at ${path} ${reason}`, { path, reason }, { cause });
  }
}

const decimal = z.string().regex(/^\d{1,78}$/);
const proofSchema = z.object({
  pi_a: z.array(decimal).length(3),
  pi_b: z.array(z.array(decimal).length(2)).length(3),
  pi_c: z.array(decimal).length(3),
});
const publicSchema = z.array(decimal);

/** What snarkjs' proofs say of themselves. */
const KIND = { protocol: "groth16", curve: "bn128" };
/** Where files are that no disk gets to see. */
const MEMORY = "/dev/shm";
const WITNESS_BYTES = 32;

/** @throws {RapidsnarkError} when there is nothing that can be run */
export async function assertRapidsnark(path: string): Promise<void> {
  try {
    await access(path, constants.X_OK);
  } catch (cause) {
    throw new RapidsnarkError(path, "cannot be run: expected an executable file", cause);
  }
}

/**
 * A proof by `rapidsnark <zkey> <witness> <proof> <public>`, a process of its own. The witness passes through a file
 * that only this user can read, in memory where the system has a folder for that.
 *
 * @param witness canonical numbers of 32 bytes, little-endian, one for each signal
 * @param signal kills the process
 * @throws {RapidsnarkError}
 */
export async function proveByRapidsnark(
  path: string,
  zkeyPath: string,
  witness: Uint8Array,
  signal?: AbortSignal,
): Promise<{ proof: Groth16Proof; publicSignals: bigint[] }> {
  await assertRapidsnark(path);
  const folder = await mkdtemp(join(await temporaryFolder(), "b52-rapidsnark-"));
  try {
    const [witnessPath, proofPath, publicPath] = ["witness.wtns", "proof.json", "public.json"].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    await writeAtomically(witnessPath, encodeWitness(witness));
    const args = [zkeyPath, witnessPath, proofPath, publicPath];
    const options = { ...(signal && { signal }), killSignal: "SIGKILL" as const };
    await promisify(execFile)(path, args, options).catch((cause: unknown) => {
      throw new RapidsnarkError(path, `failed: ${reasonOf(cause)}`, cause);
    });
    const [proof, publicSignals] = await Promise.all([
      readJson(path, proofPath, proofSchema),
      readJson(path, publicPath, publicSchema),
    ]);
    return { proof: Object.assign(proof, KIND), publicSignals: publicSignals.map(BigInt) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function temporaryFolder(): Promise<string> {
  return access(MEMORY, constants.W_OK).then(
    () => MEMORY,
    () => tmpdir(),
  );
}

/** A `.wtns` file, version 2. */
function encodeWitness(witness: Uint8Array): Uint8Array[] {
  const header = new Uint8Array(4 + WITNESS_BYTES + 4);
  const view = viewOf(header);
  view.setUint32(0, WITNESS_BYTES, true);
  writeLE256(view, 4, FIELD);
  view.setUint32(4 + WITNESS_BYTES, witness.length / WITNESS_BYTES, true);
  return writeSections(
    "wtns",
    2,
    new Map([
      [1, header],
      [2, witness],
    ]),
  );
}

async function readJson<T>(path: string, file: string, schema: z.ZodType<T>): Promise<T> {
  try {
    return schema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new RapidsnarkError(path, `wrote no proof that can be read`, cause);
  }
}

/** What a failed process said last, or how it ended. */
function reasonOf(cause: unknown): string {
  const { stderr, code, signal } = cause as { stderr?: string; code?: number | string; signal?: string };
  return stderr?.trim().split("\n").at(-1) || (signal ? `it was ended by ${signal}` : `it ended with code ${code}`);
}
