import { expect } from "chai";
import { crossEntropy } from "../../src/simulation/search/crossEntropy.ts";
import type { Finding } from "../../src/simulation/search/finding.ts";
import { draws, type Luck, NO_LUCK } from "../../src/simulation/search/luck.ts";
import { playOutsider, type Timing } from "../../src/simulation/search/outsider.ts";
import { GENES, type Plan, planOf } from "../../src/simulation/search/plan.ts";
import { playPromises } from "../../src/simulation/search/promises.ts";
import type { Rivals } from "../../src/simulation/search/rivals.ts";
import { searchAll } from "../../src/simulation/search/searchAll.ts";
import { searchOutsider } from "../../src/simulation/search/searchOutsider.ts";
import { type Setting, SETTINGS, sevenSlots, SHIPPED, spread } from "../../src/simulation/search/settings.ts";
import { Stream } from "../../src/simulation/stream.ts";
import { BLAME_BEFORE } from "./blameBefore.ts";
import { expectNear } from "../support/expectNear.ts";

const seed = "search";
const BEFORE = sevenSlots(BLAME_BEFORE);
const settingOf = (name: string): Setting => SETTINGS.find((setting) => setting.name === name)!;
const FEW = settingOf("7 slots, 4 own stakes");
const RACE = settingOf("7 slots, race");

/** Its own provers, no deviation. */
const HONEST: Plan = {
  ...{ bid: 41, hired: 0, isEarly: false, leastOdds: 0, nextBid: 41, nextHired: 0, planted: 0, isWithheld: false },
  ...{ decoys: 0, decoyBid: 150, decoyOwn: 0, decoyVotes: 7, decoyProof: "proven by strangers", judges: false },
  buildsOnWinner: true,
};

interface Played {
  readonly setting?: Setting;
  readonly rivals?: Rivals;
  readonly honest?: Partial<Plan>;
  readonly luck?: Luck;
}

/** What a deviation gains over the honest plan. */
function gainOf(timing: Timing, deviation: Partial<Plan>, options: Played = {}): number {
  const { setting = SHIPPED, rivals = "stay", honest = {}, luck = NO_LUCK } = options;
  const wealth = (plan: Partial<Plan>): number =>
    playOutsider({ setting, timing, rivals }, { ...HONEST, ...honest, ...plan }, luck);
  return wealth(deviation) - wealth({});
}

describe("an adversary", function () {
  this.timeout(300_000);
  before(() => console.log(`      seed: ${seed}`));

  it("finds a maximum that nobody has told it of", () => {
    const goal = [0.2, 0.9, 0.5, 0.05];
    const value = (genes: readonly number[]): number => -genes.reduce((sum, x, i) => sum + (x - goal[i]!) ** 2, 0);
    const { candidate } = crossEntropy({ genes: 4, value, stream: new Stream(seed) });
    candidate.forEach((x, i) => expectNear(x, goal[i]!, 0.05));
  });

  it("has bids between the least one and five times the others', and the ones that mean something exactly", () => {
    const bids = Array.from({ length: 601 }, (_, i) => planOf(SHIPPED, Array<number>(GENES).fill(i / 600)).nextBid);
    expect(bids).to.deep.equal([...bids].sort((a, b) => a - b));
    expect([bids[0], bids[300], bids.at(-1)]).to.deep.equal([5, 40.01, 200]);
    expect(bids.filter((bid) => bid === 40.01).length).to.be.greaterThan(50);
    expect(new Set(bids).size).to.be.greaterThan(200);
  });

  it("spreads provers so that none holds more slots than it may", () => {
    for (const { rules, own, honest } of SETTINGS)
      for (const provers of [own, honest, [...honest, ...own]]) {
        const team = spread(provers, rules.slots);
        expect(team).to.have.length(rules.slots);
        for (const prover of provers)
          expect(team.filter((other) => other === prover).length).to.be.at.most(rules.economics.maxSlotsPerProver);
      }
  });

  describe("by the rules of before every slot had one culprit", () => {
    let found: Finding[];
    before(async () => void (found = await searchAll({ seed, settings: [BEFORE], rivals: ["stay"] })));

    /** What pays without provers that withhold: the attack itself, and not one behind which it hides. */
    const directly = (timing: string, name: string): Finding => {
      const isDirect = (finding: Finding): boolean => finding.name === name && !("isWithheld" in finding.plan);
      const finding = found.find((each) => each.game.endsWith(timing) && isDirect(each));
      expect(finding, `${name} in ${JSON.stringify(found)}`).not.to.equal(undefined);
      return finding!;
    };

    it("empties the registry with strangers' proofs, and has the next height for a low bid", () => {
      const { gain, plan } = directly("fresh", "registry emptied");
      expect(gain).to.be.greaterThan(25);
      expect(plan).to.deep.include({ decoyProof: "proven by strangers", judges: true });
      expect(plan["decoys"]).to.be.at.least(8);
      expect(plan["nextBid"]).to.be.lessThan(15);
    });

    it("takes the next height for the least bid, behind a bluff that nobody has voted for", () => {
      const { gain, plan } = directly("pipelined", "bluff proven with nobody");
      expect(gain).to.be.greaterThan(30);
      expect(plan).to.deep.include({ buildsOnWinner: true });
      expect(plan["nextBid"]).to.be.lessThan(10);
      expect(plan["decoys"]).to.be.at.least(1);
      expect(plan["decoyProof"]).not.to.equal("never revealed");
      expect(plan["decoyVotes"] ?? 0).to.equal(0);
    });

    it("breaks votes: provers leave a leader that pays little", () => {
      const { gain, plan } = directly("all provers of two blocks", "votes that do not bind");
      expect(gain).to.be.greaterThan(60);
      expect(plan["leaderWithheld"]).to.be.at.least(1);
    });

    it("comes to what the known attacks come to", () => {
      const before = (timing: Timing, plan: Partial<Plan>): number => gainOf(timing, plan, { setting: BEFORE });
      expectNear(before("fresh", { decoys: 8, judges: true, nextBid: 5 }), 36, 0.01);
      expect(before("fresh", { decoys: 7, judges: true, nextBid: 5 })).to.be.lessThan(0);
      expectNear(before("pipelined", { decoys: 1, decoyVotes: 0, nextBid: 5 }), 36, 0.01);
    });
  });

  it("finds nothing that pays by the shipped rules, even if rivals leave", async () => {
    for (const { game, gain } of await searchAll({ seed, settings: [SHIPPED], rivals: ["leave"] }))
      expect(gain, game).to.equal(0);
  });

  it("finds the phantom leader where it has few stakes and rivals leave, and nothing where they stay", () => {
    const search = (rivals: Rivals): Finding[] =>
      searchOutsider({ setting: FEW, timing: "fresh", rivals, seed, signal: undefined });
    const [phantom, ...others] = search("leave");
    expect(phantom).to.deep.include({ name: "phantom leader" });
    // Three slots' pay, seven of which are half of the reward, less the least bid's five and what honest work is worth.
    expectNear(phantom!.gain, 14.29, 0.1);
    for (const { name } of [...others, ...search("stay")]) expect(name).to.equal(undefined);
  });

  it("gains by a phantom leader what outbidding with its own stakes had cost, as on the contracts", () => {
    const options = { setting: FEW, honest: { bid: 93 } };
    const phantom: Partial<Plan> = { bid: 5, decoys: 1, decoyBid: 41, decoyProof: "never revealed" };
    expectNear(gainOf("fresh", phantom, { ...options, rivals: "leave" }), 47, 0.01);
    expect(gainOf("fresh", phantom, { ...options, rivals: "stay" })).to.be.lessThan(0);
    expect(gainOf("fresh", phantom, { ...options, rivals: "raise" })).to.be.lessThan(0);
  });

  it("loses by the known attacks under the shipped rules", () => {
    expect(gainOf("fresh", { decoys: 8, judges: true, nextBid: 5 })).to.be.lessThan(-30);
    expect(gainOf("pipelined", { decoys: 1, decoyVotes: 0, nextBid: 5 })).to.be.lessThan(-30);
    const promises = (leaderWithheld: number): number => playPromises(SHIPPED, { leaderWithheld, secondWithheld: 0 });
    for (const withheld of [1, 2, 7]) expect(promises(withheld)).to.be.lessThan(promises(0));
  });

  it("meets luck under a race alone, and loses by a sleeper that is its fastest prover", () => {
    const provers = [...RACE.honest, ...RACE.own];
    expect(draws(SHIPPED.rules, provers, 9, new Stream(seed))).to.deep.equal([NO_LUCK]);
    const lucks = draws(RACE.rules, provers, 200, new Stream(seed));
    const gains = lucks.map((luck) =>
      gainOf("fresh", { isWithheld: true }, { setting: RACE, honest: { planted: 1 }, luck }),
    );
    expect(new Set(gains.map((gain) => gain.toFixed(6))).size).to.be.greaterThan(1);
    expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).to.be.lessThan(-30);
  });
});
