import { expect } from "chai";
import { assertEconomics, economicsOf } from "../../src/deploy/economics.ts";
import { presetOf } from "../../src/deploy/presets.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { slashOf } from "../../src/protocol/slashing.ts";
import { LARGE_PROFILE } from "../../src/simulation/presets.ts";

describe("recommended presets", () => {
  for (const name of ["development", "testnet", "mainnet"] as const)
    for (const profile of [PROFILES.dev, LARGE_PROFILE]) {
      it(`of ${name} are what contracts take, for ${profile.name}`, () => {
        assertEconomics(profile, presetOf(name, profile));
      });

      it(`of ${name} make a first miss cost a block reward, for ${profile.name}`, () => {
        const { eligibleStake, baseRateBps, initialReward } = presetOf(name, profile);
        const betrayal = { rateBps: baseRateBps, atStake: eligibleStake, burnBid: 0n, voters: 7 };
        expect(slashOf({ ...betrayal, voted: 1, undelivered: 1 })).to.equal(initialReward);
      });
    }

  it("leave ten minutes for deliveries where fees of L1 can rise", () => {
    for (const name of ["testnet", "mainnet"] as const)
      expect(presetOf(name, PROFILES.dev).acceptanceWindow / 4).to.be.at.least(600);
  });

  it("are the shipped economics in development", () => {
    expect(presetOf("development", PROFILES.dev)).to.deep.equal(economicsOf(PROFILES.dev));
  });
});
