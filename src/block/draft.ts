import { dataHash } from "../protocol/data.ts";
import type { PackedOperation } from "../protocol/operation.ts";
import { orderCommitment, type Proposal, proposalId } from "../protocol/proposal.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import type { ExecutedBlock, Rules } from "../state/executor.ts";
import { type Dropped, fillBlock } from "../state/fill.ts";
import type { State } from "../state/state.ts";

export interface DraftParameters {
  readonly state: State;
  /** The L1 operations that are due in the round, all of them: L1 takes no block with others. */
  readonly operations: readonly PackedOperation[];
  /**
   * What may be included, in the proposer's order of preference; what was published, in the order in which it was.
   * Between transfers of one account and nonce their fees decide (`rankRivals`).
   */
  readonly pool: readonly SignedTransfer[];
  readonly rules: Rules;
  /** Words of data that the rollup takes in one transaction. */
  readonly chunkWords: number;
  readonly roundId: bigint;
  /** proposalId of the block that `state` is the result of, 0 for genesis. */
  readonly parent: bigint;
  /** Address. */
  readonly proposer: string;
  readonly proverShareBps: number;
  /**
   * 32 random bytes as hexadecimal: hides the order until it is revealed. Keep it with the draft: without it nothing
   * can be revealed.
   */
  readonly salt: string;
}

/** A proposer's block before anyone else knows its order. */
export interface Draft {
  readonly proposal: Proposal;
  /** What provers vote for. */
  readonly proposalId: bigint;
  readonly executed: ExecutedBlock;
  readonly salt: string;
  readonly dropped: readonly Dropped[];
}

/** Orders and executes a block and hides its order in a commitment. */
export function draftBlock({ state, operations, pool, rules, chunkWords, salt, ...offer }: DraftParameters): Draft {
  const { executed, dropped } = fillBlock(state, operations, pool, rules);
  const { domain } = rules;
  const { txsRoot } = executed;
  const { roundId, proposer } = offer;
  const order = orderCommitment({
    domain,
    roundId,
    proposer,
    txsRoot,
    dataHash: dataHash(executed.data, chunkWords),
    salt,
  });
  const proposal: Proposal = { domain, ...offer, orderCommitment: order };
  return { proposal, proposalId: proposalId(proposal), executed, salt, dropped };
}
