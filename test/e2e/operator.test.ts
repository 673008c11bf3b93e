import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { id, parseEther } from "ethers";
import { openConnection } from "../../src/chain/connection.ts";
import { attachRollup, type ChainClient, transfer } from "../../src/chain/index.ts";
import { type Deployment, writeDeployment } from "../../src/chain/deployment.ts";
import type { NodeProvider } from "../../src/chain/provider.ts";
import { nodeCommand } from "../../src/cli/commands/node/index.ts";
import { stakeCommand } from "../../src/cli/commands/operator/stake.ts";
import { Metrics, NotRegisteredError, readConfiguration, startNode as startDaemon } from "../../src/daemon/index.ts";
import { deployModule } from "../../src/deploy/deploy.ts";
import { developmentAccounts, genesisOf } from "../../src/deploy/genesis.ts";
import { economicsOf, encodeKeys, parametersOf, profileKeys } from "../../src/deploy/parameters.ts";
import { NO_LOG } from "../../src/log/index.ts";
import { createOperatorKeystore, operatorKeys } from "../../src/operator/index.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { loadProfileBuild } from "../../src/setup/profileBuild.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { runCommand } from "../support/runCommand.ts";
import { startNode, type TestNode } from "../support/testNode.ts";
import { until } from "../support/until.ts";

const PRIVATE_KEY = id("an operator");
const profile = PROFILES.dev;

interface Checked {
  readonly fit: boolean;
  readonly checks: readonly { readonly name: string; readonly outcome: string; readonly detail: string }[];
}

describe("an operator of a prover", function () {
  this.timeout(120_000);
  let node: TestNode;
  let folder: string;
  let deployment: Deployment;
  let client: ChainClient;
  let close: () => Promise<void>;

  before(async () => {
    node = await startNode();
    folder = await mkdtemp(join(tmpdir(), "b52-operator-"));
    const connection = await openConnection(node.url);
    const plan = { profile, genesis: genesisOf(profile, developmentAccounts(2)), economics: economicsOf(profile) };
    const keys = encodeKeys(profileKeys(await loadProfileBuild(profile)));
    deployment = await deployModule(connection, { profile }, parametersOf(plan, keys));
    await writeDeployment(join(folder, "deployment.json"), deployment);
    client = attachRollup(connection.ethers.provider, deployment);
    const { address } = await createOperatorKeystore(join(folder, "key.json"), PRIVATE_KEY, "secret", 1_024);
    await writeFile(join(folder, "password"), "secret\n");
    const [deployer] = await connection.ethers.getSigners();
    await (await deployer!.sendTransaction({ to: address, value: parseEther("10") })).wait();
    await transfer(client, deployer!, address, parseEther("1000"));
    close = () => connection.close();
  });
  after(async () => {
    await close();
    await removeDeployment(deployment);
    await node.stop();
    await rm(folder, { recursive: true });
  });

  const settings = (): Record<string, string> => ({
    ...{ rpc: node.url, deployment: join(folder, "deployment.json"), keystore: join(folder, "key.json") },
    ...{ passwordFile: join(folder, "password"), dataDir: join(folder, "data"), listen: "/ip4/127.0.0.1/tcp/0" },
    ...{ status: "127.0.0.1:0", mdns: "false", minPeers: "0", pollMs: "100" },
  });
  const flags = (names: readonly string[]): string[] =>
    names.flatMap((name) => [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, settings()[name]!]);

  const provider = (): NodeProvider => client.provider as NodeProvider;

  async function preflight(): Promise<{ code: number; stderr: string; checked: Checked }> {
    const args = ["node", "preflight", "prover", ...flags(Object.keys(settings()).filter((name) => name !== "pollMs"))];
    // The clock is compared with the next block, and this chain makes one only for transactions.
    const blocks = setInterval(() => void provider().send("evm_mine", []), 1_000);
    const { code, stdout, stderr } = await runCommand([nodeCommand], [...args, "--json"]);
    clearInterval(blocks);
    expect(stdout, stderr).not.to.equal("");
    return { code, stderr, checked: JSON.parse(stdout) as Checked };
  }

  it("is told what is missing, registers with a proof of the key, and runs a prover that counts", async () => {
    const before = await preflight();
    expect(before.code, before.stderr).to.equal(1);
    expect(before.checked.checks.filter(({ outcome }) => outcome === "fail").map(({ name }) => name)).to.deep.equal([
      "stake",
    ]);
    const configuration = await readConfiguration("prover", { flags: settings(), env: {}, folder });
    const options = {
      ...{ keys: operatorKeys(PRIVATE_KEY), log: NO_LOG, metrics: new Metrics() },
      signal: new AbortController().signal,
    };
    await expectRejection(startDaemon(configuration, options), NotRegisteredError, "b52 stake register");

    const common = flags(["rpc", "deployment", "keystore", "passwordFile"]);
    const registered = await runCommand([stakeCommand], ["stake", "register", ...common, "--json"]);
    expect(registered.code, registered.stderr).to.equal(0);
    expect(JSON.parse(registered.stdout)).to.include({ index: 1, stake: parseEther("400").toString() });
    const twice = await runCommand([stakeCommand], ["stake", "register", ...common]);
    expect(twice.stderr).to.contain("is registered already, as prover 1");
    const added = await runCommand([stakeCommand], ["stake", "add", "50", ...common]);
    expect(added.code, added.stderr).to.equal(0);
    expect((await client.registry.proverOf(1)).stake).to.equal(parseEther("450"));

    const fit = await preflight();
    expect(fit.code, JSON.stringify(fit.checked)).to.equal(0);
    expect(fit.checked.checks.map(({ name }) => name)).to.include.members(["chain", "old log", "circuits", "gas"]);
    const daemon = await startDaemon(configuration, { ...options, metrics: new Metrics() });
    try {
      const ready = async (): Promise<string> => (await fetch(`${daemon.status}/ready`)).text();
      await until("the first look at L1", async () => /^ok +stake: /m.test(await ready()), 30_000);
      expect(await ready()).to.match(/^ok +stake: prover 1 with a stake of 450\.0 tokens$/m);
      expect(await ready()).to.match(/^ok +ether: owner 9\.\d+ ether$/m);
      const meanwhile = await preflight();
      const [lock] = meanwhile.checked.checks.filter(({ name }) => name === "key lock");
      expect(lock?.outcome).to.equal("fail");
      expect(lock?.detail).to.match(
        /^the key of 0x\S+ is held by process \d+ on \S+ since \S+Z, expected no other process: stop that one first$/,
      );
    } finally {
      const begun = performance.now();
      await daemon.close();
      expect(performance.now() - begun).to.be.lessThan(5_000);
    }
    const unasked = await runCommand([stakeCommand], ["stake", "withdraw", ...common]);
    expect(unasked.stderr).to.contain("prover 1 is not leaving, expected one whose exit delay is over: b52 stake exit");
    const exit = await runCommand([stakeCommand], ["stake", "exit", ...common, "--json"]);
    expect(exit.code, exit.stderr).to.equal(0);
    expect((await preflight()).checked.checks.find(({ name }) => name === "stake")!.detail).to.contain("is leaving");
    const early = await runCommand([stakeCommand], ["stake", "withdraw", ...common]);
    expect(early.code, early.stderr).to.equal(1);
    expect(early.stderr).to.match(/prover 1 is leaving, expected one whose exit delay is over: it is from \S+Z$/m);
  });
});
