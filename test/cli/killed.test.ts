import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { openConnection } from "../../src/chain/connection.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { attachRollup, type ChainClient, getLane, transfer } from "../../src/chain/index.ts";
import { writeDeployment } from "../../src/chain/deployment.ts";
import type { NodeProvider } from "../../src/chain/provider.ts";
import { createOperatorKeystore } from "../../src/operator/index.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import { PROJECT_ROOT } from "../../src/setup/project.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { deploySmall, smallParameters } from "../support/smallRollup.ts";
import { startNode, type TestNode } from "../support/testNode.ts";
import { until } from "../support/until.ts";

const PASSWORD = "a password";

describe("a command that is killed while it waits for L1", function () {
  this.timeout(120_000);
  let node: TestNode;
  let folder: string;
  let deployment: Deployment;
  let client: ChainClient;
  let address: string;
  let close: () => Promise<void>;
  const children: ChildProcess[] = [];

  before(async () => {
    node = await startNode();
    folder = await mkdtemp(join(tmpdir(), "b52-killed-"));
    const connection = await openConnection(node.url);
    deployment = await deploySmall(connection, smallParameters("killed"));
    await writeDeployment(join(folder, "deployment.json"), deployment);
    client = attachRollup(connection.ethers.provider, deployment);
    ({ address } = await createOperatorKeystore(join(folder, "key.json"), id("killed"), PASSWORD, 1_024));
    await writeFile(join(folder, "password"), PASSWORD);
    const [deployer] = await connection.ethers.getSigners();
    await (await deployer!.sendTransaction({ to: address, value: parseEther("1") })).wait();
    await transfer(client, deployer!, address, parseEther("1000"));
    close = () => connection.close();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await ask("evm_setAutomine", true);
  });
  after(async () => {
    await close();
    await removeDeployment(deployment);
    await node.stop();
    await rm(folder, { recursive: true });
  });

  const ask = (method: string, ...params: unknown[]): Promise<unknown> =>
    (client.provider as NodeProvider).request({ method, params });

  /** A process of its own, with a home of its own. */
  function start(...args: string[]): { child: ChildProcess; ended: Promise<{ code: number | null; stderr: string }> } {
    const files = { deployment: "deployment.json", keystore: "key.json", "password-file": "password" };
    const flags = Object.entries(files).flatMap(([name, file]) => [`--${name}`, join(folder, file)]);
    const child = spawn(
      process.execPath,
      ["--import", "./src/loader/register.mjs", "src/cli/main.ts", ...args, "--rpc", node.url, ...flags],
      { cwd: PROJECT_ROOT, env: { ...process.env, HOME: folder }, stdio: ["ignore", "ignore", "pipe"] },
    );
    children.push(child);
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += String(chunk)));
    return { child, ended: once(child, "close").then(([code]) => ({ code: code as number | null, stderr })) };
  }

  const sent = (): Promise<number> => client.provider.getTransactionCount(address, "pending");
  const deposited = async (): Promise<bigint> => (await getLane(client, address, 1)).deposit * BID_UNIT;

  /** Deposits, and kills the command when the deposit is sent and in no block. */
  async function killedDeposit(amount: string): Promise<void> {
    const before = await sent();
    await ask("evm_setAutomine", false);
    const { child, ended } = start("seat", "deposit", amount, "--lane", "odd");
    await until("an approval", async () => (await sent()) === before + 1, 30_000);
    await ask("evm_mine");
    await until("a deposit", async () => (await sent()) === before + 2, 30_000);
    child.kill("SIGKILL");
    await ended;
  }

  it("takes up what it has sent when it is run again, and sends it once, mined meanwhile or not", async () => {
    for (const [i, isMined] of [false, true].entries()) {
      const amount = parseEther("7") * BigInt(i);
      expect(await deposited()).to.equal(amount);
      await killedDeposit("7");
      if (isMined) await ask("evm_mine");
      const again = start("seat", "deposit", "7", "--lane", "odd");
      await ask("evm_setAutomine", true);
      await ask("evm_mine");
      const { code, stderr } = await again.ended;
      expect(code, stderr).to.equal(0);
      expect(stderr).to.match(/^an earlier command has left deposit under way$/m);
      expect(stderr).to.match(/^deposit \(transaction 0x[0-9a-f]{64}\) of an earlier command is mined$/m);
      expect(stderr).to.match(/^deposit \(transaction 0x[0-9a-f]{64}\) is taken, and not sent again$/m);
      expect(await deposited()).to.equal(amount + parseEther("7"));
    }
    // Who wants another deposit gets one.
    const more = await start("seat", "deposit", "7", "--lane", "odd").ended;
    expect(more.code, more.stderr).to.equal(0);
    expect(more.stderr).not.to.contain("earlier command");
    expect(await deposited()).to.equal(parseEther("21"));
    expect(await readdir(join(folder, ".b52", "transactions"))).to.have.length(1);
  });

  it("lets no other one send for the same address meanwhile", async () => {
    const before = await sent();
    await ask("evm_setAutomine", false);
    const first = start("seat", "deposit", "1", "--lane", "even");
    await until("an approval", async () => (await sent()) === before + 1, 30_000);
    const second = await start("seat", "deposit", "1", "--lane", "even").ended;
    expect(second.code).to.equal(1);
    expect(second.stderr).to.match(new RegExp(`is held by process ${first.child.pid} on \\S+ since`));
  });
});
