/** What theory says: the oracles that simulations are held against, and answers that need no simulation. */

/** What a bid is multiplied by so that `few` provers match `many`. @param exponent of the provers in the score */
export function breakEvenBid(many: number, few: number, exponent = 3): number {
  return (many / few) ** (exponent / 2);
}

/** The part of an equal block's value that a holder of `share` of all provers keeps, because nobody bids it away. */
export function majorityRent(share: number): number {
  return 1 - ((1 - share) / share) ** 1.5;
}

/** The cheapest way to a score where a prover costs `c`. @returns how many provers, and which bid */
export function cheapestMix(score: number, c: number): { readonly provers: number; readonly bid: number } {
  const lambda = ((score * c ** 3) / 108) ** (1 / 5);
  return { provers: (3 * lambda) / c, bid: 2 * lambda };
}

/** Where the stake share of a majority goes that wins always, if uncles are paid `u` of a win. */
export function driftLimit(u: number): number {
  return 1 / (1 + u);
}

/** What uncles would have to be paid, in wins, so that a majority of `share` does not grow. */
export function neutralUnclePay(share: number): number {
  return 1 / share - 1;
}

/** Rounds in which an exponent that moves by 1/8 doubles, and in which it halves. */
export const DOUBLING_ROUNDS = Math.log(2) / Math.log(9 / 8);
export const HALVING_ROUNDS = Math.log(1 / 2) / Math.log(7 / 8);

/**
 * Probability that at least one L1 block comes in a window.
 * @param missRate of L1 slots of 12 seconds
 */
export function inclusionProbability(windowSeconds: number, missRate: number, slotSeconds = 12): number {
  const whole = Math.floor(windowSeconds / slotSeconds);
  const part = (windowSeconds - whole * slotSeconds) / slotSeconds;
  return 1 - ((1 - part) * missRate ** whole + part * missRate ** (whole + 1));
}

/** What a first-price auction of n bidders with values between 0 and 1 brings. */
export function firstPriceRevenue(bidders: number): number {
  return (bidders - 1) / (bidders + 1);
}

/** Probability that all of `leaves` are proven, each by one of `copies` that fail independently. */
export function completionProbability(leaves: number, failure: number, copies: number): number {
  return (1 - failure ** copies) ** leaves;
}

/** How many uncles enter until the next one would lose. @param pool that they share @param cost of one */
export function uncleEntrants(pool: number, cost: number): number {
  return Math.floor(pool / cost);
}

/** Variance of the limit of a Polya urn: a race whose prizes are restaked. @param reward in all stakes at the start */
export function polyaVariance(share: number, reward: number): number {
  return (share * (1 - share)) / (1 / reward + 1);
}

/** Probability that a coalition's summed weights, uniform from 0 to 1, are the larger ones; by the normal limit. */
export function summedWeightsWin(provers: number, share: number): number {
  return normalCdf((provers * (2 * share - 1)) / 2 / Math.sqrt(provers / 12));
}

/** Abramowitz and Stegun 7.1.26: better than 1.5e-7. */
export function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly = [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592].reduce((sum, c) => (sum + c) * t, 0);
  const tail = (poly * Math.exp((-x * x) / 2)) / 2;
  return x > 0 ? 1 - tail : tail;
}
