/** Every kind of promise. */
export const DUTY_KINDS = ["vote", "commit"] as const;

/**
 * What a key may promise once. A prover votes once for a proposal: votes promise capacity, and two would promise it
 * twice. A proposer commits once in a round on a parent.
 */
export type DutyKind = (typeof DUTY_KINDS)[number];

export interface Duty {
  /** Registered key of a prover, address of a proposer. */
  readonly key: string;
  readonly kind: DutyKind;
  /** What it is promised for: proposalId of a vote, roundId and parent of a commit. */
  readonly subject: string;
  /** See `RoundState.roundNumber`. */
  readonly roundNumber: bigint;
  /** Of what is signed. */
  readonly hash: string;
  /** What is promised, in words for operators and other programs: JSON. */
  readonly data: string;
  /** Signed ones may be known to others; of those that are only written nobody can say. */
  readonly state: "written" | "signed";
}
