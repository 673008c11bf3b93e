/** The contracts of the score policies and the names of their constructor arguments. */
export const POLICIES = {
  plain: { contract: "PlainScore", args: ["sizeRule"] },
  stake: { contract: "StakeScore", args: ["sizeRule", "stakeUnit"] },
  dynamic: { contract: "DynamicScore", args: ["sizeRule", "slotCount", "targetProvers", "minExponent", "maxExponent", "initialExponent"] },
  race: { contract: "RaceScore", args: ["sizeRule"] },
} as const;

export type PolicyName = keyof typeof POLICIES;
