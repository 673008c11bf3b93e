import { expect } from "chai";
import { MAX_COUNTED, QUOTA } from "../../src/gossip/limits.ts";
import { Quotas } from "../../src/gossip/quotas.ts";
import { offer, transfer, viewOf, wallets } from "./fixture.ts";

describe("quotas", () => {
  it("of proposals outlast transfers by however many names", () => {
    const quotas = new Quotas();
    const view = viewOf(false);
    const proposer = wallets.proposer.address;
    for (let i = 0; i < QUOTA.proposals; i++) quotas.count("proposals", offer, proposer, view);
    for (let i = 0; i < MAX_COUNTED; i++) quotas.count("transactions", transfer, `sender ${i}`, view);
    expect(quotas.refuses("proposals", offer, proposer, view)?.reason).to.equal("over quota");
  });
});
