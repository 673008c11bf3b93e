import { expect } from "chai";
import type { Signer } from "ethers";
import { approve, type ChainClient, connectRollup, deposit } from "../../src/chain/index.ts";
import { openConnection } from "../../src/chain/connection.ts";
import type { Deployment } from "../../src/chain/deployment.ts";
import { PrunedNodeError } from "../../src/chain/errors.ts";
import { connectProvider, type NodeProvider } from "../../src/chain/provider.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import { isAbsence } from "../../src/roles/absent.ts";
import { L1Reader } from "../../src/roles/l1Reader.ts";
import type { L1Span } from "../../src/roles/logFollower.ts";
import { expectRejection } from "../support/expectRejection.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { deploySmall, smallParameters } from "../support/smallRollup.ts";
import { startNode, type TestNode } from "../support/testNode.ts";
import { behind, callsOf, fewBlocks, noLogs, of } from "./faults.ts";
import { until } from "./faultyChain.ts";
import { type Behaviour, type RpcProxy, startProxy } from "./rpcProxy.ts";

const error = (message: string): Behaviour => ({ error: { code: -32_000, message } });

describe("the reader of L1 on a node with faults", function () {
  this.timeout(60_000);
  let node: TestNode;
  let proxy: RpcProxy;
  let provider: NodeProvider;
  let client: ChainClient;
  let deployment: Deployment;
  let deployer: Signer;
  let connection: Awaited<ReturnType<typeof openConnection>>;

  before(async () => {
    node = await startNode();
    connection = await openConnection(node.url);
    deployment = await deploySmall(connection, smallParameters("reader"));
    proxy = await startProxy(node.url);
    provider = await connectProvider(proxy.url);
    client = await connectRollup(provider, deployment);
    [deployer] = (await connection.ethers.getSigners()) as [Signer];
    await approve(client, deployer, deployment.contracts.rollup, 1_000n * BID_UNIT);
  });
  afterEach(() => {
    proxy.behave = () => "pass";
  });
  after(async () => {
    provider.destroy();
    await proxy.close();
    await connection.close();
    await node.stop();
    await removeDeployment(deployment);
  });

  const put = (amount: bigint) => deposit(client, deployer, 0, amount);
  /** What the reader has heard of the deployer's deposits, and what L1 has. */
  const compare = async (reader: L1Reader): Promise<void> => {
    const address = await deployer.getAddress();
    const { deposits, block } = await reader.read();
    const balance = (await client.rollup.laneOf(address, 0, { blockTag: block.number })) & ((1n << 40n) - 1n);
    expect(deposits.get(address)?.[0] ?? 0n, `in block ${block.number}`).to.equal(balance);
  };

  it("misses no event when L1 drops three blocks, and forgets those that it has dropped", async () => {
    const reader = new L1Reader({ client });
    await put(1n);
    await compare(reader);
    await put(2n);
    await put(4n);
    await compare(reader);
    await proxy.ask("anvil_reorg", [3, []]);
    await compare(reader);
    // The same height as before, with other events.
    await put(8n);
    await compare(reader);
    await proxy.ask("anvil_reorg", [1, []]);
    await put(16n);
    await put(32n);
    await compare(reader);
  });

  it("asks about fewer blocks where a node refuses many", async () => {
    await put(1n);
    await proxy.ask("anvil_mine", ["0x4b0"]);
    await put(2n);
    proxy.behave = fewBlocks(500);
    const { scan: _scan, ...rest } = client;
    const fresh = await connectRollup(provider, deployment);
    await compare(new L1Reader({ client: { ...rest, scan: fresh.scan } }));
    const spans = callsOf(proxy, "eth_getLogs").map(
      ({ params }) => params[0] as { fromBlock: string; toBlock: string },
    );
    expect(spans.some(({ fromBlock, toBlock }) => Number(toBlock) - Number(fromBlock) >= 500)).to.equal(true);
  });

  it("reads on where somebody has filled a block with messages on the bulletin, more than the node gives", async () => {
    const heard: number[] = [];
    const onView = (_: unknown, { logs }: L1Span): void => {
      heard.push(logs.filter(({ address }) => address === deployment.contracts.bulletin).length);
    };
    const reader = new L1Reader({ client, onView });
    await reader.read();
    const bulletin = client.bulletin.connect(deployer);
    const say = async (messages: number): Promise<void> => {
      await proxy.ask("evm_setAutomine", [false]);
      for (let i = 0; i < messages; i++) await bulletin.publish(0, 0n, "0x", { gasLimit: 100_000n });
      const sent = await client.rollup.connect(deployer).deposit(0, 1n, { gasLimit: 200_000n });
      await until(
        "all wait",
        async () => Number(((await proxy.ask("txpool_status")) as { pending: string }).pending) === messages + 1,
      );
      await proxy.ask("evm_mine");
      await proxy.ask("evm_setAutomine", [true]);
      await sent.wait();
    };
    proxy.behave = of(["eth_getLogs"], async ({ params }) => {
      const result = (await proxy.ask("eth_getLogs", params)) as unknown[];
      return result.length > 8
        ? { error: { code: -32_005, message: "query returned more than 8 results" } }
        : { result };
    });
    await say(9);
    await compare(reader);
    await say(8);
    await compare(reader);
    expect(heard.slice(1), "what is too much of the bulletin alone").to.deep.equal([0, 8]);
    const { scan: _scan, ...rest } = client;
    const fresh = await connectRollup(provider, deployment);
    await compare(new L1Reader({ client: { ...rest, scan: fresh.scan }, onView }));
    expect(heard.at(-1), "beside those of the genesis").to.equal(heard[0]! + 8);
  });

  for (const [what, fault] of [
    ["a header that another machine has told of", of(["eth_call"], () => error("header not found"))],
    ["a trie node", of(["eth_call"], () => error("missing trie node 12ab"))],
    ["the block whose logs are asked for", of(["eth_getLogs"], () => error("unknown block"))],
    ["an answer to a call", of(["eth_call"], () => ({ result: "0x" }))],
    ["a list of logs", of(["eth_getLogs"], () => ({ result: null }))],
    [
      "a latest block",
      of(["eth_getBlockByNumber"], ({ params }) => (params[0] === "latest" ? { result: null } : "pass")),
    ],
    ["a method", of(["eth_call"], () => ({ error: { code: -32_601, message: "the method does not exist" } }))],
    ["JSON", of(["eth_call"], () => ({ status: 200 }))],
    ["an answer for this caller", of(["eth_call"], () => ({ status: 403 }))],
  ] as const)
    it(`takes it for a moment's absence that the node does not have ${what}`, async () => {
      const reader = new L1Reader({ client });
      await reader.read();
      await put(1n);
      proxy.behave = fault;
      const failure = await reader.read().catch((refusal: unknown) => refusal);
      expect(isAbsence(failure), String(failure)).to.equal(true);
      proxy.behave = () => "pass";
      await compare(reader);
    });

  it("neither begins again nor asks on and on while the node does not have the block that it has told of", async () => {
    const reader = new L1Reader({ client });
    await reader.read();
    await put(1n);
    const latest = Number(await proxy.ask("eth_blockNumber"));
    const before = proxy.calls.length;
    proxy.behave = of(["eth_getBlockByNumber"], ({ params }) =>
      params[0] !== "latest" && Number(params[0]) >= latest - 1 ? { result: null } : "pass",
    );
    for (let looks = 0; looks < 2; looks++) {
      const failure = await reader.read().catch((refusal: unknown) => refusal);
      expect(isAbsence(failure), String(failure)).to.equal(true);
    }
    // The block before is gone, too, when the next one comes later.
    await proxy.ask("anvil_mine", ["0x2"]);
    expect(isAbsence(await reader.read().catch((refusal: unknown) => refusal))).to.equal(true);
    expect(proxy.calls.length - before).to.be.lessThan(20);
    expect(proxy.calls.slice(before).filter(({ method }) => method === "eth_getLogs")).to.have.length(1);
    proxy.behave = () => "pass";
    await compare(reader);
  });

  it("takes a revert for a fault of the program", async () => {
    const reverted = await client.rollup.advance.staticCall().catch((refusal: unknown) => refusal);
    expect(reverted).to.be.instanceOf(Error);
    expect(isAbsence(reverted), String(reverted)).to.equal(false);
  });

  it("takes no logs for none: a node without those of the start is refused", async () => {
    proxy.behave = noLogs;
    await expectRejection(new L1Reader({ client }).read(), PrunedNodeError, "the node has no logs of block");
  });

  it("goes back to no older block when a node falls behind, and on when it has caught up", async () => {
    const reader = new L1Reader({ client });
    // It knows the last blocks from having read them.
    for (let i = 0; i < 3; i++) {
      await put(1n);
      await reader.read();
    }
    const { block } = await reader.read();
    proxy.behave = behind(proxy, 2);
    expect((await reader.read()).block).to.deep.equal(block);
    proxy.behave = () => "pass";
    await put(1n);
    expect((await reader.read()).block.number).to.equal(block.number + 1);
    await compare(reader);
  });

  it("misses no logs of the last blocks that a machine leaves out which has not got so far", async () => {
    const reader = new L1Reader({ client });
    await reader.read();
    for (let i = 0; i < 3; i++) await put(1n);
    const latest = Number(await proxy.ask("eth_blockNumber"));
    proxy.behave = of(["eth_getLogs"], async ({ params }) => {
      const { blockHash, toBlock } = params[0] as { blockHash?: string; toBlock?: string };
      if (blockHash !== undefined) return "pass";
      const logs = (await proxy.ask("eth_getLogs", params)) as { blockNumber: string }[];
      const result = logs.filter(({ blockNumber }) => Number(blockNumber) < latest - 2);
      return Number(toBlock) < latest - 2 ? "pass" : { result };
    });
    await compare(reader);
    await compare(new L1Reader({ client }));
  });

  it("asks for the logs of one block by its hash", async () => {
    const reader = new L1Reader({ client });
    await reader.read();
    const before = callsOf(proxy, "eth_getLogs").length;
    await put(1n);
    const { block } = await reader.read();
    const [asked] = callsOf(proxy, "eth_getLogs").slice(before);
    expect(asked!.params[0]).to.have.property("blockHash", block.hash);
  });

  it("asks for no logs of a block that has none of the contracts", async () => {
    const reader = new L1Reader({ client });
    await reader.read();
    const before = callsOf(proxy, "eth_getLogs").length;
    await proxy.ask("evm_mine");
    await reader.read();
    expect(callsOf(proxy, "eth_getLogs")).to.have.length(before);
  });
});
