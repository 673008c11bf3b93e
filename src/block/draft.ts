import { keccak256 } from "ethers";
import { cutElements } from "../blobs/blob.ts";
import { Kzg } from "../blobs/kzg.ts";
import { makeSidecar } from "../blobs/sidecar.ts";
import type { RevealedBlob } from "../chain/index.ts";
import type { PackedOperation } from "../protocol/operation.ts";
import { dataPoint, type Order, orderCommitment, type Proposal, proposalId } from "../protocol/proposal.ts";
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

/** What is hidden until the reveal, beside what the commit says itself. */
export type HiddenOrder = Pick<Order, "txsRoot" | "txCount" | "blobHashes" | "operationsHash" | "salt">;

/** A proposer's block before anyone else knows its order. */
export interface Draft {
  readonly proposal: Proposal;
  /** What provers vote for. */
  readonly proposalId: bigint;
  readonly executed: ExecutedBlock;
  readonly order: HiddenOrder;
  /** With all proofs that the reveal takes: nothing is left to be computed then. */
  readonly blobs: readonly RevealedBlob[];
  readonly dropped: readonly Dropped[];
}

/** Orders and executes a block, makes its blobs, and hides its order in a commitment. */
export async function draftBlock({ state, operations, pool, rules, salt, ...offer }: DraftParameters): Promise<Draft> {
  const { executed, dropped } = fillBlock(state, operations, pool, rules);
  const { domain } = rules;
  const { roundId, proposer } = offer;
  const coefficients = cutElements(executed.data.elements);
  const sidecars = [];
  // One after the other: all of it is computing.
  for (const each of coefficients) sidecars.push(await makeSidecar(each));
  const order: HiddenOrder = {
    txsRoot: executed.txsRoot,
    txCount: executed.txCount,
    blobHashes: sidecars.map(({ versionedHash }) => versionedHash),
    operationsHash: keccak256(executed.data.operations),
    salt,
  };
  const commitment = orderCommitment({ domain, roundId, proposer, ...order });
  const z = dataPoint(commitment);
  const kzg = await Kzg.load();
  const proposal: Proposal = { domain, ...offer, orderCommitment: commitment };
  return {
    ...{ proposal, executed, order, dropped },
    proposalId: proposalId(proposal),
    blobs: sidecars.map((sidecar, i) => ({ sidecar, ...kzg.open(coefficients[i]!, z) })),
  };
}
