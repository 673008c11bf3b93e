import type { Transcript } from "./transcript.ts";

/**
 * The slots of a transcript that somebody answers for, 0 elsewhere: those of eligible provers, and of each the first
 * `maxSlotsPerProver` in slot order.
 */
export function heldSlots(
  transcript: Transcript,
  maxSlotsPerProver: number,
  isEligible: (prover: number) => boolean,
): number[] {
  const held = new Map<number, number>();
  return transcript.map((prover) => {
    const count = held.get(prover) ?? 0;
    if (prover === 0 || count === maxSlotsPerProver || !isEligible(prover)) return 0;
    held.set(prover, count + 1);
    return prover;
  });
}

/** Distinct provers of the slots that are counted. */
export function distinctProvers(held: Transcript, isCounted: (slot: number) => boolean = () => true): number[] {
  return [...new Set(held.filter((prover, slot) => prover !== 0 && isCounted(slot)))];
}
