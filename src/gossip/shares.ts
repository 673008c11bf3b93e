import { BoundedMap } from "./bounded.ts";
import { MAX_COUNTED } from "./limits.ts";

/** Messages that say something about a sender; at twice as many, what was counted before counts half. */
const LEAST_JUDGED = 32;

/** Wasted ones of four from which on a sender's messages wait behind all others. */
const WASTED_OF_FOUR = 3;

interface Count {
  readonly judged: number;
  readonly wasted: number;
}

/** Who passes a message on, and whose certificate it names; nobody has checked that yet. */
export interface Source {
  readonly from: string;
  readonly owner: string;
}

/**
 * How much of what comes was worth a look. What is ignored, because it is stale, there already or too much, is nobody's
 * offence, and costs whoever sends it nothing. So it is counted for each certificate, apart for each peer that passes
 * it on: a peer cannot spend an honest owner's share by messages in its name. Names of which a peer has brought nothing
 * that was accepted count together: it may make up as many as it likes. A relay as such loses nothing.
 */
export class Shares {
  readonly #counts = new BoundedMap<string, Count>(MAX_COUNTED);

  /** Takes down what became of a message. */
  note(source: Source, isWasted: boolean): void {
    const own = ownKey(source);
    const key = isWasted && !this.#counts.has(own) ? sharedKey(source) : own;
    const { judged, wasted } = this.#counts.get(key) ?? { judged: 0, wasted: 0 };
    const half = judged >= 2 * LEAST_JUDGED ? 2 : 1;
    this.#counts.set(key, { judged: judged / half + 1, wasted: wasted / half + (isWasted ? 1 : 0) });
  }

  /** Whether most of what came like this was ignored. */
  isWasteful(source: Source): boolean {
    const count = this.#counts.get(ownKey(source)) ?? this.#counts.get(sharedKey(source));
    return count !== undefined && count.judged >= LEAST_JUDGED && 4 * count.wasted > WASTED_OF_FOUR * count.judged;
  }
}

const ownKey = ({ from, owner }: Source): string => `${from} ${owner}`;
const sharedKey = ({ from }: Source): string => from;
