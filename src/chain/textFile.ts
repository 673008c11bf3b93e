import { readFile } from "node:fs/promises";

/**
 * The text of a file, without the mark that some editors begin it with. What Windows writes as "Unicode" is UTF-16; all
 * else is UTF-8.
 */
export async function readTextFile(path: string): Promise<string> {
  const bytes = await readFile(path);
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}
