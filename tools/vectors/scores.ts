import {
  dynamicScore,
  type DynamicScoreOptions,
  type Entry,
  EXPONENT_ONE,
  FIELD,
  ln,
  minusLn,
  packSizeRule,
  plainScore,
  raceScore,
  score,
  type ScorePolicy,
  sizeFactor,
  type SizeRule,
  stakeScore,
} from "../../src/protocol/index.ts";
import type { ScorePolicyName } from "../../src/deploy/policies.ts";
import { preciseLn } from "../preciseLn.ts";
import { type Case, element, random } from "./case.ts";

export function scores(): Case[] {
  return [
    [0, 1n],
    [1, 1n],
    [49, 1_062n],
    [51, 1_000n],
    [2_048, 123_456_789n],
    [65_535, 2n ** 64n - 1n],
  ].map(([provers, burnBid]) => ({
    provers: provers!,
    burnBid: burnBid!,
    score: score(Number(provers), BigInt(burnBid!)),
  }));
}

/** The integer whose power is nearest. Powers of doubles differ from one version of Node to the next. */
function integerRoot(x: bigint, degree: bigint): bigint {
  let root = 0n;
  for (let bit = 1n << 64n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= x) root += bit;
  return (2n * root + 1n) ** degree < x << degree ? root + 1n : root;
}

/** Around every power of two and every step of the reduction, and where an argument has more bits than count. */
export function logarithms(): Case[] {
  const roots = [1n, 2n, 4n, 8n, 16n].map((degree) => integerRoot(2n ** (52n * degree + 1n), degree) << 28n);
  const small = [1n, 2n, 3n, 7n, 10n, 10_000n, 65_535n, 2n ** 64n - 1n];
  const edges = [2n ** 80n, 2n ** 81n, 2n ** 128n, 2n ** 176n, FIELD, 2n ** 255n, ...roots].flatMap((x) => [
    x - 1n,
    x,
    x + 1n,
  ]);
  const large = Array.from({ length: 12 }, (_, i) => random(`ln ${i}`, 20 * (i + 1)) + 1n);
  return [...small, ...edges, ...large, 2n ** 256n - 1n].map((x) => ({ x, ln: ln(x), preciseLn: preciseLn(x) }));
}

export function minusLogarithms(): Case[] {
  const edges = [1n, 2n, FIELD / 2n, FIELD - 2n ** 200n, FIELD - 2n ** 160n, FIELD - 2n, FIELD - 1n];
  const betas = [...edges, ...Array.from({ length: 12 }, (_, i) => element(`minusLn ${i}`))];
  return betas.map((beta) => ({ beta, minusLn: minusLn(beta), preciseMinusLn: preciseLn(FIELD) - preciseLn(beta) }));
}

const SIZE_RULES: readonly (SizeRule | undefined)[] = [
  undefined,
  { arity: 2, transfersPerBase: 2, countsHeight: true, countsTransactions: false },
  { arity: 4, transfersPerBase: 3, countsHeight: false, countsTransactions: true },
  { arity: 16, transfersPerBase: 128, countsHeight: true, countsTransactions: true },
];

export function sizes(): Case[] {
  return SIZE_RULES.flatMap((rule) =>
    [0, 1, 2, 3, 4, 5, 12, 13, 128, 129, 2_048, 16_384, 32_769, 2 ** 32 - 1].map((txCount) => ({
      sizeRule: packSizeRule(rule),
      txCount,
      factor: sizeFactor(rule, txCount),
    })),
  );
}

const DYNAMIC = {
  slotCount: 341,
  targetProvers: 100,
  minExponent: EXPONENT_ONE,
  maxExponent: 8 * EXPONENT_ONE,
  initialExponent: 3 * EXPONENT_ONE,
} satisfies DynamicScoreOptions;

const STAKE_UNIT = 10n ** 18n;

/** Candidates of a few provers, and the extremes. */
function entries(): Entry[] {
  const drawn = [0, 1, 2, 3, 5, 8].map((provers, i) => ({
    burnBid: random(`entry bid ${i}`, 10 * (i + 1)) + 1n,
    provers,
    txCount: Number(random(`entry transactions ${i}`, 3 * i + 2)),
    exponent: EXPONENT_ONE * (i + 1),
    stakes: Array.from({ length: provers }, (_, p) => random(`entry stake ${i} ${p}`, 66) + STAKE_UNIT),
    betas: Array.from({ length: provers }, (_, p) => (p % 5 === 4 ? 0n : element(`entry beta ${i} ${p}`))),
  }));
  const most = {
    burnBid: 2n ** 64n - 1n,
    provers: 65_535,
    txCount: 2 ** 32 - 1,
    exponent: 8 * EXPONENT_ONE,
    stakes: [2n ** 96n - 1n],
    betas: [FIELD - 1n],
  };
  const least = { burnBid: 1n, provers: 1, txCount: 0, exponent: EXPONENT_ONE, stakes: [1n], betas: [1n] };
  return [...drawn, least, most];
}

export function policies(): Case[] {
  return SIZE_RULES.flatMap((sizeRule) => {
    const scored = {
      plain: plainScore({ sizeRule }),
      stake: stakeScore({ sizeRule, stakeUnit: STAKE_UNIT }),
      dynamic: dynamicScore({ ...DYNAMIC, sizeRule }),
      race: raceScore({ sizeRule }),
    } satisfies Record<ScorePolicyName, ScorePolicy>;
    return Object.entries(scored).flatMap(([policy, { score, fraction }]) =>
      entries().map((entry, i) => {
        const bps = [10_000n, 9_999n, 5_000n, 1n, 0n][i % 5]!;
        const scores = { score: score(entry), bps, fraction: fraction(score(entry), bps) };
        return { policy, stakeUnit: STAKE_UNIT, ...DYNAMIC, sizeRule: packSizeRule(sizeRule), ...entry, ...scores };
      }),
    );
  });
}

export function exponents(): Case[] {
  const { nextExponent } = dynamicScore(DYNAMIC);
  return [1, 1.001, 3, 7.3, 8].flatMap((exponent) =>
    [0, 50, 99, 100, 101, 150, 200, 341].map((provers) => {
      const units = Math.floor(exponent * EXPONENT_ONE);
      return { ...DYNAMIC, exponent: units, provers, nextExponent: nextExponent(units, provers) };
    }),
  );
}
