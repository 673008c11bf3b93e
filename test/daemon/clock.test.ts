import { expect } from "chai";
import type { L1Head } from "../../src/chain/index.ts";
import { ClockSkew } from "../../src/daemon/watch/clockSkew.ts";
import { Facts } from "../../src/daemon/watch/facts.ts";
import { HeadClock } from "../../src/daemon/watch/headClock.ts";
import { type LogLine, logTo } from "../../src/log/index.ts";
import { until } from "../support/until.ts";

/** A block every 12 s that is seen a second and a half after its time by a clock that is right. */
const SPACING = 12;
const head = (number: number): L1Head => ({
  ...{ number, hash: `0x${number}`, parentHash: `0x${number - 1}`, logsBloom: undefined },
  timestamp: BigInt(1_000_000 + SPACING * number),
});
const seenAt = (number: number, offMs: number): number => Number(head(number).timestamp) * 1_000 + 1_500 + offMs;

const watched = (): { facts: Facts; lines: LogLine[] } => {
  const lines: LogLine[] = [];
  const log = logTo((line) => lines.push(line));
  return { facts: new Facts(log, 500), lines };
};

describe("this machine's clock", () => {
  const skewOf = (offMs: number): number | undefined => {
    const skew = new ClockSkew();
    for (let i = 0; i < 5; i++) skew.see(head(i), seenAt(i, offMs));
    return skew.ms;
  };

  it("is as far off as heads show that come before their time, or all too late", () => {
    expect(skewOf(0)).to.equal(0);
    expect(skewOf(-5_000)).to.equal(-3_500);
    // A second is what timestamps are rounded by, a third of the time between blocks what a block may take.
    expect(skewOf(9_000)).to.equal(9_000 + 1_500 - 1_000 - 4_000);
    expect(new ClockSkew().ms).to.equal(undefined);
    // People read it.
    const skew = new ClockSkew();
    for (let i = 0; i < 5; i++) skew.see({ number: i, timestamp: BigInt(i) }, i * 1_000 + 3_000);
    expect(skew.ms).to.equal(3_000 - 1_000 - 333);
  });

  // Operators' complaint: clock drift.
  it("warns of a clock that is five seconds behind or ahead, and tells by how much", () => {
    for (const offMs of [-5_000, 5_000]) {
      const { facts, lines } = watched();
      for (let i = 0; i < 10; i++) facts.onHead(head(i), seenAt(i, offMs));
      const warned = lines.filter(({ code }) => code === "clock-skew");
      // Once a minute.
      expect(warned).to.have.length(2);
      expect(warned[0]!.message).to.match(offMs < 0 ? /3500 ms behind L1's/ : /1500 ms ahead of L1's/);
      expect(facts.skew.ms).to.equal(warned[1]!.fields["skewMs"]);
    }
    const { facts, lines } = watched();
    for (let i = 0; i < 10; i++) facts.onHead(head(i), seenAt(i, 400));
    expect(lines).to.deep.equal([]);
  });
});

describe("an L1 that makes blocks on demand alone", () => {
  /** As the program does. */
  const lookAll = (facts: Facts, from: number, seconds: number): void => {
    for (let passed = 0; passed <= seconds; passed += 5) facts.look(from + passed * 1_000);
  };

  it("is warned of once, and said to go on", () => {
    const { facts, lines } = watched();
    const start = seenAt(38, 0);
    facts.look(start);
    facts.onHead(head(38), start);
    lookAll(facts, start, 600);
    expect(lines.map(({ level, code }) => ({ level, code }))).to.deep.equal([{ level: "warn", code: "l1-still" }]);
    expect(lines[0]!.message).to.match(/^no block of L1 for 65 s, block 38 is the latest; all windows stand still/);
    facts.onHead(head(39), start + 600_000);
    expect(lines.slice(1).map(({ level, code }) => ({ level, code }))).to.deep.equal([
      { level: "info", code: "l1-goes-on" },
    ]);
    lookAll(facts, start + 605_000, 60);
    expect(lines.map(({ code }) => code)).to.deep.equal(["l1-still", "l1-goes-on", "l1-still"]);
  });

  it("is not warned of where the process was stopped itself, or its clock set", () => {
    const { facts, lines } = watched();
    const start = seenAt(38, 0);
    facts.onHead(head(38), start);
    lookAll(facts, start, 20);
    for (const later of [140_000, 3_600_000, 5_000]) lookAll(facts, start + later, 60);
    expect(lines).to.deep.equal([]);
    lookAll(facts, start + 70_000, 5);
    expect(lines.map(({ code }) => code)).to.deep.equal(["l1-still"]);
  });

  it("is not warned of while L1 does not answer at all, which is said already", () => {
    const { facts, lines } = watched();
    facts.onHead(head(38), seenAt(38, 0));
    facts.onFailure(new Error("it is gone"));
    lookAll(facts, seenAt(38, 0), 600);
    expect(lines.map(({ code }) => code)).to.deep.equal(["l1-unreachable"]);
  });
});

describe("the clock that all of a program go by", () => {
  it("stands still while L1 does not answer, says so, and wakes who waits for a moment", async () => {
    let latest = 1;
    let isDown = false;
    const failures: string[] = [];
    let recoveries = 0;
    const clock = new HeadClock({
      pollMs: 5,
      latest: async () => {
        if (isDown) throw new Error("it is gone");
        return head(latest);
      },
      onFailure: (error) => failures.push(error.message),
      onRecovery: () => recoveries++,
    });
    const stop = new AbortController();
    const running = clock.run(stop.signal);
    expect(await clock.now()).to.equal(head(1).timestamp);
    let isReached = false;
    const reached = clock.until(head(3).timestamp).then(() => (isReached = true));
    isDown = true;
    await until("failures", () => failures.length >= 2);
    latest = 3;
    expect(await clock.now()).to.equal(head(1).timestamp);
    expect(isReached).to.equal(false);
    isDown = false;
    await reached;
    expect(recoveries).to.equal(1);
    const waiting = clock.until(head(9).timestamp, stop.signal).then(
      () => "reached",
      (error: Error) => error.message,
    );
    stop.abort(new Error("stopped"));
    expect(await waiting).to.equal("stopped");
    await running;
  });

  /** Looks as often as the test says, at a clock of this machine and one that only grows. */
  const started = async (number: number) => {
    const times = { now: 0, elapsed: 0 };
    const looks = { latest: head(number), count: 0 };
    const stop = new AbortController();
    const clock = new HeadClock({
      pollMs: 5,
      latest: async () => {
        looks.count++;
        return looks.latest;
      },
      now: () => times.now,
      elapsed: () => times.elapsed,
    });
    const running = clock.run(stop.signal);
    const show = async (next: number): Promise<void> => {
      looks.latest = head(next);
      await clock.until(looks.latest.timestamp);
    };
    await show(number);
    return { clock, times, looks, show, stop: async () => (stop.abort(new Error("stopped")), running) };
  };

  it("tells a view that is too old to promise by: the process stood still, or its machine was suspended", async () => {
    const { clock, times, stop } = await started(1);
    await stop();
    const view = { now: head(1).timestamp };
    expect(clock.isFresh(view)).to.equal(true);
    for (const [now, elapsed, isFresh] of [
      [30_000, 30_000, true],
      [120_000, 120_000, false], // stopped
      [120_000, 0, false], // suspended, with the clock that only grows
      [-3_600_000, 31_000, false], // and set back
    ] as const) {
      Object.assign(times, { now, elapsed });
      expect(clock.isFresh(view), `${now} and ${elapsed} ms later`).to.equal(isFresh);
    }
  });

  it("tells a view that was read before a stop, when L1 was looked at again", async () => {
    const { clock, show, stop } = await started(1);
    await show(12);
    expect(clock.isFresh({ now: head(1).timestamp })).to.equal(false);
    expect(clock.isFresh({ now: head(11).timestamp })).to.equal(true);
    expect(clock.isFresh({ now: head(12).timestamp })).to.equal(true);
    await stop();
    expect(new HeadClock({ pollMs: 5, latest: async () => head(1) }).isFresh({ now: 0n })).to.equal(false);
  });

  it("looks as often as before when this machine's clock is set", async () => {
    for (const jump of [3_600_000, -3_600_000]) {
      const { times, looks, show, stop } = await started(1);
      Object.assign(times, { now: 1, elapsed: 1 });
      await show(2);
      // The block after the jump is the next one: what lies between them is no time between blocks.
      Object.assign(times, { now: 2 + jump, elapsed: 2 });
      await show(3);
      const { count } = looks;
      await until("three more looks", () => looks.count >= count + 3);
      await stop();
    }
  });
});
