import { expect } from "chai";
import hre from "hardhat";
import { attachRollup } from "../../src/chain/client.ts";
import { deployModule } from "../../src/deploy/deploy.ts";
import {
  assertEconomics,
  type Economics,
  economicsOf,
  leastDelays,
  leastEligibleStake,
} from "../../src/deploy/economics.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { PRESET_NAMES, presetOf } from "../../src/deploy/presets.ts";
import { genesisOf } from "../../src/deploy/genesis.ts";
import { type ModuleParameters, parametersOf } from "../../src/deploy/parameters.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { economicsFor } from "../../src/sim/windows.ts";
import { PlainScore__factory } from "../../typechain-types/index.ts";

const profile = PROFILES.dev;
const genesis = genesisOf(profile, []);
const keys = new TrapdoorProver(profile).keys;

const preset = economicsOf(profile);
const ETHER = 10n ** 18n;
const RACE: Partial<Economics> = { scorePolicy: { kind: "race" } };

describe("economics", () => {
  const check = (change: Partial<Economics>) => () =>
    assertEconomics(profile, { ...preset, exitDelay: 100_000, ...change });

  it("of a development chain, whose clock is moved or not, are what contracts take, whatever the policies", () => {
    for (const scorePolicy of [{ kind: "plain" }, { kind: "race" }] as const) {
      for (const canTravel of [true, false]) {
        const economics = economicsFor({ canTravel }, profile, { scorePolicy });
        expect(() => assertEconomics(profile, economics), `${scorePolicy.kind} ${canTravel}`).not.to.throw();
      }
    }
    assertEconomics(profile, preset);
  });

  const refused: [string, Partial<Economics>, string][] = [
    [
      "an escape before a round can end",
      { proposalWindow: 30, acceptanceWindow: 480, escapeDelay: 900 },
      "escapeDelay is 900, expected 1021 to 777120: a freeze comes later than any round ends",
    ],
    ["an exit while a stake is at risk", { exitDelay: 2_160 }, "exitDelay is 2160, expected 2161 to 4294967295"],
    ["no window to propose in", { proposalWindow: 0 }, "proposalWindow is 0, expected 1 to 4294967295"],
    ["an acceptance window without quarters", { acceptanceWindow: 3 }, "acceptanceWindow is 3, expected 4 to"],
    [
      "slashes of heights that nobody remembers",
      { acceptanceWindow: 4, proposalWindow: 4, slashWindow: 4_097 },
      "slashWindow is 4097, expected 1 to 4096",
    ],
    [
      "slashes for blocks whose blobs may be gone",
      { acceptanceWindow: 1_000, slashWindow: 9 * 86_400 + 1, exitDelay: 10 * 86_400 },
      "slashWindow is 777601, expected 1 to 777600",
    ],
    ["bids of nothing", { minBid: 0n }, "minBid is 0, expected 1 to 1099511627775"],
    ["parts above the whole", { forfeitBps: 10_001 }, "forfeitBps is 10001, expected 0 to 10000"],
    [
      "uncles that pay more than failures",
      { forfeitBps: 5_000, uncleBurnBps: 5_001 },
      "uncleBurnBps is 5001, expected 0 to 5000",
    ],
    ["no slots for a prover", { maxSlotsPerProver: 0 }, "maxSlotsPerProver is 0, expected 1 to 7"],
    ["more slots than there are", { maxSlotsPerProver: 8 }, "maxSlotsPerProver is 8, expected 1 to 7"],
    [
      "a stake that does not cover what a forest can cost",
      { minStake: preset.eligibleStake - 1n },
      "eligibleStake is 200000000000000000000, expected 57142857142857142858 to 199999999999999999999",
    ],
    [
      "votes that it pays to break",
      { maxSlotsPerProver: 4, eligibleStake: 100n * ETHER },
      "eligibleStake is 100000000000000000000, expected 114285714285714285715 to",
    ],
    [
      "an escape after the last block's blobs may be gone",
      { acceptanceWindow: 480, escapeDelay: 777_121 },
      "escapeDelay is 777121, expected 1201 to 777120",
    ],
    ["slots that count for nothing", { nodeWeights: [1, 0] }, "nodeWeights is 0, expected 1 to 65535"],
    [
      "a target that no block can have",
      {
        scorePolicy: {
          kind: "dynamic",
          targetProvers: 7,
          minExponent: 4_096,
          maxExponent: 8_192,
          initialExponent: 4_096,
        },
      },
      "targetProvers is 7, expected 1 to 6",
    ],
    [
      "a unit of stake that a prover may not have",
      { scorePolicy: { kind: "stake", stakeUnit: preset.eligibleStake + 1n } },
      `stakeUnit is ${preset.eligibleStake + 1n}, expected 1 to ${preset.eligibleStake}`,
    ],
  ];
  for (const [what, change, message] of refused) {
    it(`refuse ${what}`, () => expect(check(change)).to.throw(message));
  }

  it("refuse a forest of which one transaction does not bring all that a submission states", () => {
    const sized = (levels: number, scorePolicy: Economics["scorePolicy"]) => () => {
      const forest = { ...profile, levels };
      assertEconomics(forest, { ...economicsOf(forest), exitDelay: 100_000, scorePolicy });
    };
    for (const [kind, levels, most] of [
      ["plain", 10, 3_600],
      ["race", 9, 1_200],
    ] as const) {
      expect(sized(levels, { kind }), kind).not.to.throw();
      const slots = slotCount({ arity: 2, levels: levels + 1 });
      expect(sized(levels + 1, { kind }), kind).to.throw(`slotCount is ${slots}, expected 1 to ${most}`);
    }
  });

  it("let a full house of provers register for less than all tokens, in small forests and in large ones", () => {
    const large = economicsOf({ arity: 2, levels: 10 });
    const sizes = [preset, large].map(({ maxSlotsPerProver, eligibleStake, baseRateBps, minStake }) => ({
      maxSlotsPerProver,
      eligibleStake: eligibleStake / ETHER,
      baseRateBps,
      minStake: minStake / ETHER,
    }));
    expect(sizes).to.deep.equal([
      { maxSlotsPerProver: 2, eligibleStake: 200n, baseRateBps: 5_000, minStake: 400n },
      { maxSlotsPerProver: 43, eligibleStake: 100n, baseRateBps: 10_000, minStake: 200n },
    ]);
    // Where a stake covered all slots of a forest it was 20,675 tokens at 2,047 slots: enough for 48 provers, and a
    // full N took 42.3 million.
    expect(2_047n * large.minStake < large.initialSupply / 2n).to.equal(true);
    // A first miss leaves a prover with the least stake eligible, and a second one that costs all does, too.
    for (const { minStake, eligibleStake } of [preset, large])
      expect(minStake - eligibleStake >= eligibleStake).to.equal(true);
  });

  it("make every vote bind: a first miss costs what the slots of a prover earn, in forests of any shape", () => {
    for (const arity of [2, 4, 8, 16]) {
      for (let levels = 1; slotCount({ arity, levels }) < 5_000; levels++) {
        const forest = { arity, levels };
        const { eligibleStake, baseRateBps, initialReward, maxSlotsPerProver, ...rest } = economicsOf(forest);
        const slots = BigInt(slotCount(forest));
        const [miss, earned] = [
          (eligibleStake * BigInt(baseRateBps)) / 10_000n,
          (initialReward * BigInt(maxSlotsPerProver)) / slots,
        ];
        expect(miss >= earned, `${arity} ${levels}`).to.equal(true);
        const least = leastEligibleStake(forest, { ...rest, baseRateBps, initialReward, maxSlotsPerProver });
        const binds = (stake: bigint): boolean =>
          stake * BigInt(baseRateBps) * slots >= 10_000n * initialReward * BigInt(maxSlotsPerProver);
        expect([binds(least), binds(least - 1n)], `${arity} ${levels}`).to.deep.equal([true, false]);
      }
    }
  });

  it("make every vote bind where slots near the root weigh more", () => {
    const weighted = { ...preset, nodeWeights: [998, 1], maxSlotsPerProver: 2, baseRateBps: 10_000 };
    // The root and another slot earn 999 of 1,004 parts of a block.
    const least = leastEligibleStake(profile, weighted);
    expect(least).to.equal((preset.initialReward * 999n + 1_003n) / 1_004n);
    expect(check({ ...weighted, eligibleStake: least })).not.to.throw();
    expect(check({ ...weighted, eligibleStake: least - 1n })).to.throw("eligibleStake is");
  });

  describe("have the bounds of the contracts", () => {
    /** @returns the parameter that a contract refuses, undefined if all are taken */
    async function refusal(change: Partial<ModuleParameters>, policies: Partial<Economics>) {
      const economics = { ...preset, ...policies, exitDelay: 100_000 };
      const parameters = { ...parametersOf({ profile, genesis, economics }, keys), ...change } as ModuleParameters;
      const connection = await hre.network.create();
      try {
        await deployModule(connection, { profile }, parameters);
        return undefined;
      } catch (error) {
        return /InvalidParameter\("(\w+)"/.exec(`${error as Error}`)?.[1] ?? error;
      } finally {
        await connection.close();
      }
    }

    for (const name of PRESET_NAMES)
      for (const sized of Object.values(PROFILES)) {
        it(`which take the preset ${name} for the profile ${sized.name}, and keep its numbers`, async () => {
          const economics = presetOf(name, sized);
          const plan = { profile: sized, genesis: genesisOf(sized, []), economics };
          const parameters = parametersOf(plan, new TrapdoorProver(sized).keys);
          const connection = await hre.network.create();
          const { provider } = connection.ethers;
          const client = attachRollup(provider, await deployModule(connection, { profile: sized }, parameters));
          const { rollup, registry, court, bridge, scorer } = client;
          const policy = PlainScore__factory.connect(await scorer.policy(), provider);
          expect({
            proposalWindow: Number(await rollup.proposalWindow()),
            acceptanceWindow: Number(await rollup.acceptanceWindow()),
            slashWindow: Number(await court.slashWindow()),
            exitDelay: Number(await registry.exitDelay()),
            escapeDelay: Number(await bridge.escapeDelay()),
            eligibleStake: await registry.eligibleStake(),
            isRace: await policy.usesBetas(),
          }).to.deep.equal({
            proposalWindow: economics.proposalWindow,
            acceptanceWindow: economics.acceptanceWindow,
            slashWindow: economics.slashWindow,
            exitDelay: economics.exitDelay,
            escapeDelay: economics.escapeDelay,
            eligibleStake: economics.eligibleStake,
            isRace: name !== "development",
          });
          await connection.close();
        });
      }

    for (const [policy, policies] of [
      ["plain", {}],
      ["race", RACE],
    ] as const) {
      it(`for delays, by the score policy ${policy}`, async () => {
        const least = leastDelays({ ...preset, ...policies });
        expect(await refusal(least, policies)).to.equal(undefined);
        for (const delay of ["exitDelay", "escapeDelay"] as const) {
          expect(await refusal({ ...least, [delay]: least[delay] - 1 }, policies)).to.equal(delay);
        }
      });
    }

    for (const [slots, policies] of [
      ["of equal weight", {}],
      ["near the root that weigh more", { nodeWeights: [998, 1], maxSlotsPerProver: 2 }],
      ["near the root that weigh less", { nodeWeights: [1, 2, 7], maxSlotsPerProver: 3 }],
    ] as const) {
      it(`for stakes that make votes bind, with slots ${slots}`, async () => {
        const eligibleStake = leastEligibleStake(profile, { ...preset, ...policies });
        expect(await refusal({ eligibleStake, minStake: eligibleStake }, policies)).to.equal(undefined);
        const short = { eligibleStake: eligibleStake - 1n, minStake: eligibleStake };
        expect(await refusal(short, policies)).to.equal("eligibleStake");
      });
    }
  });
});
