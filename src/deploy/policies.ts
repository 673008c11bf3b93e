import type { BURN_RULE } from "../protocol/burns.ts";
import { slotCount } from "../protocol/nodes.ts";
import {
  packSizeRule,
  type DynamicScoreOptions,
  dynamicScore,
  plainScore,
  raceScore,
  type ScorePolicy,
  type SizeRule,
  stakeScore,
} from "../protocol/policies/index.ts";
import type { Profile } from "../protocol/profile.ts";

/** Of each score policy: its contract, the file in `deploy/modules/`, and the names of the constructor's arguments. */
export const SCORE_POLICIES = {
  plain: { contract: "PlainScore", module: "B52.ts", args: ["sizeRule"] },
  stake: { contract: "StakeScore", module: "B52Stake.ts", args: ["sizeRule", "stakeUnit"] },
  dynamic: {
    contract: "DynamicScore",
    module: "B52Dynamic.ts",
    args: ["sizeRule", "slotCount", "targetProvers", "minExponent", "maxExponent", "initialExponent"],
  },
  race: { contract: "RaceScore", module: "B52Race.ts", args: ["sizeRule"] },
} as const;

export type ScorePolicyName = keyof typeof SCORE_POLICIES;

/** How candidates are ranked, and what the policy has to know for that. */
export type ScorePolicyPlan = {
  /** Without one, the size of a block does not count. */
  readonly sizeRule?: Pick<SizeRule, "countsHeight" | "countsTransactions">;
} & (
  | { readonly kind: "plain" | "race" }
  /** `stakeUnit` in wei, at most `eligibleStake`. */
  | { readonly kind: "stake"; readonly stakeUnit: bigint }
  | ({ readonly kind: "dynamic" } & Omit<DynamicScoreOptions, "sizeRule" | "slotCount">)
);

export type BurnRuleName = keyof typeof BURN_RULE;

/** A plan's size rule in the forests of a profile; undefined if size does not count. */
export function sizeRuleOf(
  { arity, transfersPerBase }: Profile,
  counted: ScorePolicyPlan["sizeRule"],
): SizeRule | undefined {
  return counted && { ...counted, arity, transfersPerBase };
}

/** What the constructor of the policy's contract takes, by name. */
export function scorePolicyArguments(
  profile: Profile,
  { kind, sizeRule, ...options }: ScorePolicyPlan,
): Record<string, bigint | number> {
  const known: Record<string, bigint | number> = {
    ...options,
    sizeRule: packSizeRule(sizeRuleOf(profile, sizeRule)),
    slotCount: slotCount(profile),
  };
  return Object.fromEntries(SCORE_POLICIES[kind].args.map((name) => [name, known[name]!]));
}

/** The rule of the policy that a plan names, as a contract of these arguments applies it. */
export function policyOf(profile: Profile, { sizeRule: counted, ...plan }: ScorePolicyPlan): ScorePolicy {
  const sizeRule = sizeRuleOf(profile, counted);
  const sized = sizeRule ? { sizeRule } : {};
  switch (plan.kind) {
    case "plain":
      return plainScore(sized);
    case "race":
      return raceScore(sized);
    case "stake":
      return stakeScore({ ...sized, stakeUnit: plan.stakeUnit });
    case "dynamic":
      return dynamicScore({ ...sized, ...plan, slotCount: slotCount(profile) });
  }
}
