import { expect } from "chai";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { FolderError } from "../../src/chain/folders.ts";
import { SimulationConfigError } from "../../src/simulation/errors.ts";
import { type Config, configOf, planOf } from "../../src/simulation/run/plan.ts";
import { mergeShards, sweep } from "../../src/simulation/run/sweep.ts";
import { renderFigure } from "../../src/simulation/figures/render.ts";
import { scenarioOf } from "../../src/simulation/scenarios/index.ts";
import { expectRejection } from "../support/expectRejection.ts";

const TABLES = ["observations.csv", "summary.csv"];

describe("sweeps of the model", function () {
  this.timeout(60_000);
  const scenario = scenarioOf("redundancy");
  const config: Config = configOf(scenario, {
    ...{ isSweep: true, runs: 30, seed: "test" },
    sets: { slots: [7], failure: [0.01, 0.05], leaderFails: [0.05], forfeit: [1] },
  });
  const quiet = { note: () => undefined };
  let root: string;

  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "b52-simulation-"))));
  afterEach(() => rmSync(root, { recursive: true }));

  const tables = (folder: string): string[] => TABLES.map((name) => readFileSync(join(folder, name), "utf8"));
  const at = (name: string): string => join(root, name);
  const whole = async (name: string, workers: number): Promise<string[]> => {
    await sweep(scenario, config, { ...quiet, workers, folder: at(name) });
    return [...tables(at(name)), readFileSync(join(at(name), "manifest.json"), "utf8")];
  };

  it("come to the same bytes with any number of workers", async () => {
    const one = await whole("one", 1);
    expect(one[0]!.split("\n")).to.have.length(2 * 3 * 30 + 2);
    expect(await whole("three", 3)).to.deep.equal(one);
  });

  it("come to the same in shards, whoever has which, and not before all are there", async () => {
    const one = await whole("one", 1);
    const shards = [1, 2, 3].map((number) => ({ folder: at(`shard${number}`), shard: { number, of: 3 } }));
    for (const { folder, shard } of shards.slice(0, 2)) {
      const { summary } = await sweep(scenario, config, { ...quiet, workers: 1, folder, shard });
      expect(summary).to.equal(undefined);
    }
    const folders = shards.map(({ folder }) => folder);
    const early = mergeShards(scenarioOf, folders.slice(0, 2), at("early"));
    await early.then(
      () => expect.fail("merged what is not whole"),
      (error: unknown) => expect(error).to.be.instanceOf(SimulationConfigError),
    );
    await sweep(scenario, config, { ...quiet, workers: 1, ...shards[2]! });
    await mergeShards(scenarioOf, folders.reverse(), at("merged"));
    expect(tables(at("merged"))).to.deep.equal(one.slice(0, 2));
  });

  it("go on where they were stopped, also in the middle of a line", async () => {
    const one = await whole("one", 1);
    const stop = new AbortController();
    const folder = at("stopped");
    const stopped = sweep(scenario, config, {
      ...{ workers: 1, folder, signal: stop.signal, shard: { number: 1, of: 1 } },
      note: () => undefined,
    });
    const isBegun = (): boolean => existsSync(join(folder, "units.jsonl"));
    while (!isBegun()) await turn();
    stop.abort();
    await stopped.catch(() => undefined);
    expect(existsSync(join(folder, "summary.csv"))).to.equal(false);
    appendFileSync(join(folder, "units.jsonl"), '{"unit": 11, "obs');
    const { summary } = await sweep(scenario, config, { ...quiet, workers: 1, folder });
    expect(summary).to.have.length.greaterThan(0);
    expect(tables(folder)).to.deep.equal(one.slice(0, 2));
  });

  it("refuse a folder of another configuration", async () => {
    await whole("one", 1);
    const other = configOf(scenario, { isSweep: false, seed: "other" });
    await sweep(scenario, other, { ...quiet, workers: 1, folder: at("one") }).then(
      () => expect.fail("took it"),
      (error: unknown) => expect((error as Error).message).to.match(/^configHash of .* expected .*another --out$/),
    );
  });

  it("refuse a folder that cannot be there", async function () {
    if (process.platform !== "linux") this.skip();
    await expectRejection(
      sweep(scenario, config, { ...quiet, workers: 1, folder: "/proc/b52" }),
      FolderError,
      "there cannot be a folder /proc/b52: /proc takes none",
    );
    await expectRejection(
      renderFigure("/proc/b52", scenario.figures[0]!, []),
      FolderError,
      "there cannot be a folder /proc/b52: /proc takes none",
    );
  });

  it("give every case of a run the same luck", () => {
    const plan = planOf(scenario, config);
    expect(new Set(plan.units.map(({ firstRun }) => firstRun))).to.deep.equal(new Set([0, 25]));
  });

  it("name parameters and values that there are not", () => {
    const config = (sets: Record<string, readonly (string | number)[]>) => () =>
      configOf(scenario, { isSweep: false, sets });
    expect(config({ slot: [7] })).to.throw("parameter is slot, expected one of slots, failure");
    expect(config({ slots: ["seven"] })).to.throw("slots is seven, expected a whole number from 1 to 65536");
    const drift = scenarioOf("drift");
    expect(() => configOf(drift, { isSweep: false, sets: { mechanism: ["lottery"] } })).to.throw(
      "mechanism is lottery, expected perBlock or fairPay or race",
    );
    expect(() => scenarioOf("drifting")).to.throw("scenario is drifting, expected score-surface, drift");
  });
});
