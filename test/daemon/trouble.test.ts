import { expect } from "chai";
import { troubleTo } from "../../src/daemon/compose/senders.ts";
import { logTo } from "../../src/log/index.ts";

describe("trouble with transactions", () => {
  it("that lasts is told once a minute, and at once when it is another one", () => {
    const said: string[] = [];
    let now = 0;
    const tell = troubleTo(
      logTo(({ code, message }) => said.push(`${now / 1_000} ${code}: ${message}`)),
      () => now,
    );
    for (; now <= 130_000; now += 500)
      tell(new Error(now >= 90_000 && now < 91_000 ? "database or disk is full" : "the node is away"));
    expect(said).to.deep.equal([
      "0 transaction-trouble: the node is away",
      "60 transaction-trouble: the node is away",
      "90 transaction-trouble: database or disk is full",
      "91 transaction-trouble: the node is away",
    ]);
  });
});
