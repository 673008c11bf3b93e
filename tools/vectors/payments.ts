import {
  blockReward,
  BURN_RULE,
  burnAtForfeit,
  burnAtProof,
  burnOfUncle,
  burnOfWinner,
  encodeTranscript,
  firstSlot,
  fulfilment,
  nodeWeight,
  packFlags,
  packNodeWeights,
  slotReward,
  splitReward,
  totalWeight,
  uncleReward,
} from "../../src/protocol/index.ts";
import { type Case, random } from "./case.ts";
import { FORESTS, isSet, transcriptOf } from "./forests.ts";

export function issuance(): Case[] {
  const schedule = { initialReward: 50n * 10n ** 18n + 7n, halvingInterval: 10n };
  return [1, 2, 10, 11, 20, 21, 641, 2_561, 2 ** 32 - 1].map((height) => ({
    ...schedule,
    height,
    blockReward: blockReward(schedule, height),
  }));
}

export function rewards(): Case[] {
  const weights = packNodeWeights([40, 30, 10, 5]);
  return FORESTS.slice(0, 4).flatMap((forest) =>
    [0, 3_333, 10_000].map((proverShareBps) => {
      const { transcript, voted, delivered } = transcriptOf(
        forest,
        `reward ${forest.arity} ${forest.levels} ${proverShareBps}`,
      );
      const flags = packFlags(transcript.length, { voted: isSet(voted), delivered: isSet(delivered) });
      const counted = fulfilment(forest, weights, transcript, flags);
      const reward = random(`reward ${proverShareBps}`, 66);
      const total = totalWeight(forest, weights);
      const split = splitReward(reward, proverShareBps, counted.fulfilledWeight, total);
      const provers = BigInt(counted.provers);
      const byHead = splitReward(reward, proverShareBps, counted.fulfilledWeight, total, provers);
      return {
        ...forest,
        nodeWeights: weights,
        weightPerDepth: Array.from({ length: forest.levels + 1 }, (_, depth) => nodeWeight(weights, depth)),
        firstSlotPerDepth: Array.from({ length: forest.levels + 1 }, (_, depth) => firstSlot(forest, depth)),
        transcript: encodeTranscript(transcript),
        flags: [...flags],
        distinctProvers: counted.provers,
        distinctVoters: new Set(transcript.filter((_, slot) => isSet(voted)(slot))).size,
        fulfilledWeight: counted.fulfilledWeight,
        totalWeight: totalWeight(forest, weights),
        reward,
        proverShareBps,
        ...split,
        proverUnitByHead: byHead.proverUnit,
        proposerByHead: byHead.proposer,
        slotRewardPerDepth: Array.from({ length: forest.levels + 1 }, (_, depth) => slotReward(split, weights, depth)),
        uncleRewardBps: 333n,
        uncleRewardOfThree: uncleReward(reward, 333n, 3),
      };
    }),
  );
}

export function burns(): Case[] {
  const bids = [0n, 1n, 10_001n, 2n ** 40n - 1n];
  const parts = [
    [0n, 0n],
    [2_500n, 10_000n],
    [3_333n, 5_000n],
    [10_000n, 10_000n],
  ] as const;
  const silences = [
    [0n, 0n],
    [1n, 7n],
    [4n, 7n],
    [5n, 7n],
    [16_383n, 16_383n],
  ] as const;
  return Object.values(BURN_RULE).flatMap((rule) =>
    bids.flatMap((burnBid) =>
      parts.flatMap(([uncleBurnBps, forfeitBps]) =>
        silences.map(([silent, named]) => {
          const ofUncle = burnOfUncle(rule, burnBid, { uncleBurnBps, forfeitBps }, { silent, named });
          return {
            rule,
            burnBid,
            uncleBurnBps,
            forfeitBps,
            silent,
            named,
            atProof: burnAtProof(rule, burnBid),
            ofWinner: burnOfWinner(rule, burnBid),
            ofUncle: ofUncle.burnt,
            ownOfUncle: ofUncle.own,
            atForfeit: burnAtForfeit(rule, burnBid, forfeitBps, { silent, named }),
          };
        }),
      ),
    ),
  );
}
