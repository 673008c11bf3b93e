import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { writeDeployment } from "../../src/chain/deployment.ts";
import { walletCommand } from "../../src/cli/commands/wallet/index.ts";
import { DEPLOYMENT } from "../support/deploymentFile.ts";
import { runCommand } from "../support/runCommand.ts";

describe("what is wrong with what a wallet is asked for", () => {
  let folder: string;
  let options: readonly string[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-requests-"));
    const deployment = join(folder, "deployment.json");
    await writeDeployment(deployment, DEPLOYMENT);
    // Neither a node nor a wallet: whoever looked for one of them would say so.
    options = ["--rpc", "http://127.0.0.1:1", "--deployment", deployment, "--wallet", join(folder, "none.json")];
  });
  after(() => rm(folder, { recursive: true }));

  const NO_NUMBER = 'amount is "ten", expected a number of whole tokens with at most 18 decimal places';
  const NOTHING = "amount is 0 B52, expected at least 0.000000000000000001 B52";
  const DIGITS = "amount 1.234567891 has more digits than the L2 keeps, expected 1.23456789 or 1.2345679, the nearest";
  const NO_ACCOUNT = "account is 256, expected 1 to 255";
  const NO_RECEIVER = "to is account 256, expected 1 to 255, or 0 for an exit";
  const ITSELF = "receiver is 2, expected another account than the sender's: to itself nothing moves";

  const REFUSALS: Readonly<Record<string, readonly string[]>> = {
    [NO_NUMBER]: ["deposit ten", "send 2 ten", "exit ten", "exit ten --force", "force 2 ten"],
    [NOTHING]: ["deposit 0", "send 2 0", "exit 0", "exit 0 --nonce 3", "exit 0 --force", "force 2 0"],
    [DIGITS]: ["deposit 1.234567891", "send 2 1.234567891", "exit 1.234567891", "force 2 1.234567891"],
    [NO_ACCOUNT]: ["deposit 1", "send 2 1", "exit 1", "force 2 1"].map((command) => `${command} --account 256`),
    [NO_RECEIVER]: ["send 256 1", "force 256 1"],
    [ITSELF]: ["send 2 1 --account 2", "force 2 1 --account 2"],
    [NO_NUMBER.replace("amount", "fee").replace("ten", "x")]: ["send 2 1 --fee x", "exit 1 --fee x"],
  };
  for (const [message, commands] of Object.entries(REFUSALS))
    for (const command of commands)
      it(`is said of "wallet ${command}" before a wallet or L1 is looked for`, async () => {
        const { code, stdout, stderr } = await runCommand(
          [walletCommand],
          ["wallet", ...command.split(" "), ...options],
        );
        expect([code, stdout, stderr]).to.deep.equal([1, "", `b52: ${message}\n`]);
      });

  it("is not said of a transfer that takes another one back", async () => {
    const args = ["wallet", "send", "2", "0", "--account", "2", "--nonce", "3", ...options];
    expect((await runCommand([walletCommand], args)).stderr).to.contain("none.json is not a usable wallet");
  });
});
