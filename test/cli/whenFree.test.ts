import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { whenFree } from "../../src/cli/whenFree.ts";
import { LevelStore } from "../../src/state/levelStore.ts";
import { StoreLockedError } from "../../src/state/store.ts";
import { expectRejection } from "../support/expectRejection.ts";

describe("a command whose store another one has open", () => {
  let folder: string;
  let held: LevelStore;
  let lines: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-free-"));
    held = await LevelStore.open(folder);
    lines = [];
  });
  afterEach(async () => {
    await held.close();
    await rm(folder, { recursive: true });
  });

  const open = () => LevelStore.open(folder);
  const waiting = (more: { signal?: AbortSignal; patienceMs?: number; said?: () => unknown } = {}) => ({
    signal: more.signal ?? new AbortController().signal,
    note: (line: string) => {
      lines.push(line);
      more.said?.();
    },
    ...(more.patienceMs !== undefined && { patienceMs: more.patienceMs }),
  });

  it("waits for it, says so, and has it then", async () => {
    const store = await whenFree(open, folder, waiting({ said: () => held.close() }));
    await store.close();
    expect(lines).to.deep.equal([`waiting for another b52 command, which has ${folder} open`]);
  });

  it("stops when it is told to, or after a while", async () => {
    const stop = new AbortController();
    const stopped = whenFree(open, folder, waiting({ signal: stop.signal, said: () => stop.abort() }));
    expect(((await stopped.catch((error: unknown) => error)) as Error).name).to.equal("AbortError");
    const attempt = whenFree(open, folder, waiting({ patienceMs: 0 }));
    await expectRejection(attempt, StoreLockedError, "another b52 has it open");
  });

  it("does not wait for anything else", async () => {
    const failing = () => Promise.reject(new Error("no memory"));
    await expectRejection(whenFree(failing, folder, waiting()), Error, "no memory");
    expect(lines).to.deep.equal([]);
  });
});
