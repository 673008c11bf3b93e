import type { Stream } from "../stream.ts";
import { beatsRival, fastest } from "./drift.ts";

/**
 * Whom a holder of much of the stake works with. `apart`: its block names its own provers alone, and they vote for
 * no other. `hires`: its block names everybody who votes for it, and its own provers vote for no other. `open`: its
 * provers vote for the rival's block, too.
 */
export type Holder = "apart" | "hires" | "open";

export interface SeveralVotesOptions {
  readonly mechanism: "perBlock" | "race";
  readonly holder: Holder;
  /** Of the stake that is the holder's. */
  readonly share: number;
  /** Part of the other provers that vote for the holder's block, too, if it takes them. */
  readonly both: number;
  /** What a round pays, in parts of all stakes at the start. */
  readonly reward: number;
  /** What an uncle's provers get, in wins. */
  readonly unclePay: number;
  /** Standard deviation of the logarithm of a block's value, to which bids are in proportion. */
  readonly valueNoise: number;
  readonly rounds: number;
}

/** What a run comes to. */
export interface SeveralVotes {
  /** Rounds that the holder's block won. */
  readonly wins: number;
  /** Of all pay that the holder's provers got. */
  readonly income: number;
  /** Of the stake that is the holder's in the end, if all pay is restaked. */
  readonly stake: number;
}

/** Stakes that vote for the holder's block alone, for both, and for the rival's alone. */
interface Sides {
  readonly alone: number;
  readonly shared: number;
  readonly against: number;
}

/** Who votes for what. @param held the holder's stake @param willing others' who would vote for both @param others' */
export function sidesOf(holder: Holder, held: number, willing: number, loyal: number): Sides {
  if (holder === "apart") return { alone: held, shared: 0, against: willing + loyal };
  if (holder === "hires") return { alone: held, shared: willing, against: loyal };
  return { alone: 0, shared: held + willing, against: loyal };
}

/** What the rival has to bid, in the holder's bids, so that `N^3 B^2` is the same; infinite if nobody votes for it. */
export function bidAgainst({ alone, shared, against }: Sides): number {
  return ((alone + shared) / (shared + against)) ** 1.5;
}

/** Two blocks a round and everybody keeps all votes: nobody is slashed, and whoever voted for both is paid by both. */
export function severalVotes(options: SeveralVotesOptions, values: Stream, race: Stream): SeveralVotes {
  const { mechanism, holder, share, both, reward, unclePay, valueNoise, rounds } = options;
  let [held, willing, loyal] = [share, (1 - share) * both, (1 - share) * (1 - both)];
  let [wins, income] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const { alone, shared, against } = sidesOf(holder, held, willing, loyal);
    const speeds = [alone, shared, against].map((weight) => (mechanism === "race" ? fastest(weight, race) : 0));
    const [mine, everybody, theirs] = speeds as [number, number, number];
    const own = { weight: alone + shared, speed: Math.max(mine, everybody), bid: bidOf(valueNoise, values) };
    const rival = { weight: shared + against, speed: Math.max(everybody, theirs), bid: bidOf(valueNoise, values) };
    const isWon = beatsRival(mechanism, own, rival);
    if (isWon) wins++;
    const [ownRate, rivalRate] = [isWon ? reward : reward * unclePay, isWon ? reward * unclePay : reward];
    const [ofOwn, ofRival] = [ownRate / own.weight, rivalRate / rival.weight];
    const paid = { held: held * ((holder === "open" ? ofRival : 0) + ofOwn), all: ownRate + rivalRate };
    income += paid.held / paid.all / rounds;
    held += paid.held;
    willing *= 1 + ofRival + (holder === "apart" ? 0 : ofOwn);
    loyal *= 1 + ofRival;
  }
  return { wins: wins / rounds, income, stake: held / (held + willing + loyal) };
}

const bidOf = (noise: number, values: Stream): number => Math.exp(noise * values.normal());
