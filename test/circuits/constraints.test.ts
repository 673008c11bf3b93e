import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { PROFILES } from "../../src/protocol/index.ts";
import { measureMarginals } from "../../src/proving/benchCircuits.ts";
import { compileProfile } from "../../src/proving/circuits.ts";
import { projectPath } from "../../src/setup/project.ts";

const SNAPSHOT = projectPath("test", "snapshots", "constraints.json");
const buildDir = projectPath("build");

/**
 * So that a change shows what it costs. After a wanted change: UPDATE_SNAPSHOTS=1 npx hardhat test mocha
 * test/circuits/constraints.test.ts
 */
describe("constraint counts", function () {
  this.timeout(600_000);

  it("are those of the snapshot, within the budgets", async () => {
    const measured: Record<string, Record<string, number>> = {};
    for (const profile of [PROFILES.dev, PROFILES.deep]) {
      const circuits = await compileProfile(profile, { buildDir });
      measured[profile.name] = Object.fromEntries(circuits.map(({ name, constraints }) => [name, constraints]));
    }
    const marginals = await measureMarginals({ buildDir });
    measured.marginals = { ...marginals };

    if (process.env.UPDATE_SNAPSHOTS) await writeFile(SNAPSHOT, `${JSON.stringify(measured, null, 2)}\n`);
    expect(measured).to.deep.equal(JSON.parse(await readFile(SNAPSHOT, "utf8")));
    expect(marginals.accounts).to.equal(65_536);
    expect(marginals.perTransfer).to.be.at.most(13_000);
    expect(marginals.perOperation).to.be.at.most(10_000);
    expect(marginals.perClaim).to.be.at.most(1_200);
    expect(marginals.perVote).to.be.at.most(4_900);
  });
});
