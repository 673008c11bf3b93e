import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Deployment } from "../chain/deployment.ts";
import { keyLockFile, keySocket } from "../daemon/compose/keyLock.ts";
import { journalFolder } from "../deploy/journal.ts";

/**
 * What a devnet leaves on this machine beside its processes: the folder of its run, the journal of its deployment, and
 * the locks of keys that nobody has again. They go when it ends, also when it is ended on the spot.
 */
export class Traces {
  /** Of its run: settings, data, logs. */
  readonly folder: string;
  /** In the name of its deployment's journal, and in no other's. */
  readonly #label: string;
  readonly #locks: string[] = [];
  #onExit = (): void => undefined;

  constructor(folder: string, label: string) {
    this.folder = folder;
    this.#label = label;
  }

  /** Programs with these keys have run. */
  addKeys(addresses: readonly string[], deployment: Deployment): void {
    for (const address of addresses) this.#locks.push(keyLockFile(address, deployment), keySocket(address, deployment));
  }

  /** Removes them when this process ends, whatever it is at then. */
  removeAtExit(keepsFolder: boolean): void {
    this.#onExit = () => void this.remove(keepsFolder);
    process.once("exit", this.#onExit);
  }

  /**
   * Removes all of them, or leaves the folder for somebody to read if there is anything in it. Nothing that runs may
   * need them. @returns whether the folder is left
   */
  remove(keepsFolder: boolean): boolean {
    process.off("exit", this.#onExit);
    const journals = dirname(journalFolder(this.#label));
    const all = existsSync(journals) ? readdirSync(journals) : [];
    const names = all.filter((name) => name.endsWith(`-${this.#label}`));
    for (const path of [...this.#locks, ...names.map((name) => join(journals, name))])
      rmSync(path, { recursive: true, force: true });
    // A program that was killed may be writing its last line.
    if (!keepsFolder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    else if (existsSync(this.folder) && readdirSync(this.folder).length === 0) rmdirSync(this.folder);
    return existsSync(this.folder);
  }
}
