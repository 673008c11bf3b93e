import { expect } from "chai";
import { Wallet } from "ethers";
import { connectRollup } from "../../src/chain/client.ts";
import { NodeSilentError, PrunedNodeError } from "../../src/chain/errors.ts";
import { TokenBucket } from "../../src/chain/pool/bucket.ts";
import { connectPool, type PoolProvider } from "../../src/chain/pool/provider.ts";
import { send } from "../../src/chain/tx/index.ts";
import { openConnection } from "../../src/chain/connection.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { deploySmall, smallParameters } from "../support/smallRollup.ts";
import { startNode, type TestNode } from "../support/testNode.ts";
import {
  behind,
  callsOf,
  dropped,
  everySecond,
  internal,
  noLogs,
  of,
  otherChain,
  SENDS,
  some,
  tooMany,
} from "./faults.ts";
import { until } from "./faultyChain.ts";
import { type RpcProxy, startProxy } from "./rpcProxy.ts";

describe("several nodes of L1", function () {
  this.timeout(60_000);
  let node: TestNode;
  let deployment: Deployment;
  let proxies: RpcProxy[];
  let pool: PoolProvider | undefined;

  before(async () => {
    node = await startNode();
    const connection = await openConnection(node.url);
    deployment = await deploySmall(connection, smallParameters("pool"));
    await connection.close();
  });
  beforeEach(async () => {
    proxies = await Promise.all([1, 2, 3].map(() => startProxy(node.url)));
  });
  afterEach(async () => {
    pool?.destroy();
    pool = undefined;
    await Promise.all(proxies.map((proxy) => proxy.close()));
  });
  after(async () => {
    await removeDeployment(deployment);
    await node.stop();
  });

  const connect = async (): Promise<PoolProvider> => (pool = await connectPool(proxies.map(({ url }) => url)));
  const states = (): string[] => pool!.status().nodes.map(({ state }) => state);
  const asked = (method: string): number[] => proxies.map((proxy) => callsOf(proxy, method).length);

  it("are asked one at a time, as long as it does well", async () => {
    const provider = await connect();
    for (let i = 0; i < 5; i++) await provider.getBalance(deployment.contracts.rollup);
    expect(asked("eth_getBalance")).to.have.members([0, 0, 5]);
    expect(provider.status().state).to.equal("ok");
  });

  it("stand in for one that is silent, cut off or at fault, which rests", async () => {
    const provider = await connect();
    for (const fault of ["cut", { status: 503 }] as const) {
      await provider.getBlockNumber();
      for (const proxy of proxies.slice(0, 2)) proxy.behave = () => fault;
      expect(await provider.getBalance(deployment.contracts.rollup)).to.equal(0n);
      for (const proxy of proxies) proxy.behave = () => "pass";
      await until("all are used again", () => pool!.status().state === "ok");
    }
    for (const proxy of proxies.slice(0, 2)) proxy.behave = () => "silent";
    expect(await provider.getBalance(deployment.contracts.rollup)).to.equal(0n);
  });

  it("are asked again within seconds when all were away, however long that was", async () => {
    pool = await connectPool([proxies[0]!.url], { timeoutMs: 3_000 });
    const provider = pool;
    proxies[0]!.behave = () => "silent";
    const balance = (): Promise<bigint> => provider.getBalance(deployment.contracts.rollup);
    // Many calls wait for the same silence: the node rests no longer for that.
    for (let times = 0; times < 2; times++)
      await Promise.all(
        Array.from({ length: 12 }, () => expectRejection(balance(), NodeSilentError, "does not answer")),
      );
    proxies[0]!.behave = () => "pass";
    expect(await balance()).to.equal(0n);
    expect(pool.status().state).to.equal("ok");
  });

  it("are asked again when one has failed by itself, also where there is no other", async () => {
    pool = await connectPool([proxies[0]!.url]);
    proxies[0]!.behave = of(["eth_getBalance", "eth_getLogs"], everySecond(internal));
    const address = deployment.contracts.rollup;
    for (let times = 0; times < 2; times++) {
      expect(await pool.getBalance(address)).to.equal(0n);
      expect(await pool.getLogs({ address, fromBlock: 0 })).to.be.an("array");
    }
  });

  it("say that they are degraded, and why", async () => {
    const provider = await connect();
    await provider.getBalance(deployment.contracts.rollup);
    const used = asked("eth_getBalance").indexOf(1);
    proxies[used]!.behave = () => ({ status: 502 });
    await provider.getBalance(deployment.contracts.rollup);
    const { state, nodes } = provider.status();
    expect(state).to.equal("degraded");
    expect(nodes[used]).to.deep.include({ state: "resting", reason: "HTTP 502 Bad Gateway", failures: 1 });
    expect(nodes.filter((one) => one.state === "ok")).to.have.length(2);
  });

  it("serve a start and transactions while each answers three calls of ten with 429", async () => {
    for (const [i, proxy] of proxies.entries()) proxy.behave = some(`busy ${i}`, 0.3, tooMany);
    const provider = await connect();
    const client = await connectRollup(provider, deployment);
    const wallet = new Wallet(Wallet.createRandom().privateKey, provider);
    await proxies[0]!.ask("anvil_setBalance", [wallet.address, "0xde0b6b3a7640000"]);
    for (let i = 1; i <= 3; i++) await send("pay", wallet, { to: wallet.address, data: "0x" });
    expect(await client.provider.getTransactionCount(wallet.address)).to.equal(3);
  });

  it("serve a start alone, too, while it answers three calls of ten with 429", async () => {
    proxies[0]!.behave = some("busy alone", 0.3, tooMany);
    pool = await connectPool([proxies[0]!.url]);
    const client = await connectRollup(pool, deployment);
    expect((await client.provider.getBlock("latest"))!.number).to.be.greaterThan(0);
  });

  it("leave out one of another chain, and follow the chain of most", async () => {
    proxies[0]!.behave = otherChain;
    const provider = await connect();
    expect((await provider.getNetwork()).chainId).to.equal(31_337n);
    await provider.getBlockNumber();
    expect(states()).to.deep.equal(["unfit", "ok", "ok"]);
    expect(pool!.status().nodes[0]!.reason).to.contain("chain id of the node is 1, expected 31337");
    expect(callsOf(proxies[0]!, "eth_blockNumber")).to.have.length(0);
  });

  it("leave out one without old logs; all of them without are refused", async () => {
    proxies[1]!.behave = noLogs;
    await connectRollup(await connect(), deployment);
    expect(states()).to.deep.equal(["ok", "unfit", "ok"]);
    expect(pool!.status().nodes[1]!.reason).to.contain(`the node has no logs of block ${deployment.started.number}`);
    pool!.destroy();
    for (const proxy of proxies) proxy.behave = noLogs;
    await expectRejection(connectRollup(await connect(), deployment), PrunedNodeError, "no logs of block");
  });

  it("check one that was away at the start when it comes back", async () => {
    proxies[2]!.behave = () => "cut";
    const provider = await connect();
    proxies[0]!.behave = proxies[1]!.behave = () => "cut";
    proxies[2]!.behave = otherChain;
    const latest = provider.getBlockNumber();
    await until("it is checked", () => states()[2] === "unfit");
    proxies[0]!.behave = proxies[1]!.behave = () => "pass";
    expect(await latest).to.be.greaterThan(0);
    expect(callsOf(proxies[2]!, "eth_blockNumber")).to.have.length(0);
  });

  it("leave out one that is behind the others, until it has caught up", async () => {
    const provider = await connect();
    const latest = await provider.getBlockNumber();
    await until("they are compared", () => asked("eth_blockNumber").every((count) => count > 0));
    for (const proxy of proxies) await proxy.ask("evm_mine");
    expect(await provider.getBlockNumber()).to.equal(latest + 3);
    const [favourite] = proxies.toSorted(
      (a, b) => callsOf(b, "eth_blockNumber").length - callsOf(a, "eth_blockNumber").length,
    );
    favourite!.behave = behind(favourite!, 2);
    expect(await provider.getBlockNumber()).to.equal(latest + 3);
    expect(states().filter((state) => state === "behind")).to.have.length(1);
    expect(provider.status().nodes.find(({ state }) => state === "behind")!.reason).to.equal(
      "2 blocks behind the others",
    );
  });

  it("are compared again when the one that was ahead goes away", async () => {
    pool = await connectPool(
      proxies.map(({ url }) => url),
      { timeoutMs: 3_000 },
    );
    const provider = pool;
    await provider.getBlockNumber();
    await until("they are compared", () => asked("eth_blockNumber").every((count) => count > 0));
    for (const proxy of proxies) await proxy.ask("evm_mine");
    const [favourite, ...others] = proxies.toSorted(
      (a, b) => callsOf(b, "eth_blockNumber").length - callsOf(a, "eth_blockNumber").length,
    );
    await provider.getBlockNumber();
    favourite!.behave = behind(favourite!, 2);
    others[0]!.behave = behind(others[0]!, 2);
    await provider.getBlockNumber();
    expect(states().filter((state) => state === "behind")).to.have.length(2);
    favourite!.behave = others[0]!.behave = () => "pass";
    others[1]!.behave = () => "cut";
    expect(await provider.getBalance(deployment.contracts.rollup)).to.equal(0n);
    expect(states()).to.not.include("behind");
  });

  for (const result of ["0x", "0xffffffffffffffffffff", {}, null])
    it(`are not led astray by one whose latest block has the number ${JSON.stringify(result)}`, async () => {
      proxies[0]!.behave = of(["eth_blockNumber"], () => ({ result }));
      pool = await connectPool(
        proxies.map(({ url }) => url),
        { timeoutMs: 3_000 },
      );
      const provider = pool;
      // Whichever node is asked, all are compared.
      await provider.getBlock("latest");
      await until("they are compared", () => asked("eth_blockNumber").every((count) => count > 0));
      expect(await provider.getBalance(deployment.contracts.rollup)).to.equal(0n);
      expect(states()).to.deep.equal(["ok", "ok", "ok"]);
    });

  it("all get what is signed, as one alone may forget it", async () => {
    for (const proxy of proxies.slice(0, 2)) proxy.behave = dropped;
    const provider = await connect();
    const wallet = new Wallet(Wallet.createRandom().privateKey, provider);
    await proxies[0]!.ask("anvil_setBalance", [wallet.address, "0xde0b6b3a7640000"]);
    const { status } = await send("pay", wallet, { to: wallet.address, data: "0x", gasLimit: 21_000n });
    expect(status).to.equal(1);
    expect(proxies.map((proxy) => callsOf(proxy, ...SENDS).length)).to.deep.equal([1, 1, 1]);
  });

  it("are asked for what one has dropped before that is believed", async () => {
    const provider = await connect();
    const missing = { error: { code: -32_000, message: "missing trie node 0x12 (path )" } };
    for (const proxy of proxies.slice(0, 2)) proxy.behave = of(["eth_getBalance"], () => missing);
    expect(await provider.getBalance(deployment.contracts.rollup, 1)).to.equal(0n);
    proxies[2]!.behave = of(["eth_getBalance"], () => missing);
    const failure = await provider.getBalance(deployment.contracts.rollup, 1).catch((error: unknown) => error);
    expect(String(failure)).to.contain("missing trie node");
  });
});

describe("the calls that a node is given", () => {
  it("are as many a second as it likes, and some at once", () => {
    let now = 0;
    const bucket = new TokenBucket(10, 5, () => now);
    expect([1, 2, 3, 4, 5, 6].map(() => bucket.take(1))).to.deep.equal([true, true, true, true, true, false]);
    expect(bucket.waitMs(1)).to.equal(100);
    now = 99;
    expect(bucket.take(1)).to.equal(false);
    now = 100;
    expect(bucket.take(1)).to.equal(true);
    now = 10_000;
    expect([bucket.take(5), bucket.take(1)], "no more are saved").to.deep.equal([true, false]);
  });

  it("may be more than that in one, which the next ones wait for", () => {
    let now = 0;
    const bucket = new TokenBucket(10, 5, () => now);
    expect(bucket.take(15)).to.equal(true);
    expect(bucket.waitMs(1)).to.equal(1_100);
    now = 1_100;
    expect(bucket.take(1)).to.equal(true);
  });
});
