import { roundOf, type Round } from "../../protocol/round.ts";
import type { ChainClient } from "../client.ts";
import { ask } from "../transact.ts";

/** What a round accepts at a moment, in the order of the Solidity enum. */
export const PHASES = ["NotStarted", "Proposing", "Revealing", "Proving", "Advanceable", "Expired"] as const;

export type Phase = (typeof PHASES)[number];

/** The round and what may be done now. Windows are half-open, in Unix seconds. */
export interface RoundState {
  readonly phase: Phase;
  /** The round that the boundaries belong to. Attempt 0: not opened yet. */
  readonly round: Round;
  /** The round that a commit must carry now; undefined while none is taken. */
  readonly commitRound: Round | undefined;
  readonly opens: bigint;
  readonly proposalEnds: bigint;
  readonly revealEnds: bigint;
  readonly acceptanceEnds: bigint;
  /** proposalId of the block that a commit builds on now; 0 for genesis. */
  readonly parent: bigint;
  /** State root after `parent`. */
  readonly stateRoot: bigint;
  /** Candidates in the ranking. */
  readonly ranked: number;
}

/** What may be done now, and until when, as the contract sees it. */
export async function getRoundState({ rollup }: ChainClient): Promise<RoundState> {
  const state = await ask("roundState", () => rollup.roundState());
  return {
    phase: PHASES[Number(state.phase)]!,
    round: roundOf(state.roundId),
    commitRound: state.commitRoundId === 0n ? undefined : roundOf(state.commitRoundId),
    opens: state.opens,
    proposalEnds: state.proposalEnds,
    revealEnds: state.revealEnds,
    acceptanceEnds: state.acceptanceEnds,
    parent: state.parent,
    stateRoot: state.stateRoot,
    ranked: Number(state.ranked),
  };
}
