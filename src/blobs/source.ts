import { decodeBlob } from "./blob.ts";
import { BlobUnavailableError, WrongBlobError } from "./errors.ts";
import { Kzg, versionedHashOf } from "./kzg.ts";

/** A blob, and when L1 took it. */
export interface BlobName {
  /** 32 bytes as hexadecimal. */
  readonly versionedHash: string;
  /** L1 time, Unix seconds: its block is not older, and not younger. */
  readonly notBefore: bigint;
  readonly notAfter: bigint;
}

/** Where blobs come from. What it gives has been checked. */
export interface BlobSource {
  /** For messages. */
  readonly name: string;
  /**
   * The bytes of a blob, as L1 has them.
   * @throws {BlobUnavailableError} where it cannot give them
   * @throws the signal's reason
   */
  get(blob: BlobName, signal?: AbortSignal): Promise<Uint8Array>;
  /** Whether it can be used at all. @throws {BlobSourceError} */
  check(signal?: AbortSignal): Promise<void>;
}

/**
 * `blob`, if it is the one that is meant. Its commitment is computed anew: a value at a point that everybody knows
 * proves nothing.
 * @param source what gave it, for the error
 * @throws {WrongBlobError}
 */
export async function authenticate(blob: Uint8Array, versionedHash: string, source: string): Promise<Uint8Array> {
  const kzg = await Kzg.load();
  let found: string;
  try {
    found = versionedHashOf(kzg.commit(decodeBlob(blob)));
  } catch (error) {
    throw new WrongBlobError(source, versionedHash, (error as Error).message, { cause: error });
  }
  if (found !== versionedHash) throw new WrongBlobError(source, versionedHash, found);
  return blob;
}

/** Keeps blobs, and gives them back. */
export interface BlobStore extends BlobSource {
  /** Durable when it settles. A blob that is there already is left alone. */
  put(versionedHash: string, blob: Uint8Array): Promise<void>;
}

/** What a source may take for one blob. */
const TIMEOUT_MS = 30_000;

/** A node's own store and other sources, tried one after the other. What others give is kept. */
export class SourceList implements BlobStore {
  readonly #sources: readonly BlobSource[];
  readonly #timeoutMs: number;
  readonly #store: BlobStore;

  /** @param timeoutMs what each source may take for one blob */
  constructor(store: BlobStore, others: readonly BlobSource[], timeoutMs = TIMEOUT_MS) {
    this.#sources = [store, ...others];
    this.#timeoutMs = timeoutMs;
    this.#store = store;
  }

  get name(): string {
    return this.#sources.map(({ name }) => name).join(", ");
  }

  async get(blob: BlobName, signal?: AbortSignal): Promise<Uint8Array> {
    const failures: string[] = [];
    for (const source of this.#sources) {
      signal?.throwIfAborted();
      try {
        const found = await within(this.#timeoutMs, signal, (limited) => source.get(blob, limited));
        if (source !== this.#store) await this.#store.put(blob.versionedHash, found);
        return found;
      } catch (error) {
        signal?.throwIfAborted();
        failures.push(`${source.name}: ${reasonOf(error)}`);
      }
    }
    throw new BlobUnavailableError(blob.versionedHash, failures);
  }

  put(versionedHash: string, blob: Uint8Array): Promise<void> {
    return this.#store.put(versionedHash, blob);
  }

  async check(signal?: AbortSignal): Promise<void> {
    for (const source of this.#sources) await within(this.#timeoutMs, signal, (limited) => source.check(limited));
  }
}

/** Runs a task that ends when its time is up, even if it does not listen to its signal. */
async function within<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer in ${timeoutMs / 1_000} s`)), timeoutMs);
  const limited = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    return await new Promise<T>((resolve, reject) => {
      limited.addEventListener("abort", () => reject(limited.reason as Error), { once: true });
      task(limited).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
