import { expect } from "chai";
import { type LogLine, logTo } from "../../src/log/index.ts";

describe("a log that hands its lines over", () => {
  it("gives each line with its level, its code and all fields that apply, the nearest last", () => {
    const lines: LogLine[] = [];
    const log = logTo((line) => lines.push(line), { role: "prover" });
    const round = log.with({ height: 7, attempt: 1 });
    round.warn("late", "it is late", { proposal: 5n, attempt: 2 });
    log.debug("idle", "nothing to do");
    expect(lines).to.deep.equal([
      {
        ...{ level: "warn", code: "late", message: "it is late" },
        fields: { role: "prover", height: 7, attempt: 2, proposal: 5n },
      },
      { level: "debug", code: "idle", message: "nothing to do", fields: { role: "prover" } },
    ]);
  });
});
