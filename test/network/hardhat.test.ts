import { expect } from "chai";
import { reached, startDevnet, until } from "./watched.ts";

describe("a network on Hardhat's node", function () {
  this.timeout(1_800_000);

  it("decides five heights without a pause, pays uncles, and balances its books", async () => {
    let isGood = false;
    const devnet = await startDevnet("hardhat", { l1: "hardhat" });
    try {
      await until(devnet, "five heights", reached(5), 1_200);
      const result = await devnet.balance();
      console.log(`      ${JSON.stringify(result)}`);
      const { heights, unclesPaid, conserved, idleSecondsBetweenHeights, restarts } = result;
      expect({ conserved, idleSecondsBetweenHeights, restarts }).to.deep.equal({
        ...{ conserved: true, idleSecondsBetweenHeights: 0, restarts: 0 },
      });
      expect(heights).to.be.at.least(5);
      expect(unclesPaid).to.be.at.least(2);
      isGood = true;
    } finally {
      await devnet.stop();
      devnet.removeTraces(!isGood);
    }
  });
});
