import { BoundedMap } from "../bounded.ts";

/** Of an offence a second later, this much is left: some ten minutes until four of them are forgotten. */
const DECAY_PER_SECOND = 0.99;

/** What the square of the offences weighs. */
const WEIGHT = -10;

/** Below this an offence is forgotten. */
const NOTHING = 0.1;

/** Peers that have offended and are remembered; the one that was added first is forgotten first. */
const MAX_OFFENDERS = 4_096;

/**
 * What peers have passed on that no honest node could have. gossipsub forgets a peer's score when it comes back, so it
 * is kept here.
 */
export class Offences {
  readonly #now: () => number;
  readonly #offenders = new BoundedMap<string, { readonly count: number; readonly at: number }>(MAX_OFFENDERS);

  /** @param now milliseconds of any clock that only goes forward */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(peer: string): void {
    this.#offenders.set(peer, { count: this.#left(peer) + 1, at: this.#now() });
  }

  /** 0, or less for who has offended. */
  score(peer: string): number {
    return WEIGHT * this.#left(peer) ** 2;
  }

  #left(peer: string): number {
    const offender = this.#offenders.get(peer);
    if (offender === undefined) return 0;
    const left = offender.count * DECAY_PER_SECOND ** ((this.#now() - offender.at) / 1_000);
    if (left >= NOTHING) return left;
    this.#offenders.delete(peer);
    return 0;
  }
}
