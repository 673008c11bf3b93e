import { gini, herfindahl, nakamoto } from "../statistics.ts";
import type { Stream } from "../stream.ts";

/**
 * How provers are paid, and who wins. `perBlock`: the best score, and each block's provers share what it earned.
 * `fairPay`: the best score, and all provers of any block share alike, as the proposal's remedy has it. `race`: the
 * fastest prover, and each block's provers share.
 */
export type DriftMechanism = "perBlock" | "fairPay" | "race";

/** What provers do with what they earn: buy more stake, or stay as they are and leave when they lose. */
export type DriftReaction = "reinvest" | "exit";

export interface DriftOptions {
  readonly mechanism: DriftMechanism;
  readonly reaction: DriftReaction;
  readonly provers: number;
  /** Of them that are the holder's. */
  readonly held: number;
  /** What a round pays, in parts of all stakes at the start. */
  readonly reward: number;
  /** What the losing block's provers get, in parts of what the winner's get. */
  readonly unclePay: number;
  /** Standard deviation of the logarithm of a block's value, to which bids are in proportion. */
  readonly valueNoise: number;
  /** What a round costs a prover, in parts of what one earns on average; those who earn less leave. */
  readonly cost: number;
  readonly rounds: number;
}

/** The world after some rounds. */
export interface DriftState {
  readonly round: number;
  /** Of all stakes that are the holder's. */
  readonly share: number;
  /** Of all rounds so far that it won. */
  readonly wins: number;
  readonly herfindahl: number;
  readonly gini: number;
  readonly nakamoto: number;
}

/** What a block is ranked by: `W^3 B^2`, or a race of speeds that bids multiply. */
export function beatsRival(
  mechanism: DriftMechanism,
  own: { readonly weight: number; readonly speed: number; readonly bid: number },
  rival: { readonly weight: number; readonly speed: number; readonly bid: number },
): boolean {
  if (mechanism === "race") return own.speed * own.bid * own.bid > rival.speed * rival.bid * rival.bid;
  return own.weight ** 3 * own.bid ** 2 > rival.weight ** 3 * rival.bid ** 2;
}

/** Of recent income that the last round makes up. */
const MEMORY = 1 / 256;
/** Probability that a prover who has been losing leaves in a round. */
const LEAVING = 1 / 64;

/**
 * Two blocks a round, one for which the holder's provers work and one of everybody else's; every prover stakes 1 at
 * first. The score's N is stake in units of a prover, because whoever has twice the stake registers twice.
 *
 * @param at rounds after which to look, ascending
 */
export function* drift(
  options: DriftOptions,
  { values, race }: { readonly values: Stream; readonly race: Stream },
  at: readonly number[],
): Generator<DriftState> {
  const { mechanism, reaction, provers, held, unclePay, valueNoise, rounds } = options;
  const stakes = new Float64Array(provers).fill(1);
  const income = new Float64Array(provers).fill(1);
  const reward = options.reward * provers;
  const fair = (reward * (1 + unclePay)) / provers;
  const least = options.cost * fair;
  const own = { weight: held, speed: 0, bid: 1 };
  const rival = { weight: provers - held, speed: 0, bid: 1 };
  let wins = 0;
  let next = 0;
  for (let round = 1; round <= rounds; round++) {
    if (valueNoise !== 0) {
      own.bid = Math.exp(valueNoise * values.normal());
      rival.bid = Math.exp(valueNoise * values.normal());
    }
    if (mechanism === "race") {
      own.speed = fastest(own.weight, race);
      rival.speed = fastest(rival.weight, race);
    }
    const isWon = rival.weight === 0 || (own.weight !== 0 && beatsRival(mechanism, own, rival));
    if (isWon) wins++;
    const total = own.weight + rival.weight;
    const all = (reward * (1 + unclePay)) / total;
    const winners = mechanism === "fairPay" ? all : reward / (isWon ? own.weight : rival.weight);
    const losers = mechanism === "fairPay" ? all : (reward * unclePay) / (isWon ? rival.weight : own.weight);
    const [ownPay, rivalPay] = isWon ? [winners, losers] : [losers, winners];
    if (reaction === "reinvest") {
      if (own.weight !== 0) own.weight = grow(stakes, 0, held, ownPay);
      if (rival.weight !== 0) rival.weight = grow(stakes, held, provers, rivalPay);
    } else {
      if (own.weight !== 0) own.weight = leave(stakes, income, 0, held, ownPay / fair, least / fair, race);
      if (rival.weight !== 0) rival.weight = leave(stakes, income, held, provers, rivalPay / fair, least / fair, race);
    }
    if (round !== at[next]) continue;
    next++;
    const left = own.weight + rival.weight;
    yield { round, wins: wins / round, ...concentration(stakes, held, left === 0 ? 0 : own.weight / left) };
  }
}

/** Everybody's stake earns at the same rate. @returns their sum */
function grow(stakes: Float64Array, from: number, to: number, rate: number): number {
  let sum = 0;
  const factor = 1 + rate;
  for (let i = from; i < to; i++) {
    const stake = stakes[i]! * factor;
    stakes[i] = stake;
    sum += stake;
  }
  return sum;
}

/** Those whose recent income is below what they need may leave. @returns the stakes of those who stay */
function leave(
  stakes: Float64Array,
  income: Float64Array,
  from: number,
  to: number,
  pay: number,
  least: number,
  stream: Stream,
): number {
  let sum = 0;
  for (let i = from; i < to; i++) {
    const stake = stakes[i]!;
    if (stake === 0) continue;
    const recent = income[i]! + MEMORY * (pay - income[i]!);
    income[i] = recent;
    if (recent < least && stream.coarse() < LEAVING) stakes[i] = 0;
    else sum += stake;
  }
  return sum;
}

/**
 * The highest speed of provers who stake `weight` together. Each one's is its stake over an exponential time; the least
 * of such times is exponential at the summed rate, so one draw does for all.
 */
export function fastest(weight: number, stream: Stream): number {
  return weight / -Math.log(stream.uniform());
}

function concentration(stakes: Float64Array, held: number, share: number): Omit<DriftState, "round" | "wins"> {
  const others = [...stakes.subarray(held)];
  const holder = stakes.subarray(0, held).reduce((sum, stake) => sum + stake, 0);
  const holdings = [holder, ...others];
  return { share, herfindahl: herfindahl(holdings), gini: gini(holdings), nakamoto: nakamoto(holdings) };
}
