import type { Economics } from "../../deploy/economics.ts";
import { weightsByDepth } from "../../deploy/economics.ts";
import { policyOf } from "../../deploy/policies.ts";
import { BURN_RULE, type BurnRule } from "../../protocol/burns.ts";
import { packNodeWeights, slotCount, totalWeight } from "../../protocol/nodes.ts";
import type { ScorePolicy } from "../../protocol/policies/index.ts";
import type { Profile } from "../../protocol/profile.ts";
import type { Issuance } from "../../protocol/reward.ts";

/** A deployment, as far as the contest goes. */
export interface GameRules {
  readonly profile: Profile;
  readonly economics: Economics;
  readonly policy: ScorePolicy;
  readonly burnRule: BurnRule;
  readonly slots: number;
  readonly issuance: Issuance;
  readonly weights: bigint;
  /** Of all slots. */
  readonly totalWeight: bigint;
}

export function gameRules(profile: Profile, economics: Economics): GameRules {
  const weights = packNodeWeights(weightsByDepth(profile, economics));
  return {
    profile,
    economics,
    policy: policyOf(profile, economics.scorePolicy),
    burnRule: BURN_RULE[economics.burnRule],
    slots: slotCount(profile),
    issuance: { initialReward: economics.initialReward, halvingInterval: BigInt(economics.halvingInterval) },
    weights,
    totalWeight: totalWeight(profile, weights),
  };
}
