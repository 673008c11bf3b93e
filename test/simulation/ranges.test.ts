import { expect } from "chai";
import { ContradictionError, SimulationConfigError } from "../../src/simulation/errors.ts";
import { wholeTableOf } from "../../src/simulation/figures/tables.ts";
import { execute } from "../../src/simulation/run/execute.ts";
import { configOf, planOf } from "../../src/simulation/run/plan.ts";
import type { UnitResult } from "../../src/simulation/run/runUnit.ts";
import { observationsOf, summaryOf } from "../../src/simulation/run/summary.ts";
import type { SummaryRow, Value } from "../../src/simulation/scenario.ts";
import { SCENARIOS, scenarioOf } from "../../src/simulation/scenarios/index.ts";

type Sets = Readonly<Record<string, readonly Value[]>>;

async function run(name: string, sets: Sets): Promise<SummaryRow[]> {
  const scenario = scenarioOf(name);
  const plan = planOf(scenario, configOf(scenario, { isSweep: false, runs: 1, seed: "ranges", sets }));
  const results: UnitResult[] = [];
  await execute(plan, plan.units, { workers: 1, onUnit: (result) => void results.push(result) });
  return summaryOf(scenario, observationsOf(plan, results));
}

/** That there are rows and all of them have numbers, or that the values cannot be together. */
async function requireNumbers(name: string, sets: Sets): Promise<void> {
  const rows = await run(name, sets).catch((error: unknown) => {
    if (!(error instanceof ContradictionError)) throw error;
    return undefined;
  });
  const what = JSON.stringify(sets);
  for (const { metric, mean } of rows ?? [])
    expect(Number.isFinite(mean), `${what}: ${metric} is ${mean}`).to.equal(true);
  if (rows !== undefined) expect(rows, what).not.to.have.length(0);
}

describe("parameters of the model", function () {
  this.timeout(30_000);

  for (const { name, parameters } of SCENARIOS)
    it(`have numbers at both ends of their ranges, with each word: ${name}`, async () => {
      const words = Object.entries(parameters).flatMap(([key, parameter]) =>
        "range" in parameter ? [] : (parameter.sweep ?? []).map((value): Sets => ({ [key]: [value] })),
      );
      for (const [key, parameter] of Object.entries(parameters)) {
        if (!("range" in parameter)) continue;
        for (const value of [parameter.range.from, parameter.range.to])
          for (const word of [{}, ...words]) await requireNumbers(name, { ...word, [key]: [value] });
      }
    });

  it("have sweeps and bases that they can have", () => {
    for (const scenario of SCENARIOS)
      for (const [name, { base, sweep = [] }] of Object.entries(scenario.parameters))
        configOf(scenario, { isSweep: false, sets: { [name]: [base, ...sweep] } });
  });

  it("have words that --set can give: without a comma or an equals sign", () => {
    for (const { parameters } of SCENARIOS)
      for (const { base, sweep = [] } of Object.values(parameters))
        for (const value of [base, ...sweep]) expect(String(value)).not.to.match(/[,=]/);
  });

  it("are refused out of their range, by name, value and range", () => {
    const refusal = (name: string, sets: Sets) => () => configOf(scenarioOf(name), { isSweep: false, sets });
    expect(refusal("windows", { missRate: [2] })).to.throw(SimulationConfigError, "missRate is 2, expected 0 to 0.99");
    expect(refusal("windows", { missRate: [-4] })).to.throw(
      SimulationConfigError,
      "missRate is -4, expected 0 to 0.99",
    );
    expect(refusal("l1-cost", { arity: [3] })).to.throw(SimulationConfigError, "arity is 3, expected 2, 4, 8 or 16");
    expect(refusal("drift", { share: [1.5] })).to.throw(SimulationConfigError, "share is 1.5, expected 0 to 1");
    expect(refusal("drift", { share: ["0.6"] })).to.throw(
      SimulationConfigError,
      'share is the text "0.6", expected 0 to 1',
    );
    expect(refusal("bidding", { bidders: [2.5] })).to.throw(
      SimulationConfigError,
      "bidders is 2.5, expected a whole number from 2 to 1000",
    );
  });

  it("that cannot be together are named", () => {
    const plan = (name: string, sets: Sets) => () => {
      const scenario = scenarioOf(name);
      return planOf(scenario, configOf(scenario, { isSweep: false, sets }));
    };
    expect(plan("exponent", { part: [0.2] })).to.throw(
      ContradictionError,
      "there is no case to simulate: part=0.2 needs behaviour=withhold or behaviour=censor",
    );
    expect(plan("l1-cost", { transactions: [64] })).to.throw(
      "transactions=64 do not fill one base node of transfersPerBase=128",
    );
    const some = plan("exponent", { part: [0.2, 0.3] })();
    expect(some.units.map(({ point }) => point["part"])).to.deep.equal([0.3]);
    expect(some.leftOut).to.deep.equal(["part=0.2 needs behaviour=withhold or behaviour=censor"]);
  });

  it("of one case may be any that a sweep does not have", () => {
    const drift = scenarioOf("drift");
    const sets = { reward: [0.001], share: [0.6] };
    expect(planOf(drift, configOf(drift, { isSweep: false, sets })).units).to.have.length(2);
    expect(() => planOf(drift, configOf(drift, { isSweep: true, sets }))).to.throw("b52 simulate run takes them");
  });

  it("that are set are shown, and tell rows apart", async () => {
    const tableOf = async (name: string, sets: Sets) => wholeTableOf(scenarioOf(name), await run(name, sets));
    const one = await tableOf("drift", { share: [0.5], rounds: [300] });
    expect(one.split("\n")).to.have.length(2 + 3);
    const two = await tableOf("drift", { share: [0.6, 0.7], rounds: [300] });
    expect(two)
      .to.match(/^\| share \| round \| stake /)
      .and.to.match(/^\| 0.6 \| 300 \|/m);
    expect(two).to.match(/^\| 0.7 \| 300 \|/m);
    expect((await tableOf("sybil", { stakes: [5] })).split("\n")).to.have.length(3);
  });

  it("of a long run are no reason not to hear an interrupt", async () => {
    const scenario = scenarioOf("windows");
    const plan = planOf(scenario, configOf(scenario, { isSweep: false, runs: 25 }));
    const stop = new AbortController();
    const seen: UnitResult[] = [];
    const executed = execute(plan, plan.units, { workers: 1, signal: stop.signal, onUnit: (unit) => seen.push(unit) });
    setImmediate(() => stop.abort());
    expect(
      await executed.then(
        () => "done",
        (error: unknown) => error,
      ),
    ).to.equal(stop.signal.reason);
    expect(seen).to.have.length(0);
  });
});
