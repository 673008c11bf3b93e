import { curve } from "../../protocol/curve.ts";
import { FIELD } from "../../protocol/field.ts";
import { type Forest, nodeAt, slotCount } from "../../protocol/nodes.ts";
import { decodePoints } from "../../protocol/points.ts";
import type { ProofMessage } from "../messages.ts";
import { ACCEPT, ignore, postpone, reject, type Verdict } from "../verdict.ts";
import type { GossipView } from "../view.ts";

const { G1, G2 } = curve;

/**
 * A node's proof, but for its points. Says who may have made it; whether it proves the node is for whoever assembles
 * the forest to check. Only owners of provers with a stake send proofs, and those with a name only the prover's own:
 * well-formed ones that prove nothing are easily made, and each takes milliseconds of everybody. A seat is no surety:
 * it costs nothing but gas.
 * @param sender address of the envelope's owner
 */
export function validateProof(message: ProofMessage, sender: string, view: GossipView): Verdict {
  const { proposalId, slot, mask, workerKey, beta } = message;
  const { rollup, proposals, provers } = view;
  if (slot >= slotCount(rollup.profile)) return reject("proof is for no slot");
  if (mask >> BigInt(votesOf(rollup.profile, slot)) !== 0n) return reject("mask is of more votes than the node shows");
  if (workerKey >= FIELD || beta >= FIELD) return reject("worker is not canonical");
  if (workerKey === 0n && beta !== 0n) return reject("anonymous worker has a beta");
  const committed = proposals.get(proposalId)?.committed;
  if (committed === undefined) return postpone("proposal is not committed");
  if (!committed.isOpen) return postpone("round is not open");
  // Of one proposal a proposer may commit another transcript where L1 is reorganised: peers may have read that one.
  if (workerKey !== 0n && workerKey !== committed.keys[slot]) return ignore("worker is not the slot's");
  if (workerKey === 0n) {
    const isStaked = [...provers.values()].some(({ owner, stake }) => owner === sender && stake > 0n);
    return isStaked ? ACCEPT : ignore("sender has no stake");
  }
  const worker = provers.get(workerKey);
  if (worker === undefined) return ignore("worker is not registered");
  if (worker.owner !== sender) return reject("proof is not its sender's");
  return worker.stake > 0n ? ACCEPT : ignore("sender has no stake");
}

/** Votes that the proof of a node may show: for its children, and the root's for itself. */
function votesOf(forest: Forest, slot: number): number {
  const { depth } = nodeAt(forest, slot);
  return depth === forest.levels ? 0 : depth === 0 ? forest.arity + 1 : forest.arity;
}

/** Whether the words are canonical and A, B, C are points of their groups, none of them infinity. */
export function isProof(proof: string): boolean {
  const points = decodePoints(proof);
  if (points === undefined) return false;
  const { a, b, c } = points;
  return !G1.isZero(a) && !G2.isZero(b) && !G1.isZero(c);
}
