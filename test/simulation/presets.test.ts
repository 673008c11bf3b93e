import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { formatEther } from "ethers";
import { assertEconomics, type Economics, economicsOf, mostOperations } from "../../src/deploy/economics.ts";
import { PRESET_NAMES, PresetChainError, type PresetName, presetOf, presetOn } from "../../src/deploy/presets.ts";
import { baseCount, operationNodes, PROFILES } from "../../src/protocol/profile.ts";
import { slashOf } from "../../src/protocol/slashing.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import { projectPath } from "../../src/setup/project.ts";
import { LARGE_PROFILE } from "../../src/simulation/presets.ts";

describe("recommended presets", () => {
  for (const name of PRESET_NAMES)
    for (const profile of [...Object.values(PROFILES), { ...LARGE_PROFILE, name: "1023 slots", levels: 9 }]) {
      it(`of ${name} are what contracts take, for ${profile.name}`, () => {
        assertEconomics(profile, presetOf(name, profile));
      });
    }

  it("take 2,047 slots where stakes do not count, and no more than a submission brings where they do", () => {
    for (const name of PRESET_NAMES) {
      const economics = presetOf(name, LARGE_PROFILE);
      assertEconomics(LARGE_PROFILE, { ...economics, scorePolicy: economicsOf(LARGE_PROFILE).scorePolicy });
      if (economics.scorePolicy.kind === "race")
        expect(() => assertEconomics(LARGE_PROFILE, economics)).to.throw("slotCount is 2047, expected 1 to 1200");
    }
  });

  for (const name of PRESET_NAMES)
    for (const profile of [PROFILES.dev, LARGE_PROFILE]) {
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

  it("leave half of a block's base nodes to transfers, however many operations are due", () => {
    const places = PRESET_NAMES.map((name) =>
      [PROFILES.dev, PROFILES.large, LARGE_PROFILE].map((profile) => {
        const most = mostOperations(profile, presetOf(name, profile));
        expect(operationNodes(profile, most)).to.be.within(1, baseCount(profile) / 2);
        return most;
      }),
    );
    expect(places).to.deep.equal([
      [4, 4, 4],
      [4, 16, 256],
      [4, 16, 256],
    ]);
  });

  it("are the shipped economics in development, in the same order: what is deployed is found by it", () => {
    for (const profile of Object.values(PROFILES))
      expect(Object.entries(presetOf("development", profile))).to.deep.equal(Object.entries(economicsOf(profile)));
  });

  it("of public chains have to be named there, and nothing else is taken", () => {
    for (const chainId of [31_337n, 1_337n]) {
      expect(presetOn(chainId)).to.equal("development");
      for (const name of PRESET_NAMES) expect(presetOn(chainId, name)).to.equal(name);
    }
    for (const chainId of [1n, 11_155_111n]) {
      for (const name of ["testnet", "mainnet"] as const) expect(presetOn(chainId, name)).to.equal(name);
      for (const named of [undefined, "development"] as const)
        expect(() => presetOn(chainId, named)).to.throw(PresetChainError, `chain ${chainId} is not for development`);
    }
  });

  describe("in docs/modelling.md", () => {
    /** Cells between a parameter's name and the reason, by name. */
    const rows = new Map<string, readonly string[]>();
    before(async () => {
      const page = await readFile(projectPath("docs", "modelling.md"), "utf8");
      for (const [, name, rest] of page.matchAll(/^\| `(\w+)` *\|(.*)\|$/gm)) {
        const cells = rest!.split("|").map((cell) => cell.trim());
        rows.set(name!, cells.slice(0, -1));
      }
    });

    const shown = (economics: Economics, name: keyof Economics): string => {
      const value = economics[name];
      if (typeof value === "object") return "kind" in value ? value.kind : value.join(", ");
      const inTokens = typeof value === "bigint" ? formatEther(name === "minBid" ? value * BID_UNIT : value) : value;
      return Number.isNaN(Number(inTokens)) ? String(inTokens) : Number(inTokens).toLocaleString("en");
    };
    const NAMES = Object.keys(economicsOf(PROFILES.dev)) as readonly (keyof Economics)[];
    const bySize = (preset: PresetName) => [PROFILES.dev, LARGE_PROFILE].map((profile) => presetOf(preset, profile));

    for (const name of NAMES)
      it(`have ${name} as it is deployed`, () => {
        const cells = rows.get(name);
        if (cells?.length === 3)
          for (const profile of [PROFILES.dev, LARGE_PROFILE])
            expect(PRESET_NAMES.map((preset) => shown(presetOf(preset, profile), name))).to.deep.equal(cells);
        else
          for (const preset of PRESET_NAMES) {
            const values = bySize(preset).map((economics) => shown(economics, name));
            expect(cells?.length === 1 ? [cells[0], cells[0]] : cells).to.deep.equal(values);
          }
      });
  });
});
