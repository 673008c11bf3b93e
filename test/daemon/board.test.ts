import { expect } from "chai";
import { type Configuration, Metrics } from "../../src/daemon/index.ts";
import type { NodePorts } from "../../src/daemon/compose/ports.ts";
import { Board } from "../../src/daemon/watch/board.ts";
import { NO_LOG } from "../../src/log/index.ts";

describe("a node's board", () => {
  it("counts how often peers or L1 were away, so that nobody takes silence for a quiet network", () => {
    const settings = { minPeers: 2, minFreeMib: 200, maxClockSkewMs: 500, dataDir: "." };
    const board = new Board({ role: "prover", settings } as unknown as Configuration, NO_LOG, new Metrics());
    try {
      let peers = 2;
      const ports = { network: { status: () => ({ peers }) }, sources: { others: [] } } as unknown as NodePorts;
      const before = board.countCuts();
      expect(before, "it has not joined yet").to.be.greaterThan(0);
      board.watch(ports);
      expect(board.countCuts()).to.equal(before);
      expect(board.countCuts()).to.equal(before);
      peers = 1;
      expect(board.countCuts()).to.equal(before + 1);
      peers = 2;
      board.facts.onFailure(new Error("it is down"));
      expect(board.countCuts()).to.equal(before + 2);
      board.facts.onRecovery();
      expect(board.countCuts()).to.equal(before + 2);
    } finally {
      board.close();
    }
  });
});
