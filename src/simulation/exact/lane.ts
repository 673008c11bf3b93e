import type { Block } from "./block.ts";

/** A seat's deposit for heights of one parity, and what was committed on it. */
export interface Lane {
  /** BID_UNIT. */
  deposit: bigint;
  /** The last commit, with its branches; none is left once it is settled by hand. */
  commits: Block[];
  isSettled: boolean;
}

export const emptyLane = (deposit: bigint): Lane => ({ deposit, commits: [], isSettled: true });

/** What can be said of a lane's unsettled commits. */
export interface Fate {
  /** Whether that is still to be seen. */
  readonly isOpen: boolean;
  /** The one whose parent won; undefined if all are dead. */
  readonly live: Block | undefined;
}

interface OpenRound {
  readonly roundNumber: number;
  readonly isOver: boolean;
  /** The block that won the round of this number. */
  readonly winnerOf: (roundNumber: number) => Block | undefined;
}

export function fateOf({ commits }: Lane, { roundNumber, isOver, winnerOf }: OpenRound): Fate {
  const [first] = commits;
  if (first === undefined) return { isOpen: false, live: undefined };
  const isNow = first.roundNumber === roundNumber && !isOver;
  if (first.parentRef === 0) return { isOpen: isNow, live: first };
  if (first.roundNumber > roundNumber)
    return { isOpen: first.roundNumber === roundNumber + 1 && !isOver, live: undefined };
  const parent = winnerOf(first.roundNumber - 1);
  const live = parent && commits.find(({ parentRef }) => parentRef === parent.seat);
  return { isOpen: isNow && live !== undefined, live };
}
