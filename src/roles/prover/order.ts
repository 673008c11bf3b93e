import { isAccepting } from "../../protocol/phase.ts";
import { hasFlag } from "../../protocol/flags.ts";
import { nodeAt, nodeWeight, totalWeight } from "../../protocol/nodes.ts";
import { score } from "../../protocol/score.ts";
import { BID_UNIT, BPS } from "../../protocol/terms.ts";
import { rewardOf, slashOf } from "../economy.ts";
import { type L1Commit, ranking } from "../l1View.ts";
import { NEW_RECORD } from "../records.ts";
import { CERTAIN, chancesOf } from "./chances.ts";
import type { ProverOwn } from "./own.ts";
import { isDelivered, slotsPromised } from "./promises.ts";
import { secondsOf } from "./rates.ts";
import { type ProverView, slotKey } from "./view.ts";

/** A proof that the prover has promised and has not made. */
export interface Duty {
  readonly commit: L1Commit;
  readonly slot: number;
  /** What it stands for, wei: expected pay, and the slash that it averts. */
  readonly worth: bigint;
  /** That it takes. */
  readonly seconds: number;
}

/** Whether a proof was begun or made. */
export const isMade = ({ inHand }: Pick<ProverView, "inHand">, own: ProverOwn, id: bigint, slot: number): boolean =>
  inHand.has(slotKey(id, slot)) || own.proofs.some((entry) => entry.proposalId === id && entry.slot === slot);

/**
 * All that the prover has promised and not made, what is worth most for each second of work first; what cannot be ready
 * in time comes last. Of equal ones the better block's come first, in slot order.
 */
export function duties(view: ProverView, own: ProverOwn, secondsPerProof: number): Duty[] {
  const { l1, forest, provable, rates } = view;
  const { phase, acceptanceEnds } = l1.round;
  if (!isAccepting(phase)) return [];
  const chances = chancesOf(l1);
  const left = Number(acceptanceEnds - l1.now);
  const all = ranking(l1)
    .filter(({ proposalId }) => provable.has(proposalId))
    .flatMap((commit) => {
      const { proposalId, candidate } = commit;
      const held = slotsPromised(view, commit, own);
      const open = held.filter((slot) => {
        if (isMade(view, own, proposalId, slot) || isDelivered(commit, slot)) return false;
        // No vote counts any more that is not shown.
        return phase !== "Delivering" || hasFlag(candidate!.flags, "voted", slot);
      });
      const liability = open.length === 0 ? 0n : slashOfOne(view, commit, held.length);
      return open.map((slot) => ({
        ...{ commit, slot, seconds: secondsOf(rates, forest, slot, secondsPerProof) },
        worth: ((chances.get(proposalId) ?? 0n) * payOf(view, commit, held, slot)) / CERTAIN + liability,
      }));
    });
  const rank = ({ worth, seconds }: Duty): number => (seconds > left ? -1 : Number(worth) / seconds);
  return all.sort((a, b) => rank(b) - rank(a));
}

/** Wei that a slot earns if its block wins whole. Paid by head, all slots of a prover earn together. */
export function payOf(
  { economy, forest, l1 }: ProverView,
  commit: L1Commit,
  held: readonly number[],
  slot: number,
): bigint {
  const reward = rewardOf(economy, l1.round.round.height);
  if (economy.fairShareBps > 0)
    return (reward * BigInt(economy.fairShareBps)) / (BPS * BigInt(Math.max(1, commit.provers) * held.length));
  const weight = nodeWeight(economy.nodeWeights, nodeAt(forest, slot).depth);
  const share = BigInt(commit.commitment.terms.proverShareBps);
  return (reward * share * weight) / (BPS * totalWeight(forest, economy.nodeWeights));
}

/**
 * Wei that an undelivered slot costs, if its block is one that a prover answers for: every candidate may be, and a
 * block that could still come within reach of being paid.
 */
function slashOfOne({ l1, economy, index }: ProverView, commit: L1Commit, held: number): bigint {
  const { candidate, provers, commitment } = commit;
  const { burnBid } = commitment.terms;
  const [leader] = ranking(l1);
  const best = leader === undefined ? 0n : score(leader.provers, leader.commitment.terms.burnBid);
  if (candidate === undefined && score(provers, burnBid) * BPS < best * economy.uncleMinScoreBps) return 0n;
  const { misses } = l1.records.get(index) ?? NEW_RECORD;
  return slashOf(economy, { misses, bid: burnBid * BID_UNIT, voters: provers }) / BigInt(held);
}
