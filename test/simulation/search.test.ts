import { expect } from "chai";
import { playOutsider, type Plan } from "../../src/simulation/search/outsider.ts";
import { playPromises } from "../../src/simulation/search/promises.ts";
import { crossEntropy } from "../../src/simulation/search/crossEntropy.ts";
import { type Finding, SHIPPED, searchAll } from "../../src/simulation/search/searchAll.ts";
import { Stream } from "../../src/simulation/stream.ts";
import { BLAME_BEFORE } from "./blameBefore.ts";
import { expectNear } from "../support/expectNear.ts";

const seed = "search";
/** Its own seven provers, no deviation. */
const HONEST: Plan = {
  ...{ bid: 41, hired: 0, decoys: 0, decoyBid: 150, decoyVotes: 7, decoyProof: "proven by strangers" },
  ...{ planted: 0, isWithheld: false, judges: false, nextBid: 41, nextHired: 0, buildsOnWinner: true },
};

describe("an adversary", function () {
  this.timeout(300_000);

  it("finds a maximum that nobody has told it of", () => {
    const goal = [0.2, 0.9, 0.5, 0.05];
    const value = (genes: readonly number[]): number => -genes.reduce((sum, x, i) => sum + (x - goal[i]!) ** 2, 0);
    const { candidate } = crossEntropy({ genes: 4, value, stream: new Stream(seed) });
    candidate.forEach((x, i) => expectNear(x, goal[i]!, 0.05));
  });

  describe("by the rules of before every slot had one culprit", () => {
    let found: Finding[];
    before(async () => {
      console.log(`      seed: ${seed}`);
      found = await searchAll({ seed, regime: BLAME_BEFORE });
    });

    it("empties the registry with strangers' proofs, and has the next height for the least bid", () => {
      const { gain, plan } = found[0]!;
      expect(gain).to.be.greaterThan(35);
      expect(plan).to.deep.include({ decoyProof: "proven by strangers", judges: true });
      expect(plan["decoys"]).to.be.at.least(8);
      expect(plan["nextBid"]).to.be.lessThan(10);
    });

    it("takes the next height for the least bid, behind a block that seems to lead", () => {
      const { gain, plan } = found[1]!;
      expect(gain).to.be.greaterThan(35);
      expect(plan).to.deep.include({ buildsOnWinner: true });
      expect(plan["nextBid"]).to.be.lessThan(10);
    });

    it("breaks votes: provers leave a leader that pays little", () => {
      expect(found[2]!.gain).to.be.greaterThan(60);
      expect(found[2]!.plan["leaderWithheld"]).to.be.at.least(1);
    });

    it("comes to what the known attacks come to", () => {
      const before = (timing: "fresh" | "pipelined", plan: Partial<Plan>): number =>
        playOutsider(BLAME_BEFORE, timing, { ...HONEST, ...plan }) - playOutsider(BLAME_BEFORE, timing, HONEST);
      expectNear(before("fresh", { decoys: 8, judges: true, nextBid: 5 }), 36, 0.01);
      expect(before("fresh", { decoys: 7, judges: true, nextBid: 5 })).to.be.lessThan(0);
      expectNear(before("pipelined", { decoys: 1, decoyVotes: 0, nextBid: 5 }), 36, 0.01);
    });
  });

  it("finds nothing that pays by the shipped rules", async () => {
    for (const { game, gain } of await searchAll({ seed })) expect(gain, game).to.be.lessThan(0.01);
  });

  it("loses by the known attacks under the shipped rules", () => {
    const gain = (timing: "fresh" | "pipelined", plan: Partial<Plan>): number =>
      playOutsider(SHIPPED, timing, { ...HONEST, ...plan }) - playOutsider(SHIPPED, timing, HONEST);
    expect(gain("fresh", { decoys: 8, judges: true, nextBid: 5 })).to.be.lessThan(-30);
    expect(gain("pipelined", { decoys: 1, decoyVotes: 0, nextBid: 5 })).to.be.lessThan(-30);
    const promises = (leaderWithheld: number): number => playPromises(SHIPPED, { leaderWithheld, secondWithheld: 0 });
    for (const withheld of [1, 2, 7]) expect(promises(withheld)).to.be.lessThan(promises(0));
  });
});
