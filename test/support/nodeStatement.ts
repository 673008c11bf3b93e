import type { NodeContext, NodeStatement } from "../../src/protocol/forest.ts";
import type { SecretKey } from "../../src/protocol/eddsa.ts";
import { childSlots } from "../../src/protocol/nodes.ts";
import type { BlockPlan } from "../../src/proving/forest.ts";

/** What L1 holds all single nodes of a plan to. */
export function nodeContextOf({ statement }: BlockPlan): NodeContext {
  const { domain, proposalId, z, roundSeed, burnBid, l1OpCount } = statement;
  return { domain, proposalId, z, roundSeed, burnBid, l1OpCount };
}

/** What L1 holds the proof of a base or merge by its prover to, if it shows the votes of this plan. */
export function nodeStatementOf(plan: BlockPlan, slot: number, secret: SecretKey): NodeStatement {
  const { profile, keys } = plan.block;
  const { workerKey, beta, mask, node } = plan.job(slot, secret);
  const children = node.depth === profile.levels ? [] : childSlots(profile, slot);
  return {
    slot,
    content: plan.contentHashes[slot]!,
    workerKey,
    beta,
    childContents: children.map((child) => plan.contentHashes[child]!),
    childKeys: children.map((child) => keys[child]!),
    childAssigned: children.map((child) => plan.assigned[child]!),
    mask,
  };
}
