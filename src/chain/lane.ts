import { bits } from "./bits.ts";

/** Half of a proposer's seat: the deposit for heights of one parity, and its last commit to one of them. */
export interface Lane {
  /** BID_UNIT. */
  readonly deposit: bigint;
  /** `commitDigest` of the commit, whatever its round; 0: none that matters. */
  readonly digest: bigint;
  /** Whether the deposit may still be needed, so that the lane takes no other commit and lets nothing go. */
  readonly isInUse: boolean;
}

/** Reads the word as `contracts/types/Lane.sol` does. @param roundNumber of the open round */
export function readLane(word: bigint, roundNumber: bigint): Lane {
  const digest = bits(word, 64, 192);
  const isUnsettled = bits(word, 60, 1) === 0n;
  const isOfRound = bits(word, 40, 20) === bits(roundNumber, 0, 20);
  return { deposit: bits(word, 0, 40), digest, isInUse: digest !== 0n && (isUnsettled || isOfRound) };
}

/** The number of the open round, in the word that `contracts/types/Head.sol` describes. */
export const roundNumberOf = (head: bigint): bigint => bits(head, 34, 32);
