import { type Phase, PHASES } from "../../protocol/phase.ts";
import { roundOf, type Round } from "../../protocol/round.ts";
import type { ChainClient } from "../client.ts";
import { ask } from "../ask.ts";

/** The operations of the bridge's queue that every block of a round begins with. */
export interface Due {
  /** Only what was posted before this moment, Unix seconds. */
  readonly queueCut: bigint;
  /** Number of the first one. */
  readonly first: number;
  readonly count: number;
}

/** The round and what may be done now. Windows are half-open, in Unix seconds. */
export interface RoundState {
  readonly phase: Phase;
  /** The round that the boundaries belong to. Attempt 0: not opened yet. */
  readonly round: Round;
  /**
   * The round that a commit must carry now; the next height while this one is revealed and proven. Undefined before the
   * start.
   */
  readonly commitRound: Round | undefined;
  readonly opens: bigint;
  readonly proposalEnds: bigint;
  readonly revealEnds: bigint;
  /** From now on a round takes nothing but deliveries of what is proven already. */
  readonly provingEnds: bigint;
  readonly acceptanceEnds: bigint;
  /** proposalId of the block that `round` builds on; 0 for genesis. */
  readonly parent: bigint;
  /** State root after `parent`. */
  readonly stateRoot: bigint;
  /** Candidates in the ranking. */
  readonly ranked: number;
  /** What terms of `round` carry: 0 in a fresh round, in a pipelined one the seat of `parent`. */
  readonly parentRef: number;
  /** The last second that counts for who is eligible in `round`, and with which stake. */
  readonly eligibleAt: bigint;
  /** What VRF outputs of `round` are made from; 0 unless the score policy uses them. */
  readonly roundSeed: bigint;
  /** Of the score policy, in `round`. */
  readonly exponent: number;
  /** Rounds opened so far. */
  readonly roundNumber: bigint;
  /** The same when `commitRound` is open. */
  readonly commitRoundNumber: bigint;
  /** Whether `parent` is decided but not final yet; any action makes it so. */
  readonly advanceDue: boolean;
  /** What blocks of `round` begin with. */
  readonly due: Due;
  /** What blocks of `commitRound` begin with, whatever becomes of `round`. */
  readonly commitDue: Due;
}

/**
 * What may be done now, and until when, as the contract sees it.
 * @param block its number; the latest by default
 */
export async function getRoundState({ rollup, roundView }: ChainClient, block?: number): Promise<RoundState> {
  const blockTag = block ?? "latest";
  const state = await ask("roundState", () => roundView.roundState(rollup, { blockTag }));
  return {
    phase: PHASES[Number(state.phase)]!,
    round: roundOf(state.roundId),
    commitRound: state.commitRoundId === 0n ? undefined : roundOf(state.commitRoundId),
    opens: state.opens,
    proposalEnds: state.proposalEnds,
    revealEnds: state.revealEnds,
    provingEnds: state.provingEnds,
    acceptanceEnds: state.acceptanceEnds,
    parent: state.parent,
    stateRoot: state.stateRoot,
    ranked: Number(state.ranked),
    parentRef: Number(state.parentRef),
    eligibleAt: state.eligibleAt,
    roundSeed: state.roundSeed,
    exponent: Number(state.exponent),
    roundNumber: state.roundNumber,
    commitRoundNumber: state.commitRoundNumber,
    advanceDue: state.advanceDue,
    due: dueOf(state.due),
    commitDue: dueOf(state.commitDue),
  };
}

const dueOf = ({ queueCut, first, count }: Record<keyof Due, bigint>): Due => ({
  queueCut,
  first: Number(first),
  count: Number(count),
});
