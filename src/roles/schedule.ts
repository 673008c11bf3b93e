import type { RoundState } from "../chain/index.ts";
import { isAccepting } from "../protocol/phase.ts";

/**
 * When participants campaign for a round: proposers offer from `draft` on, provers choose at `vote`, proposers commit
 * at `commit`. A convention of this program and no rule of L1: who keeps to it meets the others.
 */
export interface Campaign {
  /** Unix seconds. */
  readonly draft: bigint;
  readonly vote: bigint;
  readonly commit: bigint;
  /** When who has waited for votes until now commits at the latest: L1 takes its time, too. */
  readonly last: bigint;
  /** When commits are no longer taken. */
  readonly end: bigint;
}

/**
 * The campaign that L1's clock gives the round that takes commits; undefined if no window is running: then the first
 * commit opens one, and there is no hurry. In a pipelined round it is the last quarter of the acceptance window before:
 * by then it is known which parents are proven.
 */
export function campaignOf({
  phase,
  opens,
  proposalEnds,
  provingEnds,
  acceptanceEnds,
}: RoundState): Campaign | undefined {
  if (phase === "Proposing") return within(opens, proposalEnds);
  return isAccepting(phase) ? within(provingEnds, acceptanceEnds) : undefined;
}

/** Parts of the acceptance window of a round. */
export interface Deadlines {
  /** From now on others may prove what nobody has proven, and proposers add to what they have submitted. */
  readonly fill: bigint;
  /** From now on provers show L1 their votes, where forests leave them out, and keep proofs there that none has. */
  readonly cure: bigint;
  /** From now on no vote counts that is not shown yet, and provers show L1 the proofs that forests leave out. */
  readonly deliver: bigint;
  /** From now on they wait for no further proof of theirs before they do. */
  readonly last: bigint;
}

export function deadlinesOf({ proposalEnds, provingEnds, acceptanceEnds }: RoundState): Deadlines {
  const window = acceptanceEnds - proposalEnds;
  return {
    fill: proposalEnds + window / 2n,
    cure: provingEnds - window / 8n,
    deliver: provingEnds,
    last: acceptanceEnds - window / 8n,
  };
}

function within(from: bigint, end: bigint): Campaign {
  const window = end - from;
  return { draft: from, vote: from + window / 2n, commit: end - window / 4n, last: end - window / 8n, end };
}
