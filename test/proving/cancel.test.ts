import { readdirSync } from "node:fs";
import { expect } from "chai";
import { PROFILES } from "../../src/protocol/profile.ts";
import { profileInstances } from "../../src/proving/circuitInstance.ts";
import { compileAll } from "../../src/proving/circuits.ts";
import { CancelledError } from "../../src/proving/errors.ts";
import { buildKeys } from "../../src/proving/keys/build.ts";
import { ProverPool, type ProvingCircuit } from "../../src/proving/pool.ts";
import { projectPath } from "../../src/setup/project.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { profileInputs } from "./profileInputs.ts";

const MIB = 2 ** 20;
/** Of what two threads have in the middle of a proof: their kernels alone have more. */
const AT_LEAST = 16 * MIB;
const LIMIT_MS = 200;
/** The second thread begins within that time. */
const HELPED_MS = 5_000;

const threads = (): number => readdirSync("/proc/self/task").length;
const resident = (): number => process.memoryUsage.rss();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a proof that is cancelled", function () {
  this.timeout(600_000);
  // On a machine that does much else, a thread may get no time at all in 200 ms.
  this.retries(4);
  const profile = PROFILES.dev;
  let circuit: ProvingCircuit;
  before(async function () {
    if (process.platform !== "linux") this.skip();
    const instances = profileInstances(profile).filter(({ name }) => name === "BaseRollup");
    const [compiled] = await compileAll(instances, { outDir: projectPath("build", "circuits", profile.name) });
    const [key] = await buildKeys([compiled!], { buildDir: projectPath("build", "keys") });
    circuit = { ...compiled!, key: key! };
  });

  it("stops within 200 ms, on all of its threads, and gives their memory back", async () => {
    await using pool = new ProverPool({ threads: 2 });
    const input = profileInputs(profile).BaseRollup();
    const before = threads();
    const idle = resident();
    const controller = new AbortController();
    let begun = (): void => undefined;
    const proving = new Promise<void>((resolve) => (begun = resolve));
    const proof = expectRejection(
      pool.prove({
        circuit,
        input,
        signal: controller.signal,
        onProgress: ({ phase }) => phase === "proof" && begun(),
      }),
      CancelledError,
      "the BaseRollup proof was cancelled",
    );
    // Awaited below: a proof that was done sooner must not end the process.
    proof.catch(() => undefined);
    await proving;
    // Until the second thread helps, and both have memory: a proof takes longer than either.
    const helpedUntil = performance.now() + HELPED_MS;
    const isHelped = (): boolean => threads() >= before + 2 && resident() - idle >= 2 * AT_LEAST;
    while (!isHelped() && performance.now() < helpedUntil) await pause(1);
    expect(isHelped()).to.equal(true);
    const during = resident();
    const start = performance.now();
    controller.abort();
    await proof;
    while (threads() > before) await pause(5);
    expect(performance.now() - start).to.be.at.most(LIMIT_MS);
    expect(during - resident()).to.be.at.least(AT_LEAST);
    // The key is still there, and threads come again.
    expect((await pool.prove({ circuit, input })).publicSignals).to.have.length.above(0);
  });
});
