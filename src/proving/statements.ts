import type { Content } from "../protocol/content.ts";
import type { Worker } from "../protocol/forest.ts";
import { ballotSlots, childSlots, nodeAt, nodeNumber } from "../protocol/nodes.ts";
import type { BaseStatement, MergeStatement } from "../protocol/publicInputs.ts";
import type { RootStatement } from "../protocol/rootInputs.ts";
import { packAssigned } from "../protocol/transcript.ts";
import type { PlannedBlock } from "./plannedBlock.ts";

/** A block with what its nodes state; lists are in slot order. */
export interface StatedBlock {
  readonly block: PlannedBlock;
  readonly z: bigint;
  readonly contents: readonly Content[];
  readonly contentHashes: readonly bigint[];
  /** Slots of each slot's prover in all, 0 where there is no key. */
  readonly assigned: readonly number[];
}

export function baseStatement(plan: StatedBlock, slot: number, worker: Worker): BaseStatement {
  return { ...nodeStatement(plan, slot, worker), z: plan.z };
}

/** @param mask the votes that its proof shows */
export function mergeStatement(plan: StatedBlock, slot: number, worker: Worker, mask: bigint): MergeStatement {
  const { block, contentHashes, assigned } = plan;
  const children = childSlots(block.profile, slot);
  return {
    ...nodeStatement(plan, slot, worker),
    childContent: children.map((child) => contentHashes[child]!),
    childKey: children.map((child) => block.keys[child]!),
    childAssigned: packAssigned(children.map((child) => assigned[child]!)),
    mask,
    burnBid: block.burnBid,
  };
}

/** @param mask the votes that its proof shows */
export function rootStatement(plan: StatedBlock, { workerKey, beta }: Worker, mask: bigint): RootStatement {
  const { profile, keys, domain, proposalId, burnBid, roundSeed } = plan.block;
  const children = childSlots(profile, 0);
  return {
    ...openedContent(plan.contents[0]!),
    domain,
    proposalId,
    burnBid,
    workerKey,
    roundSeed,
    beta,
    ownKey: keys[0]!,
    assigned: packAssigned(ballotSlots(profile, 0).map((slot) => plan.assigned[slot]!)),
    mask,
    childContent: children.map((child) => plan.contentHashes[child]!),
    childKey: children.map((child) => keys[child]!),
  };
}

function nodeStatement({ block, contentHashes }: StatedBlock, slot: number, { workerKey, beta }: Worker) {
  const { profile, domain, proposalId, roundSeed } = block;
  const node = nodeNumber(nodeAt(profile, slot));
  return { content: contentHashes[slot]!, domain, proposalId, node, workerKey, roundSeed, beta };
}

/** What the root shows of its content: all but level and zPow. */
export function openedContent({ level: _level, zPow: _zPow, ...opened }: Content) {
  return opened;
}
