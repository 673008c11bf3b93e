import { OutOfRangeError } from "./errors.ts";
import { assertUint } from "./field.ts";

/** The shape of a proof tree. */
export interface Forest {
  /** Children of a merge: 2, 4, 8 or 16. */
  readonly arity: number;
  /** Depth of the base nodes; 1 means that the root merges base proofs directly. */
  readonly levels: number;
}

/** A place in the proof tree; depth 0 is the root. */
export interface Node {
  readonly depth: number;
  readonly index: number;
}

/** Counts of assigned slots are packed into 14 bits. */
const MAX_SLOTS = 2 ** 14 - 1;

/** @throws {OutOfRangeError} unless the arity is 2, 4, 8 or 16 and all slots can be counted in 14 bits */
export function assertForest(forest: Forest): Forest {
  const { arity, levels } = forest;
  if (![2, 4, 8, 16].includes(arity)) throw new OutOfRangeError("arity", arity, "2, 4, 8 or 16");
  if (!Number.isInteger(levels) || levels < 1) throw new OutOfRangeError("levels", levels, "at least 1");
  if (slotCount(forest) > MAX_SLOTS) throw new OutOfRangeError("slot count", slotCount(forest), `at most ${MAX_SLOTS}`);
  return forest;
}

/** All nodes of the tree. */
export function slotCount({ arity, levels }: Forest): number {
  return (arity ** (levels + 1) - 1) / (arity - 1);
}

/** The slot of the first node of a depth. */
export function firstSlot({ arity }: Forest, depth: number): number {
  return (arity ** depth - 1) / (arity - 1);
}

/** @throws {OutOfRangeError} unless `node` is in the tree */
export function assertNode({ arity, levels }: Forest, { depth, index }: Node): void {
  if (!Number.isInteger(depth) || depth < 0 || depth > levels)
    throw new OutOfRangeError("depth", depth, `0 to ${levels}`);
  const width = arity ** depth;
  if (!Number.isInteger(index) || index < 0 || index >= width) {
    throw new OutOfRangeError("index", index, `0 to ${width - 1} at depth ${depth}`);
  }
}

/** @throws {OutOfRangeError} unless `slot` is in the tree */
export function assertSlot(forest: Forest, slot: number): void {
  const count = slotCount(forest);
  if (!Number.isInteger(slot) || slot < 0 || slot >= count)
    throw new OutOfRangeError("slot", slot, `0 to ${count - 1}`);
}

/** Heap order: root 0, children of `n` are `arity n + 1 ..`. */
export function slotOf(forest: Forest, node: Node): number {
  assertNode(forest, node);
  return firstSlot(forest, node.depth) + node.index;
}

/** The inverse of {@link slotOf}. */
export function nodeAt(forest: Forest, slot: number): Node {
  assertSlot(forest, slot);
  let depth = 0;
  while (slot >= firstSlot(forest, depth + 1)) depth++;
  return { depth, index: slot - firstSlot(forest, depth) };
}

/** A node as a public input: `depth << 32 | index`. */
export function nodeNumber({ depth, index }: Node): bigint {
  return (assertUint(depth, 8, "depth") << 32n) | assertUint(index, 32, "index");
}

/** The inverse of {@link nodeNumber}. */
export function nodeFromNumber(number: bigint): Node {
  assertUint(number, 40, "node number");
  return { depth: Number(number >> 32n), index: Number(number & 0xffffffffn) };
}

/** Slots of the children, none below a base node. */
export function childSlots(forest: Forest, slot: number): number[] {
  if (nodeAt(forest, slot).depth === forest.levels) return [];
  return Array.from({ length: forest.arity }, (_, i) => forest.arity * slot + 1 + i);
}

/** Slot of the parent, undefined above the root. */
export function parentSlot(forest: Forest, slot: number): number | undefined {
  assertSlot(forest, slot);
  return slot === 0 ? undefined : Math.floor((slot - 1) / forest.arity);
}

/**
 * Slots whose votes a proof of `slot` may show, in the order of its mask's bits: those of its children, and behind them
 * the root's own.
 */
export function ballotSlots(forest: Forest, slot: number): number[] {
  return slot === 0 ? [...childSlots(forest, 0), 0] : childSlots(forest, slot);
}

/** The slots whose votes a proof shows. */
export function shownVotes(forest: Forest, { slot, mask }: { readonly slot: number; readonly mask: bigint }): number[] {
  return ballotSlots(forest, slot).filter((_, bit) => (mask >> BigInt(bit)) % 2n === 1n);
}

/** Whether `node` is `root` or below it. */
export function isWithin({ arity }: Forest, node: Node, root: Node): boolean {
  if (node.depth < root.depth) return false;
  return Math.floor(node.index / arity ** (node.depth - root.depth)) === root.index;
}

/** What a node of `depth` counts: `weights` holds a uint16 per depth, depth 0 lowest. */
export function nodeWeight(weights: bigint, depth: number): bigint {
  return (weights >> BigInt(16 * depth)) & 0xffffn;
}

/** What all slots of a forest count together. */
export function totalWeight(forest: Forest, weights: bigint): bigint {
  return Array.from({ length: forest.levels + 1 }, (_, depth) => depth).reduce(
    (sum, depth) => sum + BigInt(forest.arity ** depth) * nodeWeight(weights, depth),
    0n,
  );
}

/** The packed form that {@link nodeWeight} reads. */
export function packNodeWeights(perDepth: readonly number[]): bigint {
  assertUint(perDepth.length, 4, "count of node weights");
  return perDepth.reduceRight((packed, weight) => (packed << 16n) | assertUint(weight, 16, "node weight"), 0n);
}
