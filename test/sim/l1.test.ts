import { expect } from "chai";
import { openL1 } from "../../src/sim/l1.ts";
import { startNode, type TestNode } from "../support/testNode.ts";

describe("an L1 that somebody else runs", () => {
  let node: TestNode;

  before(async () => {
    node = await startNode();
  });
  after(() => node.stop());

  it("is not moved without a word", async () => {
    const lines: string[] = [];
    const l1 = await openL1({ url: node.url, onTime: (line) => lines.push(line) });
    try {
      expect(lines).to.deep.equal([
        "windows are not waited for: the clock of the node is moved ahead, for all who use it",
      ]);
    } finally {
      await l1.connection.close();
    }
  });

  it("is not waited for without a word where it cannot be moved", async () => {
    const lines: string[] = [];
    const l1 = await openL1({ url: node.url, isRealTime: true, onTime: (line) => lines.push(line) });
    try {
      const soon = BigInt(Math.ceil(Date.now() / 1_000) + 1);
      await l1.clock.until(soon);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.match(/^waits [12] s for the end of the window$/);
      await l1.clock.until(soon);
      expect(lines, "what is over already").to.have.length(1);
    } finally {
      await l1.connection.close();
    }
  });
});
