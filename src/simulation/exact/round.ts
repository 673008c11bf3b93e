import { roundEnds, roundMoments, type RoundMoments, type Windows } from "../../protocol/roundClock.ts";
import type { Block } from "./block.ts";

/** The open round: one attempt at one height. Moments in Unix seconds. */
export interface Round {
  readonly height: number;
  /** 0 until somebody has committed. */
  readonly attempt: number;
  readonly roundNumber: number;
  readonly isPipelined: boolean;
  readonly moments: RoundMoments;
  readonly exponent: number;
  /** The last second that counts for who is eligible, and with which stake. */
  readonly eligibleAt: number;
  /** Proven. */
  readonly candidates: Block[];
  isRevealed: boolean;
  /** Whether somebody has committed to the next height. */
  hasNext: boolean;
}

export const endsOf = ({ moments, candidates, isRevealed }: Round): number =>
  roundEnds(moments, { hasCandidate: candidates.length !== 0, isRevealed });

/** When the seeds of a race are drawn, and from when on keys count for them. */
export class Seeds {
  readonly #roundTime: number;
  readonly #countedAt = new Map<number, number>();

  constructor({ proposalWindow, acceptanceWindow }: Windows) {
    this.#roundTime = proposalWindow + acceptanceWindow;
  }

  /** Draws what is missing when a round opens. @returns the last second that counts in it */
  open({ height, attempt }: Pick<Round, "height" | "attempt">, opens: number, now: number): number {
    const counted = this.#countedAt.get(height);
    // None yet, or one so old that provers who have left would count.
    if (counted === undefined || opens > counted + 3 * this.#roundTime) this.#draw(height, now);
    if (attempt === 1) this.#draw(height + 1, now);
    return Math.min(this.#countedAt.get(height)!, opens) - 1;
  }

  #draw(height: number, now: number): void {
    // Before the first seeds of the first two heights there was no round in which anybody could have registered.
    const isFirst = height <= 2 && !this.#countedAt.has(height);
    this.#countedAt.set(height, isFirst ? now : now - this.#roundTime);
  }
}

interface Opening extends Pick<Round, "height" | "attempt" | "roundNumber" | "isPipelined" | "exponent"> {
  readonly opens: number;
  readonly now: number;
}

export function openRound({ opens, now, ...round }: Opening, windows: Windows, seeds: Seeds | undefined): Round {
  return {
    ...round,
    moments: roundMoments(windows, opens, round.isPipelined),
    eligibleAt: seeds?.open(round, opens, now) ?? opens - 1,
    candidates: [],
    isRevealed: false,
    hasNext: false,
  };
}
