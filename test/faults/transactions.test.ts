import { expect } from "chai";
import type { Wallet } from "ethers";
import { ContractError, TransactionError, TransactionExpiredError } from "../../src/chain/errors.ts";
import { MemoryJournal, type TransactionRow } from "../../src/chain/tx/journal.ts";
import { TxManager, type TxManagerOptions } from "../../src/chain/tx/manager.ts";
import type { Call } from "../../src/chain/tx/sender.ts";
import { NodeDatabase } from "../../src/database/index.ts";
import { makeSidecar } from "../../src/blobs/sidecar.ts";
import { expectRejection } from "../support/expectRejection.ts";
import {
  all,
  dropped,
  everySecond,
  first,
  internal,
  of,
  reservations,
  reserved,
  SENDS,
  tenPercentRule,
} from "./faults.ts";
import { FaultyChain, until } from "./faultyChain.ts";

const GWEI = 10n ** 9n;
const TO = "0x00000000000000000000000000000000000000b5";
const GAS = 50_000n;
const call = (value: bigint): Call => ({ call: "pay", to: TO, data: "0x", value, gasLimit: GAS });

describe("transactions on a node with faults", function () {
  this.timeout(60_000);
  let chain: FaultyChain;
  let wallet: Wallet;
  const runs: AbortController[] = [];

  before(async () => {
    chain = await FaultyChain.start();
  });
  beforeEach(async () => {
    wallet = await chain.rich();
  });
  afterEach(async () => {
    for (const run of runs.splice(0)) run.abort();
    chain.proxy.behave = () => "pass";
    await chain.automine(true);
    await chain.mine(GWEI);
  });
  after(() => chain.close());

  const open = (options?: TxManagerOptions): Promise<TxManager> => TxManager.open(wallet, options);
  /** Looks after what nobody waits for. */
  const run = (manager: TxManager): TxManager => {
    const controller = new AbortController();
    runs.push(controller);
    void manager.run(controller.signal);
    return manager;
  };
  const now = async (): Promise<bigint> => BigInt((await chain.provider.getBlock("latest"))!.timestamp);
  /** Until the only open transaction has been looked at in the latest block. */
  const looked = async (manager: TxManager): Promise<TransactionRow> => {
    const height = await chain.height();
    await until(`an attempt in block ${height}, with an answer`, () => {
      const last = manager.rows[0]?.attempts.at(-1);
      return last?.block === height && last.answer !== undefined;
    });
    return manager.rows[0]!;
  };
  /** What is sent, while blocks are made. */
  const sentAmid = async <T>(sent: Promise<T>): Promise<T> => {
    let isDone = false;
    const settled = sent.finally(() => (isDone = true));
    settled.catch(() => undefined);
    await until("a transaction is mined", async () => {
      await chain.mine();
      return isDone;
    });
    return settled;
  };
  const paid = async (hash: string): Promise<bigint> => (await chain.provider.getTransaction(hash))!.value;

  it("are raised by an eighth with each block, so that geth's rule never refuses one", async () => {
    await chain.automine(false);
    const outbid: unknown[] = [];
    const rule = tenPercentRule(chain.proxy);
    const watched: typeof rule = async (sent) => {
      const behaviour = await rule(sent);
      if (typeof behaviour === "object" && "error" in behaviour) outbid.push(behaviour.error.message);
      return behaviour;
    };
    // The pool has them, and no block's maker takes the first four.
    let count = 0;
    const swallow: typeof rule = (sent) => (count++ < 4 ? dropped(sent) : "pass");
    chain.proxy.behave = of(["eth_sendRawTransaction"], all(watched, swallow));
    const manager = await open();
    const sent = manager.send(call(1n));
    let row = await looked(manager);
    for (let block = 0; block < 4; block++) {
      await chain.mine();
      row = await looked(manager);
    }
    await chain.mine();
    const receipt = await sent;
    expect(outbid).to.deep.equal([]);
    expect(receipt.hash).to.equal(row.attempts.at(-1)!.hash);
    expect(row.attempts).to.have.length(5);
    for (const [i, { fees }] of row.attempts.slice(1).entries()) {
      const before = row.attempts[i]!.fees;
      expect(fees.maxFeePerGas * 8n >= before.maxFeePerGas * 9n).to.equal(true);
      expect(fees.maxPriorityFeePerGas * 8n >= before.maxPriorityFeePerGas * 9n).to.equal(true);
    }
    expect(await chain.count(wallet.address)).to.equal(1);
  });

  it("outbid one of the same key that nobody here knows, or come after it", async () => {
    await chain.automine(false);
    chain.proxy.behave = tenPercentRule(chain.proxy);
    const fees = { maxFeePerGas: 30n * GWEI, maxPriorityFeePerGas: 2n * GWEI };
    const raw = await wallet.signTransaction({
      ...{ type: 2, chainId: 31_337n, nonce: 0, to: TO, value: 9n, gasLimit: GAS },
      ...fees,
    });
    await chain.provider.broadcastTransaction(raw);
    const manager = await open();
    const sent = manager.send(call(1n));
    const { attempts } = await looked(manager);
    expect(attempts[0]!.answer).to.equal("underpriced");
    await chain.mine();
    expect(await paid((await sentAmid(sent)).hash)).to.equal(1n);
    expect(await chain.count(wallet.address)).to.equal(2);
  });

  it("leave no gap between their nonces when every second send fails", async () => {
    chain.proxy.behave = of(SENDS, everySecond(internal));
    const manager = await open();
    const values = [1n, 2n, 3n, 4n, 5n, 6n];
    const receipts = await Promise.all(values.map((value) => manager.send(call(value))));
    expect(await Promise.all(receipts.map(({ hash }) => paid(hash)))).to.deep.equal(values);
    expect(await chain.count(wallet.address)).to.equal(6);
    expect(manager.rows).to.deep.equal([]);
  });

  it("are sent again when a node has taken them and forgotten them", async () => {
    chain.proxy.behave = dropped;
    await chain.automine(false);
    const manager = await open();
    const sent = manager.send(call(1n));
    await looked(manager);
    await chain.mine();
    await looked(manager);
    chain.proxy.behave = () => "pass";
    await chain.mine();
    await looked(manager);
    await chain.mine();
    expect(await paid((await sent).hash)).to.equal(1n);
  });

  it("wait out a base fee that is fifty times as high for five blocks, or pay it", async () => {
    await chain.automine(false);
    const rich = await chain.rich();
    const base = await chain.baseFee();
    const high = 50n * base;
    const worth = GAS * 10n * base + GAS * GWEI;
    const [thrifty, hasty] = [await open({ worth }), await TxManager.open(rich, { worth })];
    const deadline = (await now()) + 1_000n;
    const cheap = thrifty.send(call(1n), { deadline });
    const dear = hasty.send(call(2n), { worth: 1_000n * worth, deadline });
    await Promise.all([looked(thrifty), looked(hasty)]);
    let isCheapDone = false;
    void cheap.then(() => (isCheapDone = true));
    for (let block = 0; block < 5; block++) {
      await chain.mine(high);
      await until("both looked", async () => {
        const height = await chain.height();
        const seen = (manager: TxManager): boolean =>
          manager.rows.every(
            ({ attempts }) => attempts.at(-1)!.block === height && attempts.at(-1)!.answer !== undefined,
          );
        return seen(thrifty) && seen(hasty);
      });
    }
    await dear;
    expect(isCheapDone).to.equal(false);
    await chain.mine(base);
    const { gasPrice, gasUsed } = await sentAmid(cheap);
    expect(gasPrice * gasUsed <= worth).to.equal(true);
  });

  it("are given up at their deadline of L1's clock, and their nonce is used for the next one", async () => {
    await chain.automine(false);
    const manager = run(await open());
    const base = await chain.baseFee();
    const start = await now();
    chain.proxy.behave = dropped;
    const sent = manager.send(call(1n), { deadline: start + 30n, worth: GAS * 20n * base });
    await looked(manager);
    await chain.ask("evm_setNextBlockTimestamp", Number(start + 30n));
    await chain.mine();
    await expectRejection(sent, TransactionExpiredError, `expected it mined before ${start + 30n}`);
    chain.proxy.behave = () => "pass";
    await chain.mine();
    await until("it is cancelled", async () => {
      await chain.mine();
      return manager.rows.length === 0;
    });
    expect(await chain.count(wallet.address)).to.equal(1);
    const next = manager.send(call(2n));
    await looked(manager);
    await chain.mine();
    expect(await paid((await next).hash)).to.equal(2n);
    expect(await chain.count(wallet.address)).to.equal(2);
  });

  it("with blobs and others of one address wait for each other, as geth takes but one kind at a time", async () => {
    await chain.automine(false);
    const refused: string[] = [];
    const rule = reservations(chain.proxy);
    chain.proxy.behave = async (asked) => {
      const behaviour = await rule(asked);
      if (typeof behaviour === "object" && "error" in behaviour) refused.push(behaviour.error.message);
      return behaviour;
    };
    const manager = await open();
    const sidecars = [await makeSidecar([5n])];
    const sent = [
      manager.send({ ...call(0n), sidecars, slots: 2 }),
      manager.send(call(1n)),
      manager.send({ ...call(0n), sidecars, slots: 2 }),
    ];
    const receipts = await sentAmid(Promise.all(sent));
    expect(receipts.map(({ status }) => status)).to.deep.equal([1, 1, 1]);
    expect(refused).to.deep.equal([]);
    expect(await chain.count(wallet.address)).to.equal(3);
  });

  it("wait, too, for what another process has sent with blobs", async () => {
    chain.proxy.behave = of(["eth_sendRawTransaction"], first(2, reserved));
    const manager = await open();
    expect(await paid((await sentAmid(manager.send(call(1n)))).hash)).to.equal(1n);
  });

  it("that a contract refuses say so at once, and use no nonce", async () => {
    const manager = await open();
    // INVALID, whatever it is given.
    const created = await (await wallet.sendTransaction({ data: "0x6001600c60003960016000f3fe" })).wait();
    const refused = manager.send({ call: "pay", to: created!.contractAddress!, data: "0x" });
    await refused.then(
      () => expect.fail("expected it to be refused"),
      (error: unknown) => expect(error instanceof ContractError || error instanceof TransactionError).to.equal(true),
    );
    expect(await chain.count(wallet.address)).to.equal(1);
    expect(manager.rows).to.deep.equal([]);
  });

  describe("after a restart", () => {
    const begin = async (journal: MemoryJournal): Promise<string> => {
      await chain.automine(false);
      const before = await open({ journal, timeoutMs: 300 });
      await expectRejection(before.send(call(7n)), TransactionError, "was not mined in 0.3 s");
      return before.rows[0]!.attempts[0]!.hash!;
    };

    it("are waited for, not sent a second time", async () => {
      const journal = new MemoryJournal();
      const hash = await begin(journal);
      const again = await open({ journal });
      const sent = again.send(call(7n));
      await chain.mine();
      expect((await sent).hash).to.equal(hash);
      expect(await chain.count(wallet.address)).to.equal(1);
    });

    it("are done if they were mined meanwhile", async () => {
      const journal = new MemoryJournal();
      await begin(journal);
      await chain.mine();
      const again = run(await open({ journal }));
      await until("nothing is open", () => again.rows.length === 0);
      expect(await chain.count(wallet.address)).to.equal(1);
    });

    it("are sent again if the node has dropped them, without anybody asking", async () => {
      const journal = new MemoryJournal();
      const hash = await begin(journal);
      await chain.ask("anvil_dropTransaction", hash);
      const again = run(await open({ journal }));
      await until("it is mined", async () => {
        await chain.mine();
        return again.rows.length === 0;
      });
      expect(await chain.count(wallet.address)).to.equal(1);
    });

    it("have the nonces of what is open, not the node's", async () => {
      const journal = new MemoryJournal();
      const hash = await begin(journal);
      await chain.ask("anvil_dropTransaction", hash);
      const again = await open({ journal });
      const other = again.send(call(8n));
      await until("two are open", () => again.rows.filter(({ attempts }) => attempts.length > 0).length === 2);
      expect(again.rows.map(({ nonce }) => nonce)).to.deep.equal([0, 1]);
      await until("both are mined", async () => {
        await chain.mine();
        return (await chain.count(wallet.address)) === 2;
      });
      expect(await paid((await other).hash)).to.equal(8n);
    });
  });

  describe("under a name", () => {
    const once = "a name";
    let database: NodeDatabase;
    beforeEach(async () => {
      database = await NodeDatabase.inMemory("a rollup");
    });
    afterEach(() => database.close());
    const reopen = () => open({ journal: database.transactions });

    it("are sent once: whoever asks meanwhile, after a restart, or when they are done has the same", async () => {
      await chain.automine(false);
      const manager = await reopen();
      const [one, two] = [manager.send(call(3n), { once }), manager.send(call(3n), { once })];
      await chain.automine(true);
      await chain.mine();
      const { hash } = await one;
      expect((await two).hash).to.equal(hash);
      expect((await manager.send(call(3n), { once })).hash).to.equal(hash);
      const again = await reopen();
      expect((await again.sentOnce(once))?.state).to.equal("done");
      expect((await again.send(call(3n), { once })).hash).to.equal(hash);
      expect(await chain.count(wallet.address)).to.equal(1);
      for (const other of [{ once: "another name" }, {}]) await again.send(call(3n), other);
      expect(await chain.count(wallet.address)).to.equal(3);
    });

    it("are sent again with the same bytes if a reorganisation has dropped them since they were done", async () => {
      const { hash } = await (await reopen()).send(call(4n), { once });
      await chain.automine(false);
      await chain.mine();
      await chain.ask("anvil_reorg", 2, []);
      expect(await chain.ask("eth_getTransactionReceipt", hash)).to.equal(null);
      const again = await sentAmid((await reopen()).send(call(4n), { once }));
      expect(again.hash).to.equal(hash);
      expect(await chain.count(wallet.address)).to.equal(1);
    });

    it("are not sent beside what has lost its nonce and waits", async () => {
      const { chainId } = await chain.provider.getNetwork();
      const intent = { ...call(5n), value: 5n, gasLimit: GAS, blobHashes: [], worth: 1n, once };
      const account = { chainId, sender: wallet.address };
      await database.transactions.write({ ...account, id: "lost", intent, state: "waiting", attempts: [] });
      const manager = await open({ journal: database.transactions, timeoutMs: 300 });
      await manager.settleLeft();
      expect((await manager.sentOnce(once))?.state).to.equal("waiting");
      // What it may cost now is said by whoever asks for it again.
      await sentAmid(manager.send(call(5n), { once, worth: 10n ** 17n }));
      expect(await chain.count(wallet.address)).to.equal(1);
      expect(await database.transactions.open(account)).to.deep.equal([]);
    });

    it("may be sent under it after L1 has refused them", async () => {
      const manager = await reopen();
      await expectRejection(manager.send({ ...call(1n), value: 10n ** 30n }, { once }), TransactionError, "pay by");
      expect(await manager.sentOnce(once)).to.equal(undefined);
      await manager.send(call(1n), { once });
      expect(await chain.count(wallet.address)).to.equal(1);
    });
  });

  it("that a reorganisation drops are sent again", async () => {
    const manager = run(await open({ confirmations: 10 }));
    const { hash } = await manager.send(call(1n));
    expect(manager.rows.map(({ state }) => state)).to.deep.equal(["mined"]);
    await chain.automine(false);
    await chain.mine();
    await chain.mine();
    await chain.ask("anvil_reorg", 3, []);
    expect(await chain.ask("eth_getTransactionReceipt", hash)).to.equal(null);
    await until("it is in a block again", async () => {
      await chain.mine();
      manager.look();
      return (await chain.ask("eth_getTransactionReceipt", hash)) !== null;
    });
  });
});
