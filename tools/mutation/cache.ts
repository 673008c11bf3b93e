import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Results on disk, by the hash of all that they follow from. */
export class Cache {
  readonly #folder: string;
  readonly #used = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param parts all that the result follows from; it has to survive JSON */
  async get<T>(parts: readonly unknown[], make: () => T | Promise<T>): Promise<T> {
    const name = `${createHash("sha256").update(JSON.stringify(parts)).digest("hex")}.json`;
    this.#used.add(name);
    const file = join(this.#folder, name);
    const known = await readFile(file, "utf8").catch(() => undefined);
    if (known !== undefined) return JSON.parse(known) as T;
    const result = await make();
    await mkdir(this.#folder, { recursive: true });
    await writeFile(file, JSON.stringify(result));
    return result;
  }

  /** Removes what was not asked for. */
  async prune(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const name of names) if (!this.#used.has(name)) await rm(join(this.#folder, name));
  }
}
