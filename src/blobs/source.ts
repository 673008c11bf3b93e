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
  /** Durable when it settles. Replaces a damaged copy. */
  put(versionedHash: string, blob: Uint8Array): Promise<void>;
}

/** What a source may take for one blob. */
const TIMEOUT_MS = 30_000;

export interface SourceListOptions {
  /** What each source may take for one blob. */
  readonly timeoutMs?: number;
  /** Told when the own store does not keep what another source gave. */
  readonly onWarning?: (warning: string) => void;
}

/** A blob that is being asked for. */
interface Request {
  readonly blob: Promise<Uint8Array>;
  readonly stop: AbortController;
  /** How many wait for it. */
  waiting: number;
}

/**
 * A node's own store and other sources, tried one after the other. What others give is kept. Several who want a blob at
 * once share one request, which ends when all of them have left.
 */
export class SourceList implements BlobStore {
  readonly #sources: readonly BlobSource[];
  readonly #timeoutMs: number;
  readonly #store: BlobStore;
  readonly #onWarning: (warning: string) => void;
  readonly #requests = new Map<string, Request>();

  constructor(
    store: BlobStore,
    others: readonly BlobSource[],
    { timeoutMs = TIMEOUT_MS, onWarning = warn }: SourceListOptions = {},
  ) {
    this.#sources = [store, ...others];
    this.#timeoutMs = timeoutMs;
    this.#store = store;
    this.#onWarning = onWarning;
  }

  get name(): string {
    return this.#sources.map(({ name }) => name).join(", ");
  }

  async get(blob: BlobName, signal?: AbortSignal): Promise<Uint8Array> {
    signal?.throwIfAborted();
    // Where a source looks depends on the times.
    const key = [blob.versionedHash, blob.notBefore, blob.notAfter].join(",");
    const request = this.#requests.get(key) ?? this.#begin(blob);
    this.#requests.set(key, request);
    request.waiting++;
    try {
      return await unlessAborted(signal, request.blob);
    } finally {
      if (--request.waiting === 0) {
        this.#requests.delete(key);
        request.stop.abort();
      }
    }
  }

  #begin(blob: BlobName): Request {
    const stop = new AbortController();
    return { blob: this.#ask(blob, stop.signal), stop, waiting: 0 };
  }

  async #ask(blob: BlobName, signal: AbortSignal): Promise<Uint8Array> {
    const failures: string[] = [];
    for (const source of this.#sources) {
      try {
        const found = await within(this.#timeoutMs, signal, (limited) => source.get(blob, limited));
        if (source !== this.#store) await this.#keep(blob.versionedHash, found);
        return found;
      } catch (error) {
        signal.throwIfAborted();
        // What to do about it is said once, of all of them.
        if (error instanceof BlobUnavailableError) failures.push(...error.failures);
        else failures.push(`${source.name}: ${reasonOf(error)}`);
      }
    }
    throw new BlobUnavailableError(blob.versionedHash, failures);
  }

  /** The blob is good whether it can be kept or not. */
  async #keep(versionedHash: string, blob: Uint8Array): Promise<void> {
    try {
      await this.#store.put(versionedHash, blob);
    } catch (error) {
      this.#onWarning(`${this.#store.name} does not keep blob ${versionedHash}: ${reasonOf(error)}`);
    }
  }

  put(versionedHash: string, blob: Uint8Array): Promise<void> {
    return this.#store.put(versionedHash, blob);
  }

  async check(signal?: AbortSignal): Promise<void> {
    for (const source of this.#sources) await within(this.#timeoutMs, signal, (limited) => source.check(limited));
  }
}

/** Runs a task that ends when its time is up, even if it does not listen to its signal. @throws the signal's reason */
export async function within<T>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no answer in ${timeoutMs / 1_000} s`)), timeoutMs);
  const limited = signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]);
  try {
    return await unlessAborted(limited, task(limited));
  } finally {
    clearTimeout(timer);
  }
}

/** What `result` becomes, unless the signal comes first. @throws the signal's reason */
async function unlessAborted<T>(signal: AbortSignal | undefined, result: Promise<T>): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal?.reason as Error);
  });
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([result, aborted]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

function warn(warning: string): void {
  process.emitWarning(warning, "BlobWarning");
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
