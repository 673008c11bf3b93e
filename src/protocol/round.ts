import { assertUint } from "./field.ts";

/** One try at deciding one block. Both count from 1. */
export interface Round {
  readonly height: number;
  readonly attempt: number;
}

/** `height << 32 | attempt`. @throws {OutOfRangeError} unless both fit 32 bits */
export function roundId({ height, attempt }: Round): bigint {
  return (assertUint(height, 32, "height") << 32n) | assertUint(attempt, 32, "attempt");
}

/** The inverse of {@link roundId}. */
export function roundOf(id: bigint): Round {
  assertUint(id, 64, "roundId");
  return { height: Number(id >> 32n), attempt: Number(id & 0xffffffffn) };
}

/** Which of a seat's two lanes a height has: that of even heights, or of odd ones. */
export const laneAt = (height: number): 0 | 1 => (height % 2 === 0 ? 0 : 1);
