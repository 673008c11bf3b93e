import { expect } from "chai";
import hre from "hardhat";
import { deployModule } from "../../src/deploy/deploy.ts";
import { assertEconomics, DEVELOPMENT_ECONOMICS, type Economics, leastDelays } from "../../src/deploy/economics.ts";
import { genesisOf } from "../../src/deploy/genesis.ts";
import { type ModuleParameters, parametersOf } from "../../src/deploy/parameters.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { TrapdoorProver } from "../../src/sim/trapdoorProver.ts";
import { economicsFor } from "../../src/sim/windows.ts";

const profile = PROFILES.dev;
const genesis = genesisOf(profile, []);
const keys = new TrapdoorProver(profile).keys;

const RACE: Partial<Economics> = { scorePolicy: { kind: "race" } };

describe("economics", () => {
  const check = (change: Partial<Economics>) => () =>
    assertEconomics(profile, { ...DEVELOPMENT_ECONOMICS, exitDelay: 100_000, ...change });

  it("of a development chain, whose clock is moved or not, are what contracts take, whatever the policies", () => {
    for (const scorePolicy of [{ kind: "plain" }, { kind: "race" }] as const) {
      for (const canTravel of [true, false]) {
        const economics = economicsFor({ canTravel }, { scorePolicy });
        expect(() => assertEconomics(profile, economics), `${scorePolicy.kind} ${canTravel}`).not.to.throw();
      }
    }
    assertEconomics(profile, DEVELOPMENT_ECONOMICS);
  });

  const refused: [string, Partial<Economics>, string][] = [
    [
      "an escape before a round can end",
      { proposalWindow: 30, acceptanceWindow: 480, escapeDelay: 900 },
      "escapeDelay is 900, expected 1021 to 777120: a freeze comes later than any round ends",
    ],
    ["an exit while a stake is at risk", { exitDelay: 2_460 }, "exitDelay is 2460, expected 2461 to 4294967295"],
    ["no window to propose in", { proposalWindow: 0 }, "proposalWindow is 0, expected 1 to 4294967295"],
    ["an acceptance window without quarters", { acceptanceWindow: 3 }, "acceptanceWindow is 3, expected 4 to"],
    [
      "slashes of heights that nobody remembers",
      { acceptanceWindow: 4, proposalWindow: 4, slashWindow: 4_000 },
      "slashWindow is 4000, expected 1 to 3796",
    ],
    ["bids of nothing", { minBid: 0n }, "minBid is 0, expected 1 to 1099511627775"],
    ["parts above the whole", { uncleBurnBps: 10_001 }, "uncleBurnBps is 10001, expected 0 to 10000"],
    ["slashes above the stake", { slashPerSlot: 11n * 10n ** 18n }, "slashPerSlot is 11000000000000000000"],
    ["fees above the smallest slash", { noShowFee: 10n ** 18n + 1n }, "noShowFee is 1000000000000000001"],
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
  ];
  for (const [what, change, message] of refused) {
    it(`refuse ${what}`, () => expect(check(change)).to.throw(message));
  }

  describe("have the bounds of the contracts", () => {
    /** @returns the parameter that a contract refuses, undefined if all are taken */
    async function refusal(change: Partial<ModuleParameters>, policies: Partial<Economics>) {
      const economics = { ...DEVELOPMENT_ECONOMICS, ...policies, exitDelay: 100_000 };
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

    for (const [policy, policies] of [
      ["plain", {}],
      ["race", RACE],
    ] as const) {
      it(`for delays, by the score policy ${policy}`, async () => {
        const least = leastDelays({ ...DEVELOPMENT_ECONOMICS, ...policies });
        expect(await refusal(least, policies)).to.equal(undefined);
        for (const delay of ["exitDelay", "escapeDelay"] as const) {
          expect(await refusal({ ...least, [delay]: least[delay] - 1 }, policies)).to.equal(delay);
        }
      });
    }
  });
});
