import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { B52Error } from "../../protocol/errors.ts";
import { FileAccessError, KeyTamperedError, PreparedKeyError } from "../errors.ts";
import { isOrphaned, sha256OfFile, withFile, writeAtomically } from "../files.ts";
import { viewOf } from "../keys/binfile.ts";
import { ALIGNMENT, type CircuitKey, type KeyHead, prepareKey } from "./circuitKey.ts";
import { kernelsHash } from "./compileKernels.ts";
import type { Kernels } from "./kernels.ts";

/*
 * Prepared keys are kept beside their `.zkey`. Their names have a hash of all that they are made from: of the `.zkey`,
 * of the kernels, and of the modules that give them their form.
 *
 * A file is MAGIC, the SHA-256 of that hash in its name and of everything behind, the length of the head, the head as
 * JSON filled up with spaces, and the data. So the file of another key is none under this one's name.
 */

const MAGIC = "b52.key\n";
const HASH_AT = MAGIC.length;
const HASH_BYTES = 32;
const HEAD_LENGTH_AT = HASH_AT + HASH_BYTES;
const HEAD_AT = HEAD_LENGTH_AT + 4;
const SUFFIX = ".prepared";
const FORM = ["circuitKey.ts", "keyPoints.ts", "rows.ts", "limbs.ts", "keyCache.ts"];

export interface ZkeyFile {
  readonly zkeyPath: string;
  /** SHA-256 of what must be in it. */
  readonly zkeyHash: string;
}

export interface CachedKey {
  readonly key: CircuitKey;
  /** What was wrong with the cache, for the operator. */
  readonly warnings: readonly string[];
}

/** Where the prepared form of a key is kept. */
export async function preparedPathOf({ zkeyPath, zkeyHash }: ZkeyFile): Promise<string> {
  const form = await Promise.all(
    FORM.map((name) => readFile(fileURLToPath(new URL(`./${name}`, import.meta.url)), "utf8")),
  );
  const made = createHash("sha256").update(JSON.stringify([zkeyHash, await kernelsHash(), ...form]));
  return `${stemOf(zkeyPath)}.${made.digest("hex").slice(0, 16)}${SUFFIX}`;
}

function stemOf(zkeyPath: string): string {
  return zkeyPath.replace(/\.zkey$/, "");
}

/**
 * A key in the kernels' form, as it was kept, or made from its `.zkey` and kept. One that is damaged is made again.
 *
 * @throws FileMalformedError @throws FileAccessError when the `.zkey` cannot be read
 * @throws KeyTamperedError when the `.zkey` is another one
 */
export async function loadCircuitKey(kernels: Kernels, file: ZkeyFile): Promise<CachedKey> {
  const { zkeyPath, zkeyHash } = file;
  const path = await preparedPathOf(file);
  const warnings: string[] = [];
  try {
    return { key: await readPrepared(path), warnings };
  } catch (error) {
    if (!(error instanceof B52Error)) throw error;
    if (!isMissing(error)) warnings.push(`${error.message}; it is made again from ${zkeyPath}`);
  }
  const hash = await sha256OfFile(zkeyPath);
  if (hash !== zkeyHash) throw new KeyTamperedError(zkeyPath, "zkeyHash", hash, zkeyHash);
  const key = await withFile(zkeyPath, (source) => kernels.guarded(() => prepareKey(kernels, source, zkeyPath)));
  try {
    await removeOthers(zkeyPath, path);
    await writeAtomically(path, encode(key, path));
  } catch (error) {
    if (!(error instanceof FileAccessError)) throw error;
    warnings.push(`${error.message}; without it, keys are prepared anew by every process`);
  }
  return { key, warnings };
}

/**
 * Reads what {@link encode} gave into memory that threads share.
 *
 * @throws FileAccessError @throws PreparedKeyError
 */
export function readPrepared(path: string): Promise<CircuitKey> {
  return withFile(path, (file) => {
    const fail = (reason: string): never => {
      throw new PreparedKeyError(path, reason);
    };
    if (file.length < HEAD_AT) fail(`${file.length} bytes, shorter than a header`);
    const start = file.read(0, HEAD_AT);
    if (Buffer.from(start.subarray(0, HASH_AT)).toString("latin1") !== MAGIC) fail("it begins otherwise");
    const headLength = viewOf(start).getUint32(HEAD_LENGTH_AT, true);
    if (HEAD_AT + headLength > file.length) fail(`${file.length} bytes, its head alone would have ${headLength}`);
    const head = file.read(HEAD_AT, headLength);
    const data = new SharedArrayBuffer(file.length - HEAD_AT - headLength);
    file.readInto(new Uint8Array(data), HEAD_AT + headLength);
    const hash = hashOf(path, [start.subarray(HEAD_LENGTH_AT), head, new Uint8Array(data)]);
    if (!hash.equals(start.subarray(HASH_AT, HEAD_LENGTH_AT))) fail("its checksum is another one");
    return { head: JSON.parse(Buffer.from(head).toString()) as KeyHead, data };
  });
}

/** A prepared key as the pieces of the file that it is kept in. */
export function encode({ head, data }: CircuitKey, path: string): Uint8Array[] {
  const json = JSON.stringify(head);
  const padded = Buffer.from(json.padEnd(ALIGNMENT * Math.ceil((HEAD_AT + json.length) / ALIGNMENT) - HEAD_AT));
  const length = Buffer.alloc(HEAD_AT - HEAD_LENGTH_AT);
  length.writeUInt32LE(padded.length);
  const rest = [length, padded, new Uint8Array(data)];
  return [Buffer.from(MAGIC), hashOf(path, rest), ...rest];
}

function hashOf(path: string, pieces: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256").update(basename(path, SUFFIX).split(".").at(-1)!);
  for (const piece of pieces) hash.update(piece);
  return hash.digest();
}

/** Removes what was made of this key by other kernels, and what killed processes left behind. */
async function removeOthers(zkeyPath: string, path: string): Promise<void> {
  const folder = dirname(zkeyPath);
  const stem = `${basename(stemOf(zkeyPath))}.`;
  const names = await readdir(folder).catch(() => []);
  const old = names.filter(
    (name) =>
      name.startsWith(stem) &&
      ((name.endsWith(SUFFIX) && name !== basename(path)) || (name.includes(`${SUFFIX}.`) && isOrphaned(name))),
  );
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
}

function isMissing({ cause }: B52Error): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}
