import { globSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parseEther } from "ethers";
import { type ChainClient, getLane } from "../../src/chain/index.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import { type OperatorProcesses, operatorProcesses, type Started } from "../support/operatorProcesses.ts";
import { until } from "../support/until.ts";

describe("commands whose key a program has", function () {
  this.timeout(120_000);
  let operator: OperatorProcesses;
  let folder: string;
  let client: ChainClient;
  let address: string;
  let program: Started;

  before(async () => {
    operator = await operatorProcesses("relayed");
    ({ folder, client, address } = operator);
    program = await startProgram();
  });
  after(() => operator.close());

  const ask = (method: string, ...params: unknown[]): Promise<unknown> => operator.ask(method, ...params);
  const start = (...args: string[]): Started => operator.start(...args);
  const sockets = (): string[] => globSync(join(folder, ".b52", "locks", "*.sock"));
  const sent = (block: "latest" | "pending"): Promise<number> => client.provider.getTransactionCount(address, block);
  const deposited = async (lane: 0 | 1): Promise<bigint> => (await getLane(client, address, lane)).deposit * BID_UNIT;

  const pendingHash = async (): Promise<string> =>
    ((await ask("eth_getBlockByNumber", "pending", false)) as { transactions: string[] }).transactions[0]!;

  async function startProgram(): Promise<Started> {
    const run = start(
      "node",
      "follower",
      "--serves",
      "true",
      "--status",
      "off",
      "--api",
      "off",
      "--mdns",
      "false",
      ...["--listen", "/ip4/127.0.0.1/tcp/0", "--data-dir", join(folder, "data"), "--poll-ms", "100"],
    );
    await until("the program runs", () => run.said().includes("the follower runs"), 60_000);
    expect(sockets()).to.have.length(1);
    return run;
  }

  it("are sent by the program, and none takes the nonce of what is under way", async () => {
    const before = await sent("latest");
    const isUnderWay = (count: number) =>
      until(`${count} are sent`, async () => (await sent("pending")) === before + count, 60_000);
    await ask("evm_setAutomine", false);
    const first = start("seat", "deposit", "3", "--lane", "even");
    // An approval, and then the deposit.
    await isUnderWay(1);
    const other = start("seat", "deposit", "9", "--lane", "even");
    await ask("evm_mine");
    await isUnderWay(2);
    const { stderr: refusal } = await other.ended;
    expect(refusal, "one command at a time").to.contain(`is held by process ${first.child.pid} on`);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = start("seat", "deposit", "4", "--lane", "odd");
    await isUnderWay(3);
    await ask("evm_mine");
    await isUnderWay(4);
    await ask("evm_setAutomine", true);
    await ask("evm_mine");
    const { code, stderr } = await second.ended;
    expect(code, stderr).to.equal(0);
    expect(stderr).to.contain(`a program runs with the key of ${address}: it sends`);
    expect(await sent("latest")).to.equal(before + 4);
    expect([await deposited(0), await deposited(1)]).to.deep.equal([parseEther("3"), parseEther("4")]);
  });

  it("are told when it is killed, and it goes on with what it has sent when it runs again", async () => {
    const [before, lane] = [await sent("latest"), await deposited(0)];
    await ask("evm_setAutomine", false);
    const first = start("seat", "deposit", "5", "--lane", "even");
    await until("an approval", async () => (await sent("pending")) === before + 1, 60_000);
    await ask("evm_mine");
    await until("a deposit", async () => (await sent("pending")) === before + 2, 60_000);
    program.child.kill("SIGKILL");
    const { code, stderr } = await first.ended;
    expect(code).to.equal(1);
    expect(stderr).to.contain("the program that has the key has ended while it sent deposit");
    // Nobody has it any more but the program's journal.
    await ask("hardhat_dropTransaction", await pendingHash());
    expect(await sent("pending")).to.equal(before + 1);
    await ask("evm_setAutomine", true);
    program = await startProgram();
    await until("the deposit", async () => (await deposited(0)) !== lane, 60_000);
    expect(await deposited(0)).to.equal(lane + parseEther("5"));
  });

  it("are done once, when they are killed and run again, by the program that runs then", async () => {
    const [count, even, odd] = [await sent("latest"), await deposited(0), await deposited(1)];
    await ask("evm_setAutomine", false);
    const first = start("seat", "deposit", "6");
    for (const [i, what] of ["an approval", "a deposit", "the other one"].entries()) {
      await until(what, async () => (await sent("pending")) === count + i + 1, 60_000);
      if (i < 2) await ask("evm_mine");
    }
    first.child.kill("SIGKILL");
    await first.ended;
    program.child.kill("SIGKILL");
    await program.ended;
    await ask("hardhat_dropTransaction", await pendingHash());
    await ask("evm_setAutomine", true);
    // Whether the program has sent it, only the program knows.
    const alone = await start("seat", "deposit", "6").ended;
    expect(alone.code).to.equal(1);
    expect(alone.stderr).to.contain("gave deposit to a program that does not run now");
    expect(await sent("latest")).to.equal(count + 2);
    program = await startProgram();
    const again = await start("seat", "deposit", "6", "--json").ended;
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stderr).to.match(/^deposit \(transaction 0x[0-9a-f]{64}\) is taken, and not sent again$/m);
    expect([await deposited(0), await deposited(1)]).to.deep.equal([even, odd].map((was) => was + parseEther("6")));
    expect(await sent("latest")).to.equal(count + 3);
    expect((JSON.parse(again.stdout) as { transactions: string[] }).transactions).to.have.length(2);
    // It was told.
    const more = await start("seat", "deposit", "6", "--lane", "odd").ended;
    expect(more.code, more.stderr).to.equal(0);
    expect(await deposited(1)).to.equal(odd + parseEther("12"));
  });

  it("are refused, with its number, where it does not offer to send", async () => {
    const [socket] = sockets();
    await rm(socket!);
    const { code, stderr } = await start("seat", "deposit", "1", "--lane", "odd").ended;
    expect(code).to.equal(1);
    expect(stderr).to.match(new RegExp(`the key of ${address} is held by process ${program.child.pid} on \\S+ since`));
  });
});
