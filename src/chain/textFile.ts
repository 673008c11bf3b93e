import { readFile } from "node:fs/promises";
import { fileFault } from "./fileFault.ts";

/**
 * The text of a file, without the mark that some editors begin it with. What Windows writes as "Unicode" is UTF-16; all
 * else is UTF-8.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

/** The error of files of one kind. */
export type FileErrorClass = new (path: string, reason: string, options?: ErrorOptions) => Error;

/**
 * The text of a file that an operator names.
 * @param missing what is said of one that is not there
 * @throws an error of the class that is given
 */
export async function readNamedFile(
  path: string,
  FileError: FileErrorClass,
  missing = "it does not exist",
): Promise<string> {
  return readTextFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new FileError(path, cause.code === "ENOENT" ? missing : fileFault(cause), { cause });
  });
}

/** What {@link readNamedFile} reads, as JSON. */
export async function readJsonFile(path: string, FileError: FileErrorClass, missing?: string): Promise<unknown> {
  const text = await readNamedFile(path, FileError, missing);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new FileError(path, "it is not JSON", { cause });
  }
}
