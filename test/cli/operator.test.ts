import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { openConnection } from "../../src/chain/connection.ts";
import { attachRollup, transfer } from "../../src/chain/index.ts";
import { writeDeployment } from "../../src/chain/deployment.ts";
import { statusCommand } from "../../src/cli/commands/status.ts";
import { claimCommand } from "../../src/cli/commands/operator/claim.ts";
import { keyCommand } from "../../src/cli/commands/operator/key.ts";
import { seatCommand } from "../../src/cli/commands/operator/seat.ts";
import { stakeCommand } from "../../src/cli/commands/operator/stake.ts";
import { createOperatorKeystore, operatorKeys, unlockOperator } from "../../src/operator/index.ts";
import { KeystoreFileError } from "../../src/wallet/errors.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { type CommandRun, runCommand } from "../support/runCommand.ts";
import { deploySmall, smallParameters } from "../support/smallRollup.ts";
import { startNode } from "../support/testNode.ts";
import { toHex32 } from "../../src/protocol/hex.ts";

const COMMANDS = [keyCommand, stakeCommand, seatCommand, claimCommand, statusCommand];
const PRIVATE_KEY = id("operator");
const PASSWORD = "a password";
/** Guessing is cheap, and so is the test. */
const N = 1_024;

describe("an operator's commands", function () {
  this.timeout(60_000);
  let folder: string;
  const file = (name: string): string => join(folder, name);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "b52-operator-"));
    await writeFile(file("password"), `${PASSWORD}\n`);
  });
  after(() => rm(folder, { recursive: true }));

  const run = (args: readonly string[], env: Record<string, string> = {}): Promise<CommandRun> =>
    runCommand(COMMANDS, args, env);

  const works = async (args: readonly string[]): Promise<void> => {
    const { code, stderr } = await run(args);
    expect(code, stderr).to.equal(0);
  };

  describe("for keys", () => {
    it("import one from the environment, write it for its owner alone, and show no secret", async () => {
      const keystore = file("imported.json");
      const options = ["--keystore", keystore, "--password-file", file("password"), "--json"];
      const made = await run(["key", "import", ...options], { B52_PRIVATE_KEY: PRIVATE_KEY });
      const { address, revealer, proverKey, proverSecret, revealKey } = operatorKeys(PRIVATE_KEY);
      const known = { keystore, address, revealer, proverKey: toHex32(proverKey) };
      expect(JSON.parse(made.stdout)).to.deep.equal(known);
      expect((await stat(keystore)).mode & 0o777).to.equal(0o600);
      const shown = await run(["key", "show", "--keystore", keystore, "--json"]);
      expect(JSON.parse(shown.stdout)).to.deep.equal(known);
      const secrets = [PRIVATE_KEY, revealKey, `${proverSecret}`, PASSWORD].map((secret) => secret.replace(/^0x/, ""));
      const said =
        [made, shown].flatMap(({ stdout, stderr }) => [stdout, stderr]).join() + (await readFile(keystore, "utf8"));
      for (const secret of secrets) expect(said.toLowerCase()).not.to.contain(secret.toLowerCase());
      expect(await unlockOperator(keystore, PASSWORD)).to.include({ address, revealKey, proverSecret });
      // Never in place of another.
      const again = await run(["key", "import", ...options], { B52_PRIVATE_KEY: PRIVATE_KEY });
      expect(again.code, again.stderr).to.equal(1);
      expect(again.stderr).to.contain(keystore);
    });

    it("make new ones, each another", async () => {
      const keys = [];
      for (const name of ["one.json", "two.json"]) {
        const { stdout } = await run([
          "key",
          "new",
          "--keystore",
          file(name),
          "--password-file",
          file("password"),
          "--json",
        ]);
        keys.push((JSON.parse(stdout) as { address: string }).address);
      }
      expect(new Set(keys).size).to.equal(2);
    });

    it("notice a file that says something else than its key", async () => {
      const path = file("forged.json");
      await createOperatorKeystore(path, PRIVATE_KEY, PASSWORD, N);
      const { revealer } = operatorKeys(PRIVATE_KEY);
      const text = await readFile(path, "utf8");
      await writeFile(path, text.replace(revealer, operatorKeys(id("other")).revealer));
      await expectRejection(unlockOperator(path, PASSWORD), KeystoreFileError, "revealer");
    });
  });

  it("refuse what is no amount, before they ask for a password or L1", async () => {
    const options = ["--rpc", "http://127.0.0.1:1", "--keystore", file("none.json")];
    for (const command of ["stake add", "stake register", "seat take", "seat deposit", "seat withdraw"]) {
      // Seats count in units of 0.0001 tokens.
      const [decimals, least] = command.startsWith("seat") ? [4, "0.0001"] : [18, "0.000000000000000001"];
      const refuses = async (amount: string, message: string): Promise<void> => {
        const { code, stderr } = await run([...command.split(" "), amount, ...options]);
        expect([code, stderr]).to.deep.equal([1, `b52: amount is ${message}\n`]);
      };
      for (const amount of ["abc", "-5", "1,5", "", `1.${"0".repeat(decimals)}1`])
        await refuses(amount, `"${amount}", expected a number of whole tokens with at most ${decimals} decimal places`);
      for (const amount of ["0", "0.0"]) await refuses(amount, `0 tokens, expected at least ${least} tokens`);
    }
  });

  it("for a seat deposit, show and take back; without tokens they say what is missing", async () => {
    const node = await startNode();
    try {
      const connection = await openConnection(node.url);
      const deployment = await deploySmall(connection, smallParameters("operator"));
      await writeDeployment(file("deployment.json"), deployment);
      const client = attachRollup(connection.ethers.provider, deployment);
      const keystore = file("seat.json");
      const { address } = await createOperatorKeystore(keystore, id("seat"), PASSWORD, N);
      const [deployer] = await connection.ethers.getSigners();
      await (await deployer!.sendTransaction({ to: address, value: parseEther("1") })).wait();
      const options = ["--rpc", node.url, "--deployment", file("deployment.json"), "--keystore", keystore, "--json"];
      const secret = ["--password-file", file("password")];

      const poor = await run(["seat", "take", "20", ...options, ...secret]);
      expect(poor.code, poor.stderr).to.equal(1);
      expect(poor.stderr).to.contain(`${address} has 0 tokens on L1, expected at least 40 tokens`);
      const unregistered = await run(["stake", "add", "1", ...options, ...secret]);
      expect(unregistered.stderr).to.contain("is not registered, expected a registered one: b52 stake register");
      await transfer(client, deployer!, address, parseEther("100"));
      await works(["seat", "take", "20", ...options, ...secret]);
      await works(["seat", "deposit", "5", "--lane", "odd", ...options, ...secret]);
      const standing = JSON.parse((await run(["status", ...options])).stdout) as { seat: { deposit: string }[] };
      expect(standing.seat.map(({ deposit }) => deposit)).to.deep.equal([20n, 25n].map((n) => `${n * 10n ** 18n}`));
      await works(["seat", "withdraw", "3", "--lane", "even", ...options, ...secret]);
      await works(["seat", "withdraw", ...options, ...secret]);
      expect(await client.token.balanceOf(address)).to.equal(parseEther("100"));
      const claimed = JSON.parse((await run(["claim", ...options, ...secret])).stdout) as object;
      expect(claimed).to.deep.equal({ slots: 0, prover: "0", proposer: "0", fees: "0", transactions: [] });
      await removeDeployment(deployment);
      await connection.close();
    } finally {
      await node.stop();
    }
  });
});
