import { expect } from "chai";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { LockedError, NodeDatabase, ProcessLock } from "../../src/database/index.ts";
import { projectPath } from "../../src/setup/project.ts";
import { expectRejection } from "../support/expectRejection.ts";

const TIMEOUT_MS = 60_000;

describe("process lock", function () {
  this.timeout(TIMEOUT_MS);
  let folder: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "b52-lock-"))));
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  async function hold(path: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, ["--import", "tsx", projectPath("test", "database", "lockChild.ts"), path], {
      cwd: projectPath(),
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    await once(child.stdout, "data");
    return child;
  }

  it("refuses a second process with the number of the first, and ends with it however it dies", async () => {
    const path = join(folder, "node.lock");
    const child = await hold(path);
    const error = await expectRejection(NodeDatabase.open(folder, "rollup"), LockedError, `process ${child.pid}`);
    expect(error.holder).to.deep.include({ pid: child.pid, host: hostname() });
    expect(Math.abs(Date.now() - error.holder!.since.getTime())).to.be.below(TIMEOUT_MS);
    expect(error.message).to.match(
      / since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, expected no other process: stop that one first$/,
    );
    child.kill("SIGKILL");
    await once(child, "exit");
    (await NodeDatabase.open(folder, "rollup")).close();
    // One after another, as a supervisor does it.
    const next = await hold(path);
    next.kill("SIGKILL");
    await once(next, "exit");
    (await ProcessLock.take(path)).release();
  });

  it("is held once in a process, too", async () => {
    const path = join(folder, "key.lock");
    const lock = await ProcessLock.take(path);
    await expectRejection(ProcessLock.take(path), LockedError, `process ${process.pid}`);
    lock.release();
    (await ProcessLock.take(path)).release();
  });

  it("goes to one of many who want it at the same moment", async () => {
    const path = join(folder, "key.lock");
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => ProcessLock.take(path, path, 1_000 + i)),
    );
    const taken = tries.filter((each) => each.status === "fulfilled");
    expect(taken).to.have.length(1);
    for (const each of tries) if (each.status === "rejected") expect(each.reason).to.be.instanceOf(LockedError);
    taken[0]!.value.release();
  });
});
