import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";
import { decode, encode } from "../../database/json.ts";
import type { CircuitInput } from "../circuitInput.ts";
import type { CircuitName } from "../circuitInstance.ts";
import type { ProofTask } from "../prover.ts";
import { SealedJobError } from "./errors.ts";
import { TransportKey } from "./transportKey.ts";

const CIPHER = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CONTEXT = "b52 proving job 1";
/** A key that wraps is used once, so its nonce may be known. */
const ONCE = Buffer.alloc(NONCE_BYTES);

const hexKey = z.string().regex(/^[0-9a-f]{64}$/);

/** A proof to be made, as it lies in Redis: only workers that the prover lists can read its input. */
export const sealedJob = z.strictObject({
  id: z.string(),
  circuit: z.string(),
  /** Of the circuit that the proof is for: a worker with another one has nothing to prove with. */
  circuitHash: z.string(),
  /** Public key of the prover. */
  from: hexKey,
  /** Public key that was made for this job alone. */
  ephemeral: hexKey,
  /** Nonce, ciphertext and tag, base64. */
  body: z.string(),
  /** The key of the body, for each worker: ciphertext and tag, base64. */
  keys: z.record(hexKey, z.string()),
});

export type SealedJob = z.output<typeof sealedJob>;

export interface OpenedJob {
  readonly circuit: CircuitName;
  readonly circuitHash: string;
  readonly task: ProofTask;
}

/** The same proof has the same id, however often it is asked for. */
export function queueJobId(circuit: CircuitName, circuitHash: string, { publicInputs, node }: ProofTask): string {
  return createHash("sha256").update(encode({ circuit, circuitHash, publicInputs, node })).digest("hex");
}

/**
 * Encrypts a job for workers, and shows them whose it is. The body has a key of its own, which is wrapped for each
 * worker with what the prover's key and a key made for this job each share with the worker's: the first says who the
 * prover is, the second keeps old jobs closed if the prover's key becomes known. What is wrapped is bound to the whole
 * job, so no worker can put another body before another one.
 */
export function sealJob(
  { circuit, circuitHash, task }: OpenedJob,
  from: TransportKey,
  workers: readonly string[],
): SealedJob {
  const id = queueJobId(circuit, circuitHash, task);
  const ephemeral = TransportKey.random();
  const head = { id, circuit, circuitHash, from: from.publicKey, ephemeral: ephemeral.publicKey };
  const key = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const { input, publicInputs, node } = task;
  const text = Buffer.from(encode({ input, publicInputs, ...(node && { node }) }));
  const body = Buffer.concat([nonce, encrypt(key, nonce, text, encode(head))]).toString("base64");
  const keys = workers.map((worker) => {
    const wrapping = wrappingKey(ephemeral.agree(worker), from.agree(worker), { ...head, body }, worker);
    return [worker, encrypt(wrapping, ONCE, key, CONTEXT).toString("base64")] as const;
  });
  return { ...head, body, keys: Object.fromEntries(keys) };
}

/**
 * The inverse of {@link sealJob}, for one of its workers.
 * @param provers public keys of those that the worker works for
 * @throws {SealedJobError}
 */
export function openJob(found: unknown, worker: TransportKey, provers: readonly string[]): OpenedJob {
  const parsed = sealedJob.safeParse(found);
  if (!parsed.success) throw new SealedJobError("without a form", "it is no job of this program");
  const { keys, body, ...head } = parsed.data;
  const { id, circuit, circuitHash, from, ephemeral } = head;
  if (!provers.includes(from)) throw new SealedJobError(id, `it is from ${from}, which this worker does not work for`);
  const wrapped = keys[worker.publicKey];
  if (wrapped === undefined) throw new SealedJobError(id, `it is not for this worker, ${worker.publicKey}`);
  try {
    const wrapping = wrappingKey(worker.agree(ephemeral), worker.agree(from), { ...head, body }, worker.publicKey);
    const key = decrypt(wrapping, ONCE, Buffer.from(wrapped, "base64"), CONTEXT);
    const bytes = Buffer.from(body, "base64");
    const text = decrypt(key, bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES), encode(head));
    const task = decode(text.toString()) as ProofTask & { readonly input: CircuitInput };
    return { circuit: circuit as CircuitName, circuitHash, task };
  } catch {
    // What failed would tell an attacker more than an operator.
    throw new SealedJobError(id, "it is not as its prover has sealed it");
  }
}

function wrappingKey(ephemeral: Buffer, fixed: Buffer, job: Omit<SealedJob, "keys">, worker: string): Buffer {
  const salt = createHash("sha256").update(encode(job)).update(worker).digest();
  return Buffer.from(hkdfSync("sha256", Buffer.concat([ephemeral, fixed]), salt, CONTEXT, KEY_BYTES));
}

function encrypt(key: Uint8Array, nonce: Uint8Array, text: Uint8Array, bound: string): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(Buffer.from(bound));
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, bound: string): Buffer {
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(bound));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
}
