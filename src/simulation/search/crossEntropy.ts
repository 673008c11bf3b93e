import type { Stream } from "../stream.ts";

export interface SearchOptions {
  /** Numbers from 0 to 1 that a candidate has. */
  readonly genes: number;
  /** What is to be as large as possible. */
  readonly value: (candidate: readonly number[]) => number;
  readonly stream: Stream;
  readonly population?: number;
  readonly elite?: number;
  readonly generations?: number;
  readonly restarts?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Found {
  readonly candidate: readonly number[];
  readonly value: number;
  readonly evaluations: number;
}

/** How much of the new mean and deviation is taken over. */
const SMOOTHING = 0.7;
/** So that no gene stops moving before the others have; in the end all of them do. */
const LEAST_DEVIATION = 0.08;

/** Values that the end of a restart tries for each gene, and how often it goes through all of them. */
const GRID = 16;
const PASSES = 2;
const LEAST_STEP = 1e-4;

/**
 * The cross-entropy method: draws candidates from a normal distribution for each gene, moves it to the best of
 * them, goes
 * from the best one of all gene by gene as long as that helps, and starts again a few times. Knows nothing of what the
 * genes mean.
 */
export function crossEntropy({
  genes,
  value,
  stream,
  population = 80,
  elite = 10,
  generations = 16,
  restarts = 4,
  signal,
}: SearchOptions): Found {
  let best: Valued = { candidate: [], value: -Infinity };
  let evaluations = 0;
  for (let restart = 0; restart < restarts; restart++) {
    let own: Valued = { candidate: [], value: -Infinity };
    let means = Array.from({ length: genes }, () => stream.uniform());
    let deviations = Array<number>(genes).fill(0.5);
    for (let generation = 0; generation < generations; generation++) {
      signal?.throwIfAborted();
      const least = LEAST_DEVIATION * (1 - (1 + generation) / generations);
      const drawn = Array.from({ length: population }, () => {
        const candidate = means.map((mean, i) => reflect(mean + deviations[i]! * stream.normal()));
        return { candidate, value: value(candidate) };
      });
      evaluations += population;
      const kept = drawn.sort((a, b) => b.value - a.value).slice(0, elite);
      if (kept[0]!.value > own.value) own = kept[0]!;
      const ofGene = (i: number): number[] => kept.map(({ candidate }) => candidate[i]!);
      const average = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
      const next = means.map((_, i) => average(ofGene(i)));
      const spread = next.map((mean, i) => Math.sqrt(average(ofGene(i).map((x) => (x - mean) ** 2))));
      means = means.map((mean, i) => mean + SMOOTHING * (next[i]! - mean));
      deviations = deviations.map((old, i) => Math.max(least, old + SMOOTHING * (spread[i]! - old)));
    }
    const polished = climb(own, value);
    evaluations += polished.evaluations;
    if (polished.value > best.value) best = polished;
  }
  return { ...best, evaluations };
}

interface Valued {
  readonly candidate: readonly number[];
  readonly value: number;
}

/** Tries values from a grid for one gene after the other, then ever smaller steps. */
function climb(start: Valued, value: (candidate: readonly number[]) => number): Valued & { evaluations: number } {
  let [best, evaluations] = [start, 0];
  const attempt = (gene: number, x: number): void => {
    const candidate = best.candidate.with(gene, Math.min(1, Math.max(0, x)));
    const reached = value(candidate);
    evaluations++;
    if (reached > best.value) best = { candidate, value: reached };
  };
  const genes = [...start.candidate.keys()];
  for (let pass = 0; pass < PASSES; pass++)
    for (const gene of genes) for (let i = 0; i < GRID; i++) attempt(gene, i / (GRID - 1));
  for (let step = 1 / GRID; step > LEAST_STEP; step /= 2)
    for (const gene of genes) for (const way of [-step, step]) attempt(gene, best.candidate[gene]! + way);
  return { ...best, evaluations };
}

/** Back into 0 to 1, as from a mirror at either end. */
function reflect(x: number): number {
  const folded = Math.abs(x) % 2;
  return folded > 1 ? 2 - folded : folded;
}
