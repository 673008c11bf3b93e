import { OutOfRangeError } from "./errors.ts";
import { childSlots, type Forest, slotCount } from "./nodes.ts";

/** Contiguous slots that are proven together, from `first` up to but without `end`. Siblings are never apart. */
export interface SlotRange {
  readonly first: number;
  readonly end: number;
}

/** What one transaction can take. Each proof costs gas, and each slot in its lists is 66 bytes of calldata. */
export interface PartLimits {
  readonly proofs: number;
  readonly listed: number;
}

/** Leaves a sixth of a transaction's gas (EIP-7825), and stays below the 128 KB that nodes pass on. */
export const PART_LIMITS: PartLimits = { proofs: 240, listed: 900 };

/**
 * The slots that the lists of a range have: the range's own, then those of its nodes' children outside of the range.
 */
export function listedSlots(forest: Forest, { first, end }: SlotRange): number[] {
  const own = Array.from({ length: end - first }, (_, i) => first + i);
  return [...own, ...own.flatMap((slot) => childSlots(forest, slot)).filter((slot) => slot >= end)];
}

/** The parts that cuts make of a forest. */
export function partsOf(forest: Forest, cuts: readonly number[]): SlotRange[] {
  return [...cuts, slotCount(forest)].map((end, i) => ({ first: i === 0 ? 0 : cuts[i - 1]!, end }));
}

/**
 * Where to cut a forest so that every part is within the limits; empty if it need not be cut.
 * @throws {OutOfRangeError} if a single family exceeds them
 */
export function planCuts(forest: Forest, limits: PartLimits = PART_LIMITS): number[] {
  const fits = (range: SlotRange): boolean =>
    range.end - range.first <= limits.proofs && listedSlots(forest, range).length <= limits.listed;
  const cuts: number[] = [];
  for (let first = 0, end = 1; end < slotCount(forest);) {
    const next = end + forest.arity;
    if (fits({ first, end: next })) {
      end = next;
      continue;
    }
    // A family of its own may exceed the limits, too.
    if (end === first)
      throw new OutOfRangeError(
        "listed slots of one family",
        listedSlots(forest, { first, end: next }).length,
        `at most ${limits.listed}`,
      );
    cuts.push(end);
    first = end;
  }
  return cuts;
}
