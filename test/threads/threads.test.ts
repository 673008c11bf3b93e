import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { ThreadPool } from "../../src/threads/threads.ts";
import { temporaryFolder } from "../support/testCircuit.ts";

describe("thread pool", () => {
  const folder = temporaryFolder();

  /** A thread's module whose handler has this body. */
  async function moduleOf(name: string, body: string, prelude = "", type = "number"): Promise<URL> {
    const path = join(folder(), `${name}.mts`);
    const threads = JSON.stringify(new URL("../../src/threads/threads.ts", import.meta.url).href);
    await writeFile(
      path,
      `import { serve } from ${threads};\n${prelude}\nserve(async (task: ${type}, report: (n: number) => void) ` +
        `=> { ${body} });`,
    );
    return pathToFileURL(path);
  }

  async function failure(promise: Promise<unknown>): Promise<string> {
    return promise.then(
      () => expect.fail("expected a failure"),
      (error: unknown) => (error as Error).message,
    );
  }

  const ignore = (): void => undefined;

  it("runs tasks in order and passes on what they report", async () => {
    const pool = new ThreadPool<number, number, number>(
      await moduleOf("square", "report(task); return task * task;"),
      1,
    );
    const reports: number[] = [];
    const results = await Promise.all([3, 4, 5].map((task) => pool.run(task, (message) => reports.push(message))));
    expect(results).to.deep.equal([9, 16, 25]);
    expect(reports).to.deep.equal([3, 4, 5]);
    await pool.close();
  });

  it("keeps tasks until a module that awaits something, and is not the only one to listen, takes them", async () => {
    const prelude = `
      import { parentPort } from "node:worker_threads";
      parentPort.on("message", () => undefined);
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));`;
    const pool = new ThreadPool<number, number, number>(await moduleOf("late", "return task + 1;", prelude), 1);
    expect(await Promise.all([1, 2].map((task) => pool.run(task, ignore)))).to.deep.equal([2, 3]);
    await pool.close();
  });

  it("runs a task as it was asked for, and refuses at once what cannot be sent to a thread", async () => {
    const body = "return task.reduce((sum, each) => sum + each, 0);";
    const pool = new ThreadPool<unknown, number, number>(await moduleOf("sum", body, "", "number[]"), 1);
    const [now, later] = [
      [1, 2],
      [3, 4],
    ];
    const sums = [now, later].map((task) => pool.run(task, ignore));
    for (const task of [now, later]) task.fill(0);
    expect(await failure(pool.run(() => undefined, ignore))).to.contain("could not be cloned");
    expect(await Promise.all(sums)).to.deep.equal([3, 7]);
    expect(await pool.run([5], ignore)).to.equal(5);
    await pool.close();
  });

  it("runs as many tasks at a time as it has threads, and no more", async () => {
    // Every task waits until two have begun, so that a single thread would wait for ever.
    // They count themselves, in memory that they share: reports of two threads may arrive in any order.
    const body = `
      const [BEGUN, RUNNING, MOST] = [0, 1, 2];
      const shared = new Int32Array(task);
      const running = Atomics.add(shared, RUNNING, 1) + 1;
      for (let most; (most = Atomics.load(shared, MOST)) < running; )
        Atomics.compareExchange(shared, MOST, most, running);
      Atomics.add(shared, BEGUN, 1);
      while (Atomics.load(shared, BEGUN) < 2);
      Atomics.sub(shared, RUNNING, 1);`;
    const pool = new ThreadPool<SharedArrayBuffer, void, number>(
      await moduleOf("pair", body, "", "SharedArrayBuffer"),
      2,
    );
    const shared = new SharedArrayBuffer(12);
    await Promise.all([1, 2, 3, 4, 5].map(() => pool.run(shared, ignore)));
    expect([...new Int32Array(shared)]).to.deep.equal([5, 0, 2]);
    await pool.close();
  });

  it("loses one task, and no other, to a thread that dies", async () => {
    const pool = new ThreadPool<number, number, number>(
      await moduleOf("deadly", "if (task === 0) process.exit(7); return task;"),
      1,
    );
    const [dead, alive] = [failure(pool.run(0, ignore)), pool.run(1, ignore)];
    expect(await dead).to.equal("its thread exited with code 7");
    expect(await alive).to.equal(1);
    await pool.close();
  });

  it("fails every task, and does not start threads over and over, when the module cannot load", async () => {
    const pool = new ThreadPool<number, number, number>(
      await moduleOf("broken", "return task;", 'throw new Error("broken start");'),
      2,
    );
    const failures = await Promise.all([1, 2, 3].map((task) => failure(pool.run(task, ignore))));
    expect(failures).to.deep.equal(["broken start", "broken start", "broken start"]);
    await pool.close();
  });

  it("ends a task that never yields when it is aborted", async () => {
    const pool = new ThreadPool<number, number, number>(
      await moduleOf("busy", "report(0); if (task === 0) for (;;); return task;"),
      1,
    );
    const controller = new AbortController();
    const stuck = failure(pool.run(0, () => controller.abort(new Error("enough")), controller.signal));
    expect(await pool.run(1, ignore)).to.equal(1);
    expect(await stuck).to.equal("enough");
    await pool.close();
    expect(await failure(pool.run(1, ignore))).to.equal("the threads were stopped");
  });
});
