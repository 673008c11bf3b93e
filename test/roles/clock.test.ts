import { expect } from "chai";
import { globSync, readFileSync } from "node:fs";
import { projectPath } from "../../src/setup/project.ts";
import { MovableClock, realClock, Waker } from "../../src/roles/index.ts";

/** A chain's clock that jumps, and remembers where to. */
function jumping() {
  const jumps: bigint[] = [];
  let time = 100n;
  return {
    jumps,
    now: () => Promise.resolve(time),
    until: (timestamp: bigint) => {
      if (timestamp > time) {
        time = timestamp;
        jumps.push(timestamp);
      }
      return Promise.resolve();
    },
  };
}

const never = new AbortController().signal;

describe("the clock of roles", () => {
  it("is L1's: nothing that a role decides or does reads the time of its machine", () => {
    const files = globSync("src/roles/**/*.ts", { cwd: projectPath() });
    expect(files).to.have.length.greaterThan(40);
    const isRead = (file: string): boolean => /\bDate\b|\bsetInterval\b/.test(readFileSync(projectPath(file), "utf8"));
    expect(files.filter(isRead)).to.deep.equal([]);
    // What a proof takes is measured, and a builder that says nothing is not waited for: neither is a moment.
    const measures = (file: string): boolean =>
      /performance\.now|setTimeout/.test(readFileSync(projectPath(file), "utf8"));
    expect(files.filter(measures).sort()).to.deep.equal([
      "src/roles/proposer/processBuilder.ts",
      "src/roles/prover/proofMaker.ts",
    ]);
  });
});

describe("shared clocks", () => {
  it("jump to the first moment that somebody waits for, and wake each in its time", async () => {
    const chain = jumping();
    const clock = new MovableClock(chain);
    const woken: bigint[] = [];
    const wait = async (moment: bigint) => {
      await clock.until(moment, never);
      woken.push(moment);
    };
    await Promise.all([wait(300n), wait(200n), wait(250n), wait(50n)]);
    expect(woken).to.deep.equal([50n, 200n, 250n, 300n]);
    expect(chain.jumps).to.deep.equal([200n, 250n, 300n]);
  });

  it("stand still while anybody is at work", async () => {
    const chain = jumping();
    const clock = new MovableClock(chain);
    const [first, second] = [clock.busy(), clock.busy()];
    const waiting = clock.until(200n, never);
    await new Promise((resolve) => setTimeout(resolve, 5));
    first();
    first();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(chain.jumps).to.deep.equal([]);
    second();
    await waiting;
    expect(chain.jumps).to.deep.equal([200n]);
  });

  it("do not jump for somebody who has left", async () => {
    const chain = jumping();
    const clock = new MovableClock(chain);
    const atWork = clock.busy();
    const stop = new AbortController();
    const left = clock.until(200n, stop.signal).catch((error: unknown) => error);
    const stays = clock.until(300n, never);
    const reason = new Error("left");
    stop.abort(reason);
    expect(await left).to.equal(reason);
    atWork();
    await stays;
    expect(chain.jumps).to.deep.equal([300n]);
  });

  it("are the chain's own where it makes its blocks by itself", async () => {
    const clock = realClock(jumping());
    clock.busy();
    await clock.until(200n, never);
    expect(await clock.now()).to.equal(200n);
  });
});

describe("waking", () => {
  it("ends a wait when something happens, and misses nothing that happened before", async () => {
    const waker = new Waker();
    const clock = realClock({ now: () => Promise.resolve(0n), until: async (_, signal) => endless(signal) });
    const { version } = waker;
    const waiting = waker.wait(clock, undefined, version, never);
    waker.wake();
    await waiting;
    await waker.wait(clock, undefined, version, never);
    const again = waker.wait(clock, 5n, waker.version, never);
    waker.wake();
    await again;
  });

  it("ends with the signal's reason", async () => {
    const waker = new Waker();
    const stop = new AbortController();
    const clock = realClock({ now: () => Promise.resolve(0n), until: async (_, signal) => endless(signal) });
    for (const until of [undefined, 5n]) {
      const waiting = waker.wait(clock, until, waker.version, stop.signal).catch((error: unknown) => error);
      if (until === undefined) stop.abort(new Error("stop"));
      expect(await waiting).to.equal(stop.signal.reason);
    }
  });
});

async function endless(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal!.addEventListener("abort", () => reject(signal!.reason as Error), { once: true });
  });
}
