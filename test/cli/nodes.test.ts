import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import hre from "hardhat";
import { syncCommand } from "../../src/cli/commands/sync.ts";
import { walletCommand } from "../../src/cli/commands/wallet/index.ts";
import { writeDeployment } from "../../src/chain/deployment.ts";
import { PROJECT_ROOT } from "../../src/setup/project.ts";
import { createKeystore } from "../../src/wallet/keystore.ts";
import { type PlayedL2, playHeight, playL2, userWallet } from "../support/playedL2.ts";
import { removeDeployment } from "../support/removeDeployment.ts";
import { type ProxiedCall, type RpcProxy, startProxy } from "../faults/rpcProxy.ts";
import { runCommand } from "../support/runCommand.ts";
import { startNode, type TestNode } from "../support/testNode.ts";

const SECRET = "hunter2";
/** Seconds that a call may take, in these tests. */
const TIMEOUT_S = 4;
/** Of a started process, on a machine that does other things as well. */
const SLACK_S = 20;

/** What users meet on other nodes than those for development: a proxy plays the faults. */
describe("b52 on nodes with faults", () => {
  let node: TestNode;
  let proxy: RpcProxy;
  let folder: string;
  let l2: PlayedL2;
  let wallet: string;

  before(async () => {
    node = await startNode();
    proxy = await startProxy(node.url);
    folder = await mkdtemp(join(tmpdir(), "b52-nodes-"));
    wallet = join(folder, "wallet.json");
    await createKeystore(wallet, userWallet(1).privateKey, "password", 1_024);
    l2 = await playL2(await hre.network.create({ network: "rpc", override: { url: node.url } }));
    await l2.connection.networkHelpers.time.increase(2);
    await writeDeployment(join(folder, "deployment.json"), l2.client.deployment);
    for (let i = 0; i < 2; i++) await playHeight(l2);
  });
  beforeEach(() => {
    proxy.calls.length = 0;
    proxy.behave = () => "pass";
  });
  after(async () => {
    await removeDeployment(l2.client.deployment);
    await l2.connection.close();
    await Promise.all([proxy, ...silent].map((one) => one.close()));
    await node.stop();
    await rm(folder, { recursive: true });
  });

  /** All commands that speak to a node, as far as they come without a set-up. */
  const COMMANDS: Readonly<Record<string, readonly string[]>> = {
    status: ["status"],
    sync: ["sync"],
    "wallet balance": ["wallet", "balance"],
    "wallet deposit": ["wallet", "deposit", "1"],
    escape: ["escape"],
    deploy: ["deploy"],
  };

  const argumentsOf = (command: readonly string[], database: string, via: RpcProxy): string[] => {
    const url = `${via.url.replace("://", `://user:${SECRET}@`)}/v3/${SECRET}?key=${SECRET}`;
    const [name] = command;
    return [
      ...command,
      ...["--rpc", url, "--deployment", join(folder, name === "deploy" ? "new.json" : "deployment.json")],
      ...(name === "deploy" || name === "status" ? [] : ["--db", join(folder, database)]),
      ...(name === "wallet" || name === "escape" ? ["--wallet", wallet] : []),
    ];
  };
  const environment = (timeout: number) => ({ B52_WALLET_PASSWORD: "password", B52_RPC_TIMEOUT: String(timeout) });
  const noSecret = "no secret is shown";

  const start = (command: readonly string[], database: string, timeout = TIMEOUT_S, via = proxy) => {
    const args = ["--import", "./src/loader/register.mjs", "src/cli/main.ts", ...argumentsOf(command, database, via)];
    const child = spawn(process.execPath, args, {
      cwd: PROJECT_ROOT,
      env: { ...process.env, ...environment(timeout) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const shown = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (shown.stdout += chunk));
    child.stderr.on("data", (chunk) => (shown.stderr += chunk));
    const ended = once(child, "close").then(([code]) => {
      expect(`${shown.stdout}${shown.stderr}`, noSecret).to.not.contain(SECRET);
      return { code: code as number | null, ...shown };
    });
    return { child, ended };
  };

  const run = async (command: readonly string[], database: string, timeout = TIMEOUT_S) => {
    const shown = await runCommand(
      [syncCommand, walletCommand],
      argumentsOf(command, database, proxy),
      environment(timeout),
    );
    expect(`${shown.stdout}${shown.stderr}`, noSecret).to.not.contain(SECRET);
    return shown;
  };

  const logsAre = (behaviour: (call: ProxiedCall) => ReturnType<RpcProxy["behave"]>) => (call: ProxiedCall) =>
    call.method === "eth_getLogs" ? behaviour(call) : "pass";

  const silent: RpcProxy[] = [];
  /** When commands first asked in vain: before that, they start. */
  const asked = new Map<string, number>();
  const ends = new Map<string, Promise<Awaited<ReturnType<typeof start>["ended"]> & { readonly seconds: number }>>();

  // Commands wait most of the time: so they wait at the same time, and while other tests run.
  before(async () => {
    for (const [name, command] of Object.entries(COMMANDS)) {
      const own = await startProxy(node.url);
      silent.push(own);
      own.behave = ({ method }) => {
        // It tells its chain id: whoever never answers at all is another case.
        if (method === "eth_chainId") return "pass";
        if (!asked.has(name)) asked.set(name, performance.now());
        return "silent";
      };
      const { ended } = start(command, `silent ${name}`, TIMEOUT_S, own);
      const seconds = (): number => (performance.now() - asked.get(name)!) / 1_000;
      ends.set(
        name,
        ended.then((shown) => ({ ...shown, seconds: seconds() })),
      );
    }
  });

  it("sync through an address with user and password", async () => {
    const { code, stdout, stderr } = await start(["sync"], "with-password").ended;
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^height {6}2$/m);
    expect(proxy.headers.authorization).to.equal(`Basic ${Buffer.from(`user:${SECRET}`).toString("base64")}`);
  });

  describe("that never answer", () => {
    for (const name of Object.keys(COMMANDS)) {
      it(`${name} gives up, and says what it waits for`, async () => {
        const { code, stdout, stderr, seconds } = await ends.get(name)!;
        expect(stderr).to.match(/^waiting for eth_\w+( and \d+ more)? from http:\/\/127\.0\.0\.1:\d+\/…/m);
        expect(stderr).to.match(/^b52: http:\/\/127\.0\.0\.1:\d+\/… does not answer eth_\w+: no answer in /m);
        expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
        expect(seconds).to.be.lessThan(TIMEOUT_S + SLACK_S);
      });
    }
  });

  for (const name of ["sync", "wallet deposit", "deploy"] as const) {
    it(`${name} stops at once when it is interrupted while the node is silent`, async () => {
      proxy.behave = ({ method }) => (method === "eth_chainId" ? "pass" : "silent");
      const { child, ended } = start(COMMANDS[name]!, "interrupted", 600);
      while (!proxy.calls.some(({ method }) => method !== "eth_chainId"))
        await new Promise((resolve) => setTimeout(resolve, 20));
      const started = performance.now();
      child.kill("SIGINT");
      const { code, stderr } = await ended;
      expect(performance.now() - started).to.be.lessThan(4_000);
      expect(code, stderr).to.equal(130);
      expect(stderr).to.match(/^b52: interrupted$/m);
    });
  }

  it("sync gives up on a node that is busy for ever", async () => {
    proxy.behave = ({ method }) => (method === "eth_chainId" ? "pass" : { status: 429 });
    const { code, stderr } = await run(["sync"], "busy");
    expect(stderr).to.match(/does not answer eth_\w+: HTTP 429 Too Many Requests \(tried \d times in \d s\); expected/);
    expect(code, stderr).to.equal(1);
  });

  it("sync asks a node for as many blocks as it gives, and remembers that", async () => {
    const span = ({ params }: ProxiedCall): number => {
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
      return Number(toBlock) - Number(fromBlock) + 1;
    };
    const refusal = { error: { code: -32_005, message: "block range too large" } };
    proxy.behave = logsAre((call) => (span(call) > 9 ? refusal : "pass"));
    const { code, stdout, stderr } = await run(["sync"], "ranges");
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^height {6}2$/m);
    const spans = proxy.calls.filter(({ method }) => method === "eth_getLogs").map(span);
    expect(spans.filter((blocks) => blocks > 9).length, "refusals").to.be.lessThan(8);
  });

  it("sync does not take a node that dropped old logs for an empty chain", async () => {
    proxy.behave = logsAre(() => ({ result: [] }));
    const { code, stderr } = await run(["sync"], "pruned");
    expect(stderr).to.match(/^b52: the node has no logs of block \d+, in which the rollup was started/m);
    expect(code, stderr).to.equal(1);
  });

  it("sync tells a node that lags from a chain without a rollup", async () => {
    const { number } = l2.client.deployment.started;
    proxy.behave = ({ method, params: [block] }) => {
      if (method === "eth_blockNumber") return { result: "0x1" };
      return method === "eth_getBlockByNumber" && Number(block) > 1 ? { result: null } : "pass";
    };
    const { code, stderr } = await run(["sync"], "behind");
    expect(stderr).to.contain(`b52: the latest block of the node is 1, expected at least ${number}`);
    expect(code, stderr).to.equal(1);
  });

  it("a transaction that is sent while the gateway fails is sent once", async () => {
    let isCut = false;
    const before = await l2.client.bridge.queue();
    proxy.behave = ({ method }) => {
      if (method !== "eth_sendRawTransaction" || isCut) return "pass";
      isCut = true;
      return "cut";
    };
    const { code, stderr } = await run(COMMANDS["wallet deposit"]!, "cut", 30);
    expect(code, stderr).to.equal(0);
    expect((await l2.client.bridge.queue()).posted).to.equal(before.posted + 1n);
  });
});
