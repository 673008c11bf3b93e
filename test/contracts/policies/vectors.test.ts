import { expect } from "chai";
import { readFileSync } from "node:fs";
import { network } from "hardhat";
import type { IScorePolicy } from "../../../typechain-types/index.js";
import { SCORE_POLICIES, type ScorePolicyName } from "../../../src/deploy/policies.ts";

type Vector = Readonly<Record<string, string>> & {
  readonly policy: ScorePolicyName;
  readonly stakes: readonly string[];
  readonly betas: readonly string[];
};

function vectors(name: string): Vector[] {
  const file = new URL(`../../vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { cases: Vector[] }).cases;
}

describe("score policies against the shared vectors", () => {
  let deploy: (policy: ScorePolicyName, v: Vector) => Promise<IScorePolicy>;

  before(async () => {
    const { ethers } = await network.create();
    const deployed = new Map<string, IScorePolicy>();
    deploy = async (policy, v) => {
      const { contract, args } = SCORE_POLICIES[policy];
      const values = args.map((name) => v[name] ?? "0x00");
      const id = [contract, ...values].join();
      const instance = deployed.get(id) ?? ((await ethers.deployContract(contract, values)) as unknown as IScorePolicy);
      deployed.set(id, instance);
      return instance;
    };
  });

  it("has vectors of every policy", () => {
    expect(new Set(vectors("policy").map(({ policy }) => policy))).to.deep.equal(new Set(Object.keys(SCORE_POLICIES)));
  });

  it("score and fraction", async () => {
    for (const v of vectors("policy")) {
      const policy = await deploy(v.policy, v);
      const { burnBid, provers, txCount, exponent, stakes, betas } = v;
      const entry = {
        burnBid: burnBid!,
        provers: provers!,
        txCount: txCount!,
        exponent: exponent!,
        stakes: [...stakes],
        betas: [...betas],
      };
      expect(await policy.score(entry), `${v.policy} ${v.sizeRule}`).to.equal(BigInt(v.score!));
      expect(await policy.fraction(v.score!, v.bps!), `${v.policy} ${v.bps}`).to.equal(BigInt(v.fraction!));
    }
  });

  it("next exponent", async () => {
    for (const v of vectors("exponent")) {
      const policy = await deploy("dynamic", v);
      expect(await policy.nextExponent(v.exponent!, v.provers!)).to.equal(BigInt(v.nextExponent!));
    }
  });
});
