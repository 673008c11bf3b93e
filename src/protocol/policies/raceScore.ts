import { MalformedError } from "../errors.ts";
import { assertUint } from "../field.ts";
import { ln, minusLn } from "./logMath.ts";
import { cubeSquare, logFraction, type ScorePolicy, WITHOUT_EXPONENT } from "./scorePolicy.ts";
import { sizeFactor, type SizeRule } from "./sizeRule.ts";

/** Fractional bits of stake / time. */
const SPEED_BITS = 156n;

/**
 * How fast a prover is: `stake / -ln(beta / p)`. The inverse is a random time, exponential at the rate of its stake. 0
 * without a beta.
 */
export function raceSpeed(stake: bigint, beta: bigint): bigint {
  return beta === 0n ? 0n : (assertUint(stake, 96, "stake") << SPEED_BITS) / minusLn(beta);
}

/**
 * The race: the candidate of the fastest prover wins, its speed multiplied by `B^2`. P(win) = stake B^2 / sum of stake
 * B^2.
 */
export function raceScore({ sizeRule }: { readonly sizeRule?: SizeRule } = {}): ScorePolicy {
  return {
    ...WITHOUT_EXPONENT,
    usesStakes: true,
    usesBetas: true,
    score: ({ stakes, betas, burnBid, txCount }) => {
      if (betas.length !== stakes.length)
        throw new MalformedError("count of betas", betas.length, String(stakes.length));
      const fastest = stakes.map((stake, i) => raceSpeed(stake, betas[i]!)).reduce((a, b) => (a > b ? a : b), 0n);
      const boost = cubeSquare(1, burnBid) * sizeFactor(sizeRule, txCount);
      return fastest === 0n || boost === 0n ? 0n : ln(fastest) + ln(boost);
    },
    fraction: (score, bps) => logFraction(score, bps, 1n),
  };
}
