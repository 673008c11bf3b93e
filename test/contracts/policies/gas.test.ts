import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { network } from "hardhat";
import { FIELD } from "../../../src/protocol/index.ts";
import { SCORE_POLICIES } from "../../../src/deploy/policies.ts";
import { Random } from "../../../src/sim/random.ts";

const SNAPSHOT = new URL("../../snapshots/policies.json", import.meta.url);
const SIZES = [1, 7, 21, 341];
const ARGUMENTS: Record<string, bigint> = {
  sizeRule: (3n << 40n) | (3n << 8n) | 2n,
  stakeUnit: 10n ** 18n,
  slotCount: 341n,
  targetProvers: 100n,
  minExponent: 4_096n,
  maxExponent: 32_768n,
  initialExponent: 12_288n,
};

/** Gas that a rollup spends on a policy. */
interface PolicyGas {
  /** By number of provers. */
  readonly score: Record<string, number>;
  readonly fraction: number;
  readonly nextExponent: number;
  /** Bytes of code. */
  readonly size: number;
}

describe("gas of the score policies", () => {
  const measured: Record<string, PolicyGas> = {};
  let lnGas = 0;

  before(async () => {
    const { ethers } = await network.create();
    const meter = await ethers.deployContract("PolicyMeter");
    // The most of all paths: every step of the reduction is taken.
    lnGas = Number(await meter.lnGas(2n ** 200n - 1n));
    const random = new Random("gas of the score policies");
    for (const [name, { contract, args }] of Object.entries(SCORE_POLICIES)) {
      const policy = await ethers.deployContract(
        contract,
        args.map((argument) => ARGUMENTS[argument]!),
      );
      const address = await policy.getAddress();
      const score: Record<string, number> = {};
      for (const provers of SIZES) {
        const stakes = Array.from({ length: provers }, () => 10n ** 18n + random.below(10n ** 20n));
        const betas = Array.from({ length: provers }, () => random.below(FIELD - 1n) + 1n);
        const entry = {
          burnBid: 1_000_003n,
          provers,
          txCount: 3 * provers,
          exponent: 13_000,
          stakes: name === "stake" || name === "race" ? stakes : [],
          betas: name === "race" ? betas : [],
        };
        score[provers] = Number(await meter.scoreGas(address, entry));
      }
      const fraction = Number(await meter.fractionGas(address, 2n ** 110n, 5_000));
      const nextExponent = Number(await meter.nextExponentGas(address, 13_000, 90));
      measured[name] = {
        score,
        fraction,
        nextExponent,
        size: ((await ethers.provider.getCode(address)).length - 2) / 2,
      };
    }
  });

  it("is what the snapshot says (UPDATE_SNAPSHOTS=1 rewrites it)", () => {
    const all = { ln: lnGas, ...measured };
    if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(SNAPSHOT, `${JSON.stringify(all, null, 2)}\n`);
    expect(all).to.deep.equal(JSON.parse(readFileSync(SNAPSHOT, "utf8")));
  });

  it("grows for one more prover by little more than 1 % of what its proof costs, 55,000", () => {
    for (const { score } of Object.values(measured)) expect((score[341]! - score[21]!) / 320).to.be.at.most(600);
  });
});
