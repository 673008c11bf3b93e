import { expect } from "chai";
import { BINDING, STORIES } from "../../src/simulation/scenarios/griefingStories.ts";
import { griefing } from "../../src/simulation/scenarios/griefing.ts";
import { Streams } from "../../src/simulation/stream.ts";
import { expectNear } from "../support/expectNear.ts";

type Metric = "gain" | "damage" | "binding" | "delay" | "ether" | "others";

function seen(story: string, bid: number, slash = 100): Record<Metric, number> {
  const [first] = griefing.simulate({ story, slash, bid }, new Streams("griefing", story, 0));
  return first as unknown as Record<Metric, number>;
}

describe("broken promises", () => {
  for (const story of Object.keys(STORIES))
    for (const bid of [5, 40, 90])
      it(`gain nothing at the price of the presets: ${story}, a bid of ${bid}`, () => {
        expect(seen(story, bid).gain).to.be.at.most(1e-6);
      });

  for (const story of BINDING)
    it(`bind from the price on that is said, and not below: ${story}`, () => {
      const { binding } = seen(story, 5);
      expect(binding).to.be.within(5, 50);
      expect(seen(story, 5, binding + 1).gain).to.be.lessThan(0);
      expect(seen(story, 5, binding - 1).gain).to.be.greaterThan(0);
    });

  for (const story of ["proof left out", "vote left out", "flood of hand-ins"])
    it(`harm nobody whose proof is brought to L1: ${story}`, () => {
      expectNear(seen(story, 40).damage, 0, 1e-6);
      expect(seen(story, 40).ether + seen(story, 40).others).to.be.greaterThan(0);
    });

  it("cost a sleeper in two blocks no more than one in one, and gain it hardly more", () => {
    expectNear(seen("sleepers in two blocks", 40).gain, seen("sleeper", 40).gain, 5);
  });

  it("delay a height where the only block is not revealed", () => {
    expect(seen("no reveal of an only block", 40).delay).to.be.greaterThan(200);
    expect(seen("no reveal", 40).delay).to.equal(0);
  });
});
