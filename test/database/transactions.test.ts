import { expect } from "chai";
import type { TransactionRow } from "../../src/chain/tx/journal.ts";
import { Connection } from "../../src/database/connection.ts";
import { migrate } from "../../src/database/migrations.ts";
import { MIGRATIONS } from "../../src/database/schema.ts";
import { TransactionTable } from "../../src/database/index.ts";

const fees = { maxFeePerGas: 2n ** 70n, maxPriorityFeePerGas: 1n, maxFeePerBlobGas: 0n };
const row = (id: string, change: Partial<TransactionRow> = {}): TransactionRow => ({
  ...{ id, chainId: 31_337n, sender: "0xA", state: "pending", nonce: 4 },
  intent: {
    ...{ call: "commit", to: "0xB", data: "0x12", value: 0n, gasLimit: 100_000n, blobHashes: [] },
    ...{ deadline: 1_700_000_000n, worth: 10n ** 18n },
  },
  attempts: [{ hash: "0xcc", fees, block: 17, answer: "taken", isCancellation: false }],
  ...change,
});

describe("transactions in a database", () => {
  const open = (kept?: number) => {
    const connection = new Connection(":memory:");
    migrate(connection, MIGRATIONS);
    return { connection, table: new TransactionTable(connection, kept) };
  };

  it("give back the open ones of an account, in the order in which they were written first", async () => {
    const { connection, table } = open();
    await table.write(row("b"));
    await table.write(row("a", { state: "waiting" }));
    await table.write(row("other", { sender: "0xC" }));
    await table.write(row("elsewhere", { chainId: 1n }));
    const mined = row("b", {
      state: "mined",
      inclusion: { hash: "0xcc", block: { number: 18, hash: "0xdd" }, isReverted: false },
    });
    await table.write(mined);
    const account = { chainId: 31_337n, sender: "0xA" };
    const again = new TransactionTable(connection);
    expect(await again.open(account)).to.deep.equal([mined, row("a", { state: "waiting" })]);
    await table.write({ ...mined, state: "done" });
    expect((await again.open(account)).map(({ id }) => id)).to.deep.equal(["a"]);
    expect(again.ended(account).map(({ id }) => id)).to.deep.equal(["b"]);
    connection.close();
  });

  it("forget the oldest of those that have ended, and no open one", async () => {
    const { connection, table } = open(2);
    await table.write(row("open"));
    for (const id of ["1", "2", "3", "4"]) await table.write(row(id, { state: "done" }));
    const account = { chainId: 31_337n, sender: "0xA" };
    expect(table.ended(account).map(({ id }) => id)).to.deep.equal(["3", "4"]);
    expect(await table.open(account)).to.have.length(1);
    connection.close();
  });

  it("are found by a name once they are done, which those without one do not push out", async () => {
    const { connection, table } = open(2);
    const account = { chainId: 31_337n, sender: "0xA" };
    const named = (id: string, once: string, change: Partial<TransactionRow> = {}): TransactionRow =>
      row(id, { intent: { ...row(id).intent, once }, state: "done", ...change });
    await table.write(named("first", "name"));
    await table.write(named("refused", "other", { state: "refused" }));
    for (const id of ["1", "2", "3", "4"]) await table.write(row(id, { state: "done" }));
    expect(await table.doneOnce(account, "name")).to.deep.equal(named("first", "name"));
    expect(await table.doneOnce(account, "other"), "nothing came of it").to.equal(undefined);
    expect(await table.doneOnce({ ...account, sender: "0xC" }, "name")).to.equal(undefined);
    await table.write(named("5", "more"));
    expect(await table.doneOnce(account, "name"), "the oldest of three").to.equal(undefined);
    expect(table.ended(account).map(({ id }) => id)).to.deep.equal(["refused", "3", "4", "5"]);
    connection.close();
  });
});
