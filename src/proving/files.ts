import { createHash } from "node:crypto";
import { closeSync, createReadStream, fstatSync, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { replaceFile } from "../chain/replaceFile.ts";
import { FileAccessError } from "./errors.ts";

/** @throws FileAccessError */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new FileAccessError("read", path, cause);
  }
}

/**
 * {@link replaceFile}, for what is proven with.
 * @throws FileAccessError
 */
export async function writeAtomically(path: string, pieces: Iterable<Uint8Array>, partial?: string): Promise<void> {
  try {
    await replaceFile(path, pieces, partial);
  } catch (cause) {
    throw new FileAccessError("write", path, cause);
  }
}

/** Whether a partial file, named by `partialPath`, was left behind by a process that is no more. */
export function isOrphaned(partial: string): boolean {
  const pid = /\.(\d+)-\d+-\d+\.partial$/.exec(partial)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** A file whose parts are read when they are needed. */
export interface OpenFile {
  readonly length: number;
  /** @throws FileAccessError, also when the file ends before */
  read(at: number, length: number): Uint8Array<ArrayBuffer>;
  /** The same into bytes that are there, which may be shared with other threads. @throws FileAccessError */
  readInto(bytes: Uint8Array, at: number): void;
}

/** More at a time is refused by some systems. */
const MAX_READ = 2 ** 30;

/** @throws FileAccessError when the file cannot be opened */
export async function withFile<T>(path: string, use: (file: OpenFile) => T | Promise<T>): Promise<T> {
  const guarded = <R>(work: () => R): R => {
    try {
      return work();
    } catch (cause) {
      throw new FileAccessError("read", path, cause);
    }
  };
  const descriptor = guarded(() => openSync(path, "r"));
  const readInto = (bytes: Uint8Array, at: number): void =>
    guarded(() => {
      for (let done = 0; done < bytes.length;) {
        const count = readSync(descriptor, bytes, done, Math.min(bytes.length - done, MAX_READ), at + done);
        if (count === 0) throw new Error(`it ends at byte ${at + done}`);
        done += count;
      }
    });
  const read = (at: number, length: number): Uint8Array<ArrayBuffer> => {
    const bytes = new Uint8Array(length);
    readInto(bytes, at);
    return bytes;
  };
  try {
    return await use({ length: guarded(() => fstatSync(descriptor).size), read, readInto });
  } finally {
    closeSync(descriptor);
  }
}

/** @throws FileAccessError */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new FileAccessError("read", path, cause);
  }
  return hash.digest("hex");
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
