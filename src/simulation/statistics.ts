/** What a sample says. */
export interface Summary {
  readonly n: number;
  readonly mean: number;
  /** 95 % interval of the mean, by the normal distribution; the mean itself for a single value. */
  readonly low: number;
  readonly high: number;
  readonly q05: number;
  readonly q25: number;
  readonly q50: number;
  readonly q75: number;
  readonly q95: number;
}

const Z95 = 1.959963984540054;

export function summarize(values: readonly number[]): Summary {
  const n = values.length;
  const average = mean(values);
  const half = n < 2 ? 0 : (Z95 * deviation(values)) / Math.sqrt(n);
  const sorted = [...values].sort((a, b) => a - b);
  const [q05, q25, q50, q75, q95] = [0.05, 0.25, 0.5, 0.75, 0.95].map((q) => quantile(sorted, q)) as Quantiles;
  return { n, mean: average, low: average - half, high: average + half, q05, q25, q50, q75, q95 };
}

type Quantiles = [number, number, number, number, number];

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a sample: with n - 1. */
export function deviation(values: readonly number[]): number {
  const average = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (values.length - 1));
}

/** Between neighbours a straight line. @param sorted ascending, not empty */
export function quantile(sorted: readonly number[], q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/** Herfindahl-Hirschman index of holdings: 1 for one holder, 1/n for n equal ones. */
export function herfindahl(holdings: readonly number[]): number {
  const total = holdings.reduce((sum, value) => sum + value, 0);
  return total === 0 ? 0 : holdings.reduce((sum, value) => sum + (value / total) ** 2, 0);
}

/** Gini coefficient of holdings: 0 where all hold the same. */
export function gini(holdings: readonly number[]): number {
  const sorted = [...holdings].sort((a, b) => a - b);
  const n = sorted.length;
  const total = sorted.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 0;
  const weighted = sorted.reduce((sum, value, i) => sum + (i + 1) * value, 0);
  return (2 * weighted) / (n * total) - (n + 1) / n;
}

/** The fewest holders who together hold more than half. */
export function nakamoto(holdings: readonly number[]): number {
  const sorted = [...holdings].sort((a, b) => b - a);
  const half = sorted.reduce((sum, value) => sum + value, 0) / 2;
  let sum = 0;
  return 1 + sorted.findIndex((value) => (sum += value) > half);
}
