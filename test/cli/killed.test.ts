import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parseEther } from "ethers";
import { type ChainClient, getLane } from "../../src/chain/index.ts";
import { encodeTransfer } from "../../src/protocol/messages.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import type { SignedTransfer } from "../../src/protocol/transfer.ts";
import { publishedTransfers } from "../../src/wallet/pending.ts";
import { type OperatorProcesses, operatorProcesses, type Started } from "../support/operatorProcesses.ts";
import { until } from "../support/until.ts";

describe("a command that is killed while it waits for L1", function () {
  this.timeout(120_000);
  let operator: OperatorProcesses;
  let folder: string;
  let client: ChainClient;
  let address: string;

  before(async () => {
    operator = await operatorProcesses("killed");
    ({ folder, client, address } = operator);
  });
  afterEach(async () => {
    operator.killAll();
    await ask("evm_setAutomine", true);
  });
  after(() => operator.close());

  const ask = (method: string, ...params: unknown[]): Promise<unknown> => operator.ask(method, ...params);
  const start = (...args: string[]): Started => operator.start(...args);

  const sent = (): Promise<number> => client.provider.getTransactionCount(address, "pending");
  const depositOf = async (lane: 0 | 1): Promise<bigint> => (await getLane(client, address, lane)).deposit * BID_UNIT;
  const deposited = (): Promise<bigint> => depositOf(1);

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

  it("does only the rest, when some of what it sends was done before it was killed", async () => {
    const [even, odd, before] = [await depositOf(0), await depositOf(1), await sent()];
    await ask("evm_setAutomine", false);
    const { child, ended } = start("seat", "deposit", "20");
    for (const [i, what] of ["an approval", "a deposit", "the other one"].entries()) {
      await until(what, async () => (await sent()) === before + i + 1, 30_000);
      if (i < 2) await ask("evm_mine");
    }
    expect(await depositOf(0)).to.equal(even + parseEther("20"));
    child.kill("SIGKILL");
    await ended;
    await ask("evm_setAutomine", true);
    await ask("evm_mine");
    const again = await start("seat", "deposit", "20", "--json").ended;
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stderr).to.match(/^this was begun \S+Z by a command that has not told how it ended: /m);
    expect([await depositOf(0), await depositOf(1)]).to.deep.equal([even, odd].map((was) => was + parseEther("20")));
    expect(await sent()).to.equal(before + 3);
    // It tells of those that were sent, and only then it is over.
    const { transactions } = JSON.parse(again.stdout) as { transactions: string[] };
    for (const hash of transactions) expect((await client.provider.getTransactionReceipt(hash))?.status).to.equal(1);
    expect(new Set(transactions).size).to.equal(2);
    const more = await start("seat", "deposit", "20").ended;
    expect(more.stderr).not.to.contain("this was begun");
    expect([await depositOf(0), await depositOf(1)]).to.deep.equal([even, odd].map((was) => was + parseEther("40")));
  });

  it("does it once more when it is told to", async () => {
    const before = await deposited();
    await killedDeposit("6");
    await ask("evm_setAutomine", true);
    await ask("evm_mine");
    const again = await start("seat", "deposit", "6", "--lane", "odd", "--again").ended;
    expect(again.code, again.stderr).to.equal(0);
    expect(await deposited()).to.equal(before + parseEther("12"));
    const more = await start("seat", "deposit", "6", "--lane", "odd").ended;
    expect(more.stderr).not.to.contain("this was begun");
    expect(await deposited()).to.equal(before + parseEther("18"));
  });

  it("transfers on the L2 once, although a new transfer would have another nonce", async () => {
    const { walletAddress } = operator;
    const published = (): Promise<SignedTransfer[]> =>
      publishedTransfers(client, { index: 2, publisher: walletAddress });
    const pending = (): Promise<number> => client.provider.getTransactionCount(walletAddress, "pending");
    const before = await pending();
    await ask("evm_setAutomine", false);
    const { child, ended } = start("wallet", "send", "1", "2");
    await until("a transfer", async () => (await pending()) === before + 1, 60_000);
    child.kill("SIGKILL");
    await ended;
    await ask("evm_setAutomine", true);
    await ask("evm_mine");
    expect(await published()).to.have.length(1);
    const again = await start("wallet", "send", "1", "2", "--json").ended;
    expect(again.code, again.stderr).to.equal(0);
    const [transfer] = await published();
    expect(await published()).to.have.length(1);
    const told = JSON.parse(again.stdout) as { encoded: string; nonce: string };
    expect(told).to.include({ encoded: encodeTransfer(transfer!), nonce: "0" });
    // What it has told is over: the same once more is another transfer.
    const more = await start("wallet", "send", "1", "2", "--json").ended;
    expect(JSON.parse(more.stdout), more.stderr).to.include({ nonce: "1" });
    expect(await published()).to.have.length(2);
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
