import { expect } from "chai";
import { nodeCommand } from "../../src/cli/commands/node/index.ts";
import { runCommand } from "../support/runCommand.ts";

describe("b52 node", () => {
  const run = (...args: string[]) => runCommand([nodeCommand], ["node", ...args]);

  it("shows the settings of a role on --help", async () => {
    for (const flag of ["--help", "-h"]) {
      const { code, stdout, stderr } = await run("prover", flag);
      expect(code, stderr).to.equal(0);
      expect(stdout)
        .to.match(/^Usage: b52 node prover /)
        .and.contain("--cost-per-slot");
    }
    const { code, stdout, stderr } = await run("config", "proposer", "--help");
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain("--burn-bid").and.not.contain("--cost-per-slot");
    expect((await run("preflight", "--help")).stdout)
      .to.contain("prover")
      .and.contain("follower");
  });

  it("says that a role is missing", async () => {
    const { code, stderr } = await run("preflight", "--config", "node.json");
    expect(code, stderr).to.equal(2);
    expect(stderr).to.contain("error: expected a role before --config: prover, proposer, follower");
  });

  it("lists the settings of a role for somebody who has set nothing", async () => {
    const { code, stdout, stderr } = await run("config", "prover");
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^rpc +not set, and needed/m);
  });
});
