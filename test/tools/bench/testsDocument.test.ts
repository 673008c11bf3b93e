import { expect } from "chai";
import { rowsOf, sectionOf } from "../../../tools/bench/document.ts";
import { describeTests } from "../../../tools/bench/testsDocument.ts";

const PROCESSORS = 2;

describe("the page of what tests take", () => {
  const all = describeTests({
    report: { demoBareSeconds: 200, defaultSeconds: 300, oneFileSeconds: 50, allSeconds: 1_500 },
    processors: PROCESSORS,
    loads: { demoBare: 0.1, default: 0.2, oneFile: 0.3, all: 0.4 },
  });
  const page = `# Benchmarks\n\n## Tests\n\n${all}\n\n## Zero\n\n| a |\n| --- |\n| b |\n`;

  it("keeps what was not measured again, and replaces what was", () => {
    const bench = { report: { oneFileSeconds: 61 }, processors: PROCESSORS, loads: { oneFile: 1.5 } };
    const rows = rowsOf(describeTests(bench, sectionOf(page, "Tests")));
    expect(rows.map((row) => [row["seconds"], row["load before"]])).to.deep.equal([
      ["200", "0.1"],
      ["300", "0.2"],
      ["61", "1.5"],
      ["1,500", "0.4"],
    ]);
  });

  it("begins with nothing where there was nothing", () => {
    expect(sectionOf("# Benchmarks\n", "Tests")).to.equal("");
    expect(rowsOf("")).to.deep.equal([]);
    expect(rowsOf("## Tests\n\nNo table.\n")).to.deep.equal([]);
  });
});
