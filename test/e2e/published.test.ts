import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { id, parseEther, type Signer, Wallet } from "ethers";
import { type L1Connection, openConnection } from "../../src/chain/connection.ts";
import { type Deployment, writeDeployment } from "../../src/chain/deployment.ts";
import { attachRollup, type ChainClient, publish, transfer } from "../../src/chain/index.ts";
import { type Configuration, Metrics, readConfiguration, type RunningNode, startNode } from "../../src/daemon/index.ts";
import { deployModule } from "../../src/deploy/deploy.ts";
import { developmentAccounts, developmentKeys, genesisOf } from "../../src/deploy/genesis.ts";
import { economicsOf, encodeKeys, parametersOf, profileKeys } from "../../src/deploy/parameters.ts";
import { NO_LOG } from "../../src/log/index.ts";
import { createOperatorKeystore, depositSeat, LANES, operatorKeys, withdrawSeat } from "../../src/operator/index.ts";
import { encodeTransfer } from "../../src/protocol/messages.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { type SignedTransfer, signTransfer } from "../../src/protocol/transfer.ts";
import { transferId } from "../../src/protocol/transferId.ts";
import { loadProfileBuild } from "../../src/setup/profileBuild.ts";
import { walletKeys } from "../../src/wallet/keys.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { startNode as startL1, type TestNode } from "../support/testNode.ts";
import { until } from "../support/until.ts";

const PRIVATE_KEY = id("a proposer who comes later");
const profile = PROFILES.dev;

/** Ms: a program that starts reads keys and the L2 first. */
const START_MS = 30_000;

describe("a program on a rollup with a history", function () {
  this.timeout(120_000);
  let l1: TestNode;
  let folder: string;
  let connection: L1Connection;
  let deployment: Deployment;
  let client: ChainClient;
  let user: Signer;
  let running: RunningNode | undefined;

  before(async () => {
    l1 = await startL1();
    folder = await mkdtemp(join(tmpdir(), "b52-published-"));
    connection = await openConnection(l1.url);
    const plan = { profile, genesis: genesisOf(profile, developmentAccounts(2)), economics: economicsOf(profile) };
    const keys = encodeKeys(profileKeys(await loadProfileBuild(profile)));
    deployment = await deployModule(connection, { profile }, parametersOf(plan, keys));
    await writeDeployment(join(folder, "deployment.json"), deployment);
    client = attachRollup(connection.ethers.provider, deployment);
    await createOperatorKeystore(join(folder, "key.json"), PRIVATE_KEY, "secret", 1_024);
    await writeFile(join(folder, "password"), "secret\n");
    const [deployer, other] = await connection.ethers.getSigners();
    user = other!;
    const { address } = operatorKeys(PRIVATE_KEY);
    await (await deployer!.sendTransaction({ to: address, value: parseEther("10") })).wait();
    await transfer(client, deployer!, address, parseEther("1000"));
  });
  afterEach(async () => {
    await running?.close();
    running = undefined;
  });
  after(async () => {
    await connection.close();
    await removeDeployment(deployment);
    await l1.stop();
    await rm(folder, { recursive: true });
  });

  const operator = (): Parameters<typeof depositSeat>[0] => ({
    ...{ client, keys: operatorKeys(PRIVATE_KEY), signer: new Wallet(PRIVATE_KEY, client.provider) },
  });

  /** As `wallet send` does: a transfer of account 1. */
  async function send(nonce: bigint): Promise<SignedTransfer> {
    const { secret } = walletKeys(developmentKeys(1)[0]!);
    const { domain } = deployment;
    const signed = signTransfer(secret, domain, { from: 1, to: 2, amount: 10n ** 18n, fee: 10n ** 16n }, nonce);
    await publish(client, user, { topic: "Transaction", subject: domain, data: encodeTransfer(signed) });
    return signed;
  }

  const configured = (role: "proposer" | "follower", more: Record<string, unknown> = {}): Promise<Configuration> =>
    readConfiguration(role, {
      flags: {
        ...{ rpc: l1.url, deployment: join(folder, "deployment.json"), dataDir: join(folder, role), pollMs: 100 },
        ...{ status: "127.0.0.1:0", listen: "/ip4/127.0.0.1/tcp/0", mdns: false },
        ...more,
      },
      env: {},
      folder,
    });

  async function run(configuration: Configuration, isKeyed: boolean): Promise<RunningNode> {
    const signal = new AbortController().signal;
    const keys = isKeyed ? operatorKeys(PRIVATE_KEY) : undefined;
    running = await startNode(configuration, { keys, log: NO_LOG, metrics: new Metrics(), signal });
    return running;
  }

  const proposer = async (): Promise<RunningNode> => {
    const files = { keystore: join(folder, "key.json"), passwordFile: join(folder, "password") };
    return run(await configured("proposer", files), true);
  };

  /** Without peers it promises nothing, so what it holds stays. */
  async function proposerHas(count: number): Promise<void> {
    const node = await proposer();
    let metrics = "";
    await until(
      `${count} transfers`,
      async () => {
        metrics = await (await fetch(`${node.status}/metrics`)).text();
        return new RegExp(`^b52_mempool_transfers ${count}$`, "m").test(metrics);
      },
      START_MS,
    ).catch(() => expect.fail(`expected ${count}, found ${/^b52_mempool_transfers .*$/m.exec(metrics)?.[0]}`));
    await node.close();
    running = undefined;
  }

  it("has what was published in a proposer's mempool: before its start, and while it was away", async () => {
    await depositSeat(operator(), LANES, parseEther("100"));
    await send(0n);
    await proposerHas(1);
    await send(1n);
    await send(2n);
    await proposerHas(3);
  });

  it("has it in a follower's API", async () => {
    const sent = await send(0n);
    const node = await run(await configured("follower", { api: "127.0.0.1:0" }), false);
    const state = async (): Promise<string | undefined> => {
      const answer = await fetch(`${node.api}/v1/transactions/${transferId(sent)}`);
      return ((await answer.json()) as { transaction?: { state: string } }).transaction?.state;
    };
    await until("it waits", async () => (await state()) === "waiting", START_MS);
  });

  it("says when a proposer's deposits are gone, and what to do", async () => {
    const node = await proposer();
    const says = (line: RegExp) => async () => line.test(await (await fetch(`${node.status}/ready`)).text());
    await until("deposits", says(/^ok +seat: deposits of 100 tokens and 100 tokens$/m), START_MS);
    await withdrawSeat(operator(), ["odd"]);
    await until("one is gone", says(/^degraded +seat: .* no block of odd heights is offered: b52 seat take$/m));
    await withdrawSeat(operator(), ["even"]);
    await until("both are gone", says(/^down +seat: deposits of 0 tokens and 0 tokens, expected .*: b52 seat take$/m));
    await depositSeat(operator(), LANES, parseEther("100"));
    await until("they are back", says(/^ok +seat: /m));
  });
});
