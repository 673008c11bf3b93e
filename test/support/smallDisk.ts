import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { appendFile, cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Context } from "mocha";
import { makeFolder } from "../../src/chain/folders.ts";
import { freeBytes } from "../../src/database/index.ts";

export const MEBIBYTE = 1_048_576;

const PAGE = 4_096;

/** A disk of its own in memory, so small that it can be filled. */
export class SmallDisk {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A new one in a folder for temporary files. Skips the test where nobody may mount one. */
  static async mount(test: Context, mebibytes: number): Promise<SmallDisk> {
    const folder = await mkdtemp(join(tmpdir(), "b52-small-disk-"));
    if (isMounted(folder, mebibytes)) return new SmallDisk(folder);
    await rm(folder, { recursive: true });
    console.warn("skipped: this machine lets nobody mount a tmpfs");
    return test.skip();
  }

  /** Moves a folder that nobody uses to one. Skips the test where nobody may mount one. */
  static async move(test: Context, folder: string, mebibytes: number): Promise<SmallDisk> {
    const before = `${folder}-before`;
    const disk = await SmallDisk.mount(test, mebibytes);
    disk.unmount();
    await rename(folder, before);
    await makeFolder(folder);
    if (!isMounted(folder, mebibytes)) throw new Error(`a tmpfs could not be mounted at ${folder}`);
    await cp(before, folder, { recursive: true });
    await rm(before, { recursive: true });
    return new SmallDisk(folder);
  }

  /** Leaves so many bytes, or less than a page more. */
  async fill(left = 0): Promise<void> {
    const free = await freeBytes(this.folder);
    await appendFile(this.#ballast, new Uint8Array(Math.max(0, free - left - (free % PAGE)))).catch(
      (error: unknown) => {
        // Others write meanwhile.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      },
    );
  }

  async makeRoom(): Promise<void> {
    await rm(this.#ballast, { force: true });
  }

  /** Whoever still uses it keeps what it has open. Its folder goes, too. */
  unmount(): void {
    run("umount", "-l", this.folder);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #ballast(): string {
    return join(this.folder, "ballast");
  }
}

const run = (program: string, ...args: string[]): boolean => spawnSync(program, args, { stdio: "ignore" }).status === 0;

const isMounted = (folder: string, mebibytes: number): boolean =>
  run("mount", "-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", folder);
