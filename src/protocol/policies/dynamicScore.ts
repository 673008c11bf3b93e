import { OutOfRangeError } from "../errors.ts";
import { assertUint } from "../field.ts";
import { ln } from "./logMath.ts";
import { cubeSquare, logFraction, type ScorePolicy } from "./scorePolicy.ts";
import { sizeFactor, type SizeRule } from "./sizeRule.ts";

/** Exponents in units of 1 / {@link EXPONENT_ONE}. */
export interface DynamicScoreOptions {
  readonly sizeRule?: SizeRule;
  /** Of the rollup. */
  readonly slotCount: number;
  /** Above 0, below `slotCount`. */
  readonly targetProvers: number;
  readonly minExponent: number;
  readonly maxExponent: number;
  readonly initialExponent: number;
}

/** An exponent of 1. */
export const EXPONENT_ONE = 4096;

const STEP_DENOMINATOR = 8;

/** `k ln N + 2 ln B` with an exponent k that moves towards a prover count, by up to 1/8 a block. */
export function dynamicScore(options: DynamicScoreOptions): ScorePolicy {
  const { sizeRule, slotCount, targetProvers, minExponent, maxExponent, initialExponent } = options;
  assertBetween("targetProvers", targetProvers, 1, slotCount - 1);
  assertBetween("minExponent", minExponent, EXPONENT_ONE, 2 ** 16 - 1);
  assertBetween("maxExponent", maxExponent, minExponent, 2 ** 16 - 1);
  assertBetween("initialExponent", initialExponent, minExponent, maxExponent);
  const one = BigInt(EXPONENT_ONE);
  return {
    initialExponent,
    usesStakes: false,
    usesBetas: false,
    score: ({ provers, burnBid, txCount, exponent }) => {
      const product = cubeSquare(assertUint(provers, 16, "provers"), burnBid) * sizeFactor(sizeRule, txCount);
      if (product === 0n) return 0n;
      return 1n + one * ln(product) + (assertUint(exponent, 16, "exponent") - 3n * one) * ln(BigInt(provers));
    },
    fraction: (score, bps) => logFraction(score, bps, one),
    nextExponent: (exponent, provers) => {
      const distance = Math.min(Math.abs(targetProvers - provers), targetProvers);
      const step = Math.floor(Math.floor((exponent * distance) / targetProvers) / STEP_DENOMINATOR);
      const next = provers < targetProvers ? exponent + Math.max(step, 1) : exponent - step;
      return Math.min(Math.max(next, minExponent), maxExponent);
    },
  };
}

function assertBetween(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new OutOfRangeError(name, value, `${least} to ${most}`);
}
