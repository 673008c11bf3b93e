/** Numbers that a parameter can have, ends included. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly isWhole?: true;
  /** These alone. */
  readonly among?: readonly number[];
}

export const between = (from: number, to: number): Range => ({ from, to });

export const whole = (from: number, to: number): Range => ({ from, to, isWhole: true });

/** @param among ascending */
export const oneOf = (...among: readonly number[]): Range => ({ from: among[0]!, to: among.at(-1)!, among });

/** A part of a whole, or a probability. */
export const PART = between(0, 1);

/** A standard deviation of a logarithm: with more, one draw is all that counts. */
export const SPREAD = between(0, 5);

/** Rounds of a run: some seconds. */
export const ROUNDS_OF_A_RUN = whole(1, 100_000);

export function isIn({ from, to, isWhole, among }: Range, value: number): boolean {
  if (among !== undefined) return among.includes(value);
  return value >= from && value <= to && (isWhole !== true || Number.isInteger(value));
}

/** `0 to 1`, `a whole number from 1 to 16`, `2, 4 or 8` */
export function describeRange({ from, to, isWhole, among }: Range): string {
  if (among !== undefined) return `${among.slice(0, -1).join(", ")} or ${among.at(-1)}`;
  return isWhole === true ? `a whole number from ${from} to ${to}` : `${from} to ${to}`;
}
