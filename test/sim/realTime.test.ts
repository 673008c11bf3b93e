import { expect } from "chai";
import { decideInRealTime } from "../support/decideInRealTime.ts";
import { startNode } from "../support/testNode.ts";

describe("a world in real time", function () {
  this.timeout(180_000);

  it("decides a height where there is a block every second, and where there is one for every transaction", async () => {
    const nodes = await Promise.all([startNode(), startNode()]);
    try {
      // Both wait most of the time: so they wait at the same time.
      const decided = await Promise.all([
        decideInRealTime(nodes[0], "every second", 1),
        decideInRealTime(nodes[1], "every transaction"),
      ]);
      for (const { paid, stateRoot, expectedRoot, timestamp } of decided) {
        expect(paid).to.equal(1);
        expect(stateRoot).to.equal(expectedRoot);
        expect(timestamp, "nobody moved the clock").to.be.at.most(Date.now() / 1_000 + 1);
      }
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  });
});
