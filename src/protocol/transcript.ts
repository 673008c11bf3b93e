import { assertUint } from "./field.ts";
import { MalformedError } from "./errors.ts";
import { type Forest, slotCount } from "./nodes.ts";

/** Registry indexes of the assigned provers in slot order; 0 = unassigned. */
export type Transcript = readonly number[];

/** Big-endian uint16 per slot as hexadecimal. @throws {OutOfRangeError} if an index does not fit 16 bits */
export function encodeTranscript(transcript: Transcript): string {
  return encodeUint16s(transcript, "prover index");
}

/** @throws {MalformedError} unless `encoded` is exactly two bytes for each slot of `forest` */
export function decodeTranscript(forest: Forest, encoded: string): number[] {
  const digits = 4 * slotCount(forest);
  if (!/^0x[0-9a-fA-F]*$/.test(encoded) || encoded.length !== digits + 2) {
    throw new MalformedError(
      "transcript length",
      `${(encoded.length - 2) / 2} bytes`,
      `${digits / 2} bytes of hexadecimal`,
    );
  }
  return Array.from({ length: digits / 4 }, (_, slot) => indexAt(encoded, slot));
}

/** The registry index of a slot's prover in an encoded transcript, which has the slot. */
export function indexAt(encoded: string, slot: number): number {
  return Number.parseInt(encoded.slice(2 + 4 * slot, 6 + 4 * slot), 16);
}

/**
 * How many slots the prover of each slot holds in all; 0 where `keys` is 0.
 * @param keys the assigned key of each slot, 0 if unassigned, not eligible, or beyond what a prover may hold
 */
export function assignedCounts(transcript: Transcript, keys: readonly bigint[]): number[] {
  if (keys.length !== transcript.length) throw new MalformedError("count of keys", keys.length, `${transcript.length}`);
  const counts = new Map<number, number>();
  const isHeld = (prover: number, slot: number): boolean => prover !== 0 && keys[slot] !== 0n;
  transcript.forEach((prover, slot) => {
    if (isHeld(prover, slot)) counts.set(prover, (counts.get(prover) ?? 0) + 1);
  });
  return transcript.map((prover, slot) => (isHeld(prover, slot) ? counts.get(prover)! : 0));
}

/** The `assigned` argument of the forest verifier: big-endian uint16 per slot. */
export function encodeAssigned(counts: readonly number[]): string {
  return encodeUint16s(counts, "assigned count");
}

/** The counts of a merge's children in one field element: 14 bits each, child 0 lowest. */
export function packAssigned(counts: readonly number[]): bigint {
  return counts.reduceRight((packed, count) => (packed << 14n) | assertUint(count, 14, "assigned count"), 0n);
}

function encodeUint16s(values: readonly number[], name: string): string {
  return `0x${values.map((value) => assertUint(value, 16, name).toString(16).padStart(4, "0")).join("")}`;
}
