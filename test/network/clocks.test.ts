import { expect } from "chai";
import { readFile } from "node:fs/promises";
import { projectPath } from "../../src/setup/project.ts";
import { reached, startDevnet, until } from "./watched.ts";

const SHIFT = `--import=${projectPath("test", "network", "shiftClock.mjs")}`;

/** Milliseconds by program: half of them are early, half are late. */
const SHIFTS: Readonly<Record<string, number>> = {
  "proposer-1": 5_000,
  "proposer-2": -5_000,
  "prover-1": 5_000,
  "prover-2": -5_000,
  "prover-3": 5_000,
  "prover-4": -5_000,
};

describe("a network of wrong clocks", function () {
  this.timeout(900_000);

  it("decides heights: rules go by L1's clock alone, and who is wrong says so", async () => {
    let isGood = false;
    const devnet = await startDevnet("clocks", {
      provers: 4,
      env: ({ name }): Record<string, string> =>
        name in SHIFTS ? { NODE_OPTIONS: SHIFT, SHIFT_CLOCK_MS: `${SHIFTS[name]}` } : {},
    });
    try {
      const { figures } = await until(devnet, "two heights", reached(2));
      expect(figures.candidates).to.be.at.least(2);
      for (const { name, program } of devnet.nodes.filter((node) => node.name in SHIFTS)) {
        const log = await readFile(program!.logFile, "utf8");
        expect(log, name).to.match(/"level":"warn".*clock/);
      }
      isGood = true;
    } finally {
      await devnet.stop();
      devnet.removeTraces(!isGood);
    }
  });
});
