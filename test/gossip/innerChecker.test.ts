import { expect } from "chai";
import type { InnerCheck } from "../../src/gossip/index.ts";
import { ThreadedChecker } from "../../src/gossip/innerChecker.ts";
import { DOMAIN, GOOD, proof, transfer, vote } from "./fixture.ts";

describe("checks of what is inside, in threads", () => {
  const checker = new ThreadedChecker(DOMAIN, 2);
  after(() => checker.close());

  it("answer in the order of the messages, whichever thread has them", async () => {
    const good: InnerCheck[] = [
      { topic: "votes", message: GOOD.votes[0] },
      { topic: "transactions", message: GOOD.transactions[0] },
      { topic: "proofs", message: GOOD.proofs[0] },
    ];
    const bad: InnerCheck[] = [
      { topic: "votes", message: { ...vote, minBurnBid: 9n } },
      { topic: "transactions", message: { ...transfer, nonce: 9n } },
      { topic: "proofs", message: { ...proof, proof: `0x${"00".repeat(256)}` } },
    ];
    const all = Array.from({ length: 8 }, () => [...good, ...bad]).flat();
    expect(await checker.check(all)).to.deep.equal(
      Array.from({ length: 8 }, () => [
        ...[undefined, undefined, undefined],
        ...["bad vote signature", "bad transfer signature", "proof is no three points"],
      ]).flat(),
    );
  });
});
