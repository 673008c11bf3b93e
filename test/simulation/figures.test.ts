import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { renderFigure } from "../../src/simulation/figures/render.ts";
import { short, tableOf } from "../../src/simulation/figures/tables.ts";
import { textWidth } from "../../src/simulation/figures/textWidth.ts";
import { GAS } from "../../src/simulation/gas.ts";
import { configOf, planOf } from "../../src/simulation/run/plan.ts";
import { runUnit } from "../../src/simulation/run/runUnit.ts";
import { observationsOf, summaryOf } from "../../src/simulation/run/summary.ts";
import { SCENARIOS, scenarioOf } from "../../src/simulation/scenarios/index.ts";

const PNG = [0x89, 0x50, 0x4e, 0x47];

describe("figures and tables of the model", function () {
  this.timeout(30_000);
  const scenario = scenarioOf("votes-on-l1");
  const config = configOf(scenario, { isSweep: true });
  const plan = planOf(scenario, config);
  const rows = summaryOf(
    scenario,
    observationsOf(
      plan,
      plan.units.map((unit) => runUnit(scenario, config.seed, unit)),
    ),
  );

  it("are an SVG with its question as title, a PNG and the data", async () => {
    const folder = mkdtempSync(join(tmpdir(), "b52-figures-"));
    try {
      const [figure] = scenario.figures;
      expect(await renderFigure(folder, figure!, rows)).to.deep.equal(
        ["svg", "png", "csv"].map((kind) => `votes-on-l1.${kind}`),
      );
      const read = (kind: string): Buffer => readFileSync(join(folder, `votes-on-l1.${kind}`));
      expect(read("svg").toString()).to.include(figure!.title);
      expect([...read("png").subarray(0, 4)]).to.deep.equal(PNG);
      const data = read("csv").toString().trim().split("\n");
      expect(data).to.have.length(1 + figure!.data(rows).length);
      expect(data[0]).to.match(/^provers,.*,metric,value,low,high/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("show what a scenario's table is for, and parameters that differ alone", () => {
    const [head, , first] = tableOf(scenario, rows).split("\n");
    expect(head).to.equal(
      "| provers | proposals | votes | commits5 | ofBlock | perTransaction | perTransactionOfCommits |",
    );
    const commits = (5 * GAS.commit).toLocaleString("en-US");
    expect(first!.startsWith(`| 7 | 1 | 350,000 | ${commits} |`), first).to.equal(true);
  });

  it("leave a text the room that its letters take", () => {
    expect(textWidth("", 11)).to.equal(0);
    expect(textWidth("illicit", 12)).to.be.lessThan(textWidth("minimum", 12));
    expect(textWidth("bids", 12)).to.be.lessThan(textWidth("bids", 12, true));
    // 302.6 and 36.6 pixels in DejaVu Sans.
    expect(textWidth("How much more has a minority to bid?", 14, true)).to.be.within(303, 330);
    expect(textWidth("10,000", 11)).to.be.within(37, 40);
  });

  it("round to four digits", () => {
    expect([0.123456, 12_345.6, 1 / 3e5, 1_000_000, Infinity].map(short)).to.deep.equal([
      ...["0.1235", "12,346", "0.000003333", "1,000,000", "Infinity"],
    ]);
  });
});

describe("scenarios", () => {
  it("are seventeen questions with names of their own, and each says where it stands", () => {
    expect(SCENARIOS.map(({ number }) => number)).to.deep.equal(Array.from({ length: 17 }, (_, i) => i + 1));
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).to.equal(17);
    for (const { proposal, agents, expected, question } of SCENARIOS) {
      for (const text of [proposal, agents, expected]) expect(text.length).to.be.greaterThan(20);
      expect(question).to.match(/\?$/);
    }
  });

  for (const scenario of SCENARIOS)
    it(`see what they say they see: ${scenario.name}`, () => {
      const config = configOf(scenario, { isSweep: false, runs: 1 });
      const plan = planOf(scenario, config);
      const [first] = runUnit(scenario, config.seed, plan.units[0]!).observations;
      const known = ["run", ...Object.keys(scenario.dimensions), ...Object.keys(scenario.metrics)];
      expect(known).to.include.members(Object.keys(first!));
      for (const figure of scenario.figures) expect(figure.title).to.match(/\?$/);
    });
});
