import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { L1Head } from "../../src/chain/index.ts";
import { Metrics } from "../../src/daemon/index.ts";
import { Facts } from "../../src/daemon/watch/facts.ts";
import { Health } from "../../src/daemon/watch/health.ts";
import { type Readings, registerMetrics } from "../../src/daemon/watch/nodeMetrics.ts";
import { NO_LOG } from "../../src/log/index.ts";
import { projectPath } from "../../src/setup/project.ts";
import { isFiring, parseMetrics, type Sample } from "./promql.ts";

interface Rule {
  readonly alert: string;
  readonly expr: string;
}

const rules: Rule[] = readFileSync(projectPath("ops", "prometheus", "alerts.yml"), "utf8")
  .split("- alert: ")
  .slice(1)
  .map((block) => ({ alert: block.split("\n", 1)[0]!, expr: /^ +expr: (.*)$/m.exec(block)![1]! }));

type Changing = { -readonly [K in keyof Readings]: Readings[K] };

const headOf = (number: number): L1Head => ({
  ...{ number, hash: `${number}`, parentHash: `${number - 1}`, logsBloom: undefined },
  timestamp: BigInt(Math.floor(Date.now() / 1_000)),
});

/** A node on which everything is well. */
function healthy(): { metrics: Metrics; readings: Changing } {
  const facts = new Facts(NO_LOG, 500);
  for (let i = 0; i < 4; i++) facts.onHead(headOf(i), Date.now());
  facts.freeBytes = 50e9;
  facts.balances = { owner: 10n ** 18n };
  const health = new Health(NO_LOG);
  health.set("L1", () => ({ condition: "ok", detail: "" }));
  const prover = { index: 1, key: 1n, owner: "", stake: 200n * 10n ** 18n, isEligible: true, deliveries: 0, misses: 0 };
  const l1 = { round: { round: { height: 5, attempt: 1 }, ranked: 2 } };
  const readings = { facts, health, peers: 4, mempool: 3, bulletin: undefined, l1, prover } as unknown as Changing;
  const metrics = new Metrics();
  registerMetrics(metrics, readings);
  return { metrics, readings };
}

const ETHER = 10n ** 18n;

/** What sets off each alert. */
const TROUBLES: Readonly<Record<string, (node: { metrics: Metrics; readings: Changing }) => void | Promise<void>>> = {
  B52PartDown: ({ readings }) => readings.health.set("disk", () => ({ condition: "down", detail: "full" })),
  B52L1Stale: ({ readings }) => void (readings.facts.headSeenAt = Date.now() - 180_000),
  B52NoPeers: ({ readings }) => void (readings.peers = 0),
  // A clock that is five seconds behind sees blocks before their time.
  B52ClockSkew: ({ readings: { facts } }) => {
    const now = Date.now();
    facts.onHead(headOf(9), now - 5_000);
  },
  B52DiskLow: ({ readings }) => void (readings.facts.freeBytes = 5e8),
  B52EtherLow: ({ readings }) => void (readings.facts.balances = { owner: ETHER, revealer: ETHER / 100n }),
  B52NotEligible: ({ readings }) => void (readings.prover = { ...readings.prover!, isEligible: false }),
  B52StakeFallen: ({ readings }) => void (readings.prover = { ...readings.prover!, stake: 150n * ETHER }),
  B52KeyInUse: ({ metrics }) => metrics.onLine({ level: "error", code: "key-in-use", message: "", fields: {} }),
  B52Errors: ({ metrics }) => metrics.onLine({ level: "error", code: "role-failed", message: "", fields: {} }),
  B52RoundFails: ({ readings }) => {
    readings.l1 = { round: { round: { height: 5, attempt: 4 }, ranked: 0 } } as unknown as Readings["l1"];
  },
  B52EventLoopLate: async () => {
    await sleep(20);
    const end = performance.now() + 700;
    while (performance.now() < end);
    await sleep(20);
  },
};

/** An error is an error, whichever it is. */
const ALSO: Readonly<Record<string, readonly string[]>> = { B52KeyInUse: ["B52Errors"] };

describe("the alert rules of ops/", () => {
  const firing = (before: readonly Sample[], now: readonly Sample[]): string[] =>
    rules.filter(({ expr }) => isFiring(expr, before, now)).map(({ alert }) => alert);

  it("are twelve, each with a test", () => {
    expect(rules.map(({ alert }) => alert))
      .to.deep.equal(Object.keys(TROUBLES))
      .and.to.have.length(12);
  });

  it("are quiet on a node on which everything is well", async () => {
    const { metrics } = healthy();
    const before = parseMetrics(await metrics.text());
    await sleep(20);
    expect(firing(before, parseMetrics(await metrics.text()))).to.deep.equal([]);
  });

  for (const [alert, trouble] of Object.entries(TROUBLES)) {
    it(`${alert} fires, and no other`, async () => {
      const node = healthy();
      const before = parseMetrics(await node.metrics.text());
      await trouble(node);
      const now = parseMetrics(await node.metrics.text());
      expect(firing(before, now)).to.deep.equal([alert, ...(ALSO[alert] ?? [])]);
    });
  }

  it("and the dashboard name numbers that are there", async () => {
    const { metrics, readings } = healthy();
    readings.bulletin = { isDown: false, alone: 0, waiting: 0, published: 0, heard: 0 };
    metrics.onVerdict("votes", "ACCEPT");
    metrics.onLine({ level: "info", code: "done", message: "", fields: { action: "vote" } });
    metrics.onLine({ level: "info", code: "proven", message: "", fields: { circuit: "BaseRollup", seconds: 2 } });
    const known = new Set(parseMetrics(await metrics.text()).map(({ name }) => name));
    const { panels } = JSON.parse(readFileSync(projectPath("ops", "grafana", "b52.json"), "utf8")) as {
      panels: { targets: { expr: string }[] }[];
    };
    const expressions = [
      ...rules.map(({ expr }) => expr),
      ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ];
    const named = expressions.flatMap((text) => text.match(/\b(?:b52|nodejs|process)_\w+/g) ?? []);
    expect(named).to.have.length.greaterThan(20);
    expect(named.filter((name) => !known.has(name))).to.deep.equal([]);
  });
});
