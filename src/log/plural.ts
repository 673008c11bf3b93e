/** A count with its noun: `1 proof`, `2 proofs`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
