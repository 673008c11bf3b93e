import { BID_UNIT } from "../../protocol/terms.ts";
import type { FollowerPolicy, ProposerPolicy, ProverPolicy } from "../../roles/index.ts";
import type { Settings } from "../settings/index.ts";

/** How a prover plays, as its operator has set it. */
export function proverPolicy(settings: Settings): ProverPolicy {
  const { stakeFloor: floor, stakeTarget: target, claimSlots, slotsPerRound, threads } = settings;
  const { costPerSlot, costPerForest, secondsPerProof, fills, fillsWhatPays, handsIn, helps, redeems, exit } = settings;
  return {
    ...{ costPerSlot, costPerForest, secondsPerProof, fills, fillsWhatPays, handsIn, helps, redeems, exit },
    capacity: slotsPerRound,
    jobs: threads,
    claimFrom: claimSlots === 0 ? undefined : claimSlots,
    stake: floor === undefined ? undefined : { floor, target: target ?? floor },
  };
}

/** How a proposer plays. @param minBid the least that the rollup takes, BID_UNIT */
export function proposerPolicy(settings: Settings, minBid: bigint): ProposerPolicy {
  const { proverShareBps, ahead, branches, minProvers, patience } = settings;
  const { burnBid, maxBid, raiseBps, valueBps, feePrice, advanceAfter, claimRewards, claimFees } = settings;
  const { depositFloor: floor, depositTarget: target } = settings;
  const least = burnBid === undefined ? minBid : burnBid / BID_UNIT;
  return {
    ...{ proverShareBps, ahead, branches, minProvers, patience, feePrice, advanceAfter },
    burnBid: least,
    deposit: floor === undefined ? undefined : { floor: floor / BID_UNIT, target: (target ?? floor) / BID_UNIT },
    maxBid: maxBid === undefined ? least : maxBid / BID_UNIT,
    raiseBps: BigInt(raiseBps),
    valueBps: BigInt(valueBps),
    claimFrom: claimRewards === 0n ? undefined : claimRewards,
    claimFeesFrom: claimFees === 0n ? undefined : claimFees,
  };
}

/** How a follower serves the others. */
export function followerPolicy({ serves, advanceAfter }: Settings): FollowerPolicy {
  return { advanceAfter: serves ? advanceAfter : undefined, settles: serves, slashes: serves };
}
