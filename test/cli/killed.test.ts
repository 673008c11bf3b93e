import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parseEther } from "ethers";
import { type ChainClient, getLane } from "../../src/chain/index.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
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
