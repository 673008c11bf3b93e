import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./testNode.ts";

/** Whether this machine has a Redis. */
export const hasRedis = (): boolean => spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;

/** A Redis of its own, on a free port of the loopback, with a password. */
export class TestRedis {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, child: ChildProcess, folder: string) {
    this.url = url;
    this.#child = child;
    this.#folder = folder;
  }

  static async start(): Promise<TestRedis> {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), "b52-redis-"));
    const password = "of-a-test";
    const child = spawn(
      "redis-server",
      [
        ...["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--requirepass", password],
        ...["--save", "", "--appendonly", "no"],
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    for await (const chunk of child.stdout) if (String(chunk).includes("Ready to accept connections")) break;
    child.stdout.resume();
    return new TestRedis(`redis://:${password}@127.0.0.1:${port}`, child, folder);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill("SIGKILL");
      await once(this.#child, "exit");
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
