import { OutOfRangeError } from "../errors.ts";
import { assertUint } from "../field.ts";
import { cubeSquare, linearFraction, type ScorePolicy, WITHOUT_EXPONENT } from "./scorePolicy.ts";
import { sizeFactor, type SizeRule } from "./sizeRule.ts";

export interface StakeScoreOptions {
  readonly sizeRule?: SizeRule;
  /** Wei; above 0, at most the least stake. */
  readonly stakeUnit: bigint;
}

/** More units of stake count as this many. */
export const MAX_STAKE_UNITS = 2n ** 21n - 1n;

/** `W^3 B^2`: W is the stake of all provers together in whole units. */
export function stakeScore({ sizeRule, stakeUnit }: StakeScoreOptions): ScorePolicy {
  if (assertUint(stakeUnit, 96, "stakeUnit") === 0n) throw new OutOfRangeError("stakeUnit", stakeUnit, "above 0");
  return {
    ...WITHOUT_EXPONENT,
    usesStakes: true,
    usesBetas: false,
    score: ({ stakes, burnBid, txCount }) => {
      const units = stakes.reduce((sum, stake) => sum + assertUint(stake, 96, "stake"), 0n) / stakeUnit;
      return cubeSquare(units < MAX_STAKE_UNITS ? units : MAX_STAKE_UNITS, burnBid) * sizeFactor(sizeRule, txCount);
    },
    fraction: linearFraction,
  };
}
