import { burnAtForfeit, burnAtProof } from "../../src/protocol/burns.ts";
import { nodeAt, nodeWeight } from "../../src/protocol/nodes.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { economicsOf } from "../../src/deploy/economics.ts";
import type { Mechanism } from "../../src/simulation/exact/mechanism.ts";
import { gameRules } from "../../src/simulation/exact/rules.ts";
import type { Regime } from "../../src/simulation/search/play.ts";

const ETHER = 10n ** 18n;
const FEE = ETHER / 10n;

/**
 * The rules of blame and pay before every unfulfilled slot had exactly one culprit: one proof settles a lane; a prover
 * without a receipt pays a small fee for each slot, in every candidate; what a proof needs comes from the proposer; and
 * a reward is divided by the weight of the assigned slots.
 */
const BEFORE: Mechanism = {
  burnAtProof: ({ burnRule }, { burnBid }) => burnAtProof(burnRule, burnBid),
  burnAtPayment: ({ economics }, { burnBid }, place) =>
    place === 0 ? burnBid : (burnBid * BigInt(economics.uncleBurnBps) + 9_999n) / 10_000n,
  forfeit: ({ burnRule, economics }, { burnBid, proven }) =>
    proven ? 0n : burnAtForfeit(burnRule, burnBid, BigInt(economics.forfeitBps)),
  isSettledByProof: () => true,
  rewardWeight: ({ profile, weights }, { held }) =>
    held.reduce(
      (sum, prover, slot) => sum + (prover === 0 ? 0n : nodeWeight(weights, nodeAt(profile, slot).depth)),
      0n,
    ),
  uncleCap: () => undefined,
  firstProofUntil: ({ acceptanceEnds }) => acceptanceEnds,
  isWitnessPublic: false,
  ranksByVotes: false,
  slash: (_, __, { undelivered }) => FEE * BigInt(undelivered),
  slashesOnceARound: false,
  countsMisses: false,
};

const economics = economicsOf(PROFILES.dev);

/** With the prices that were shipped with them: ten tokens a slot at stake, and a reserve of seven fees. */
export const BLAME_BEFORE: Regime = {
  mechanism: BEFORE,
  rules: gameRules(PROFILES.dev, {
    ...economics,
    ...{ maxSlotsPerProver: 7, eligibleStake: 70n * ETHER, minStake: 70n * ETHER + 7n * FEE, baseRateBps: 10_000 },
    ...{ minBid: 1n, forfeitBps: 2_500, uncleMinScoreBps: 1_000, uncleBurnBps: 2_500, uncleRewardBps: 1_000 },
  }),
};
