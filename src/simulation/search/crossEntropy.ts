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
  restarts = 6,
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
    evaluations += PASSES * GRID * genes;
    if (polished.value > best.value) best = polished;
  }
  return { ...best, evaluations };
}

interface Valued {
  readonly candidate: readonly number[];
  readonly value: number;
}

function climb(start: Valued, value: (candidate: readonly number[]) => number): Valued {
  let best = start;
  for (let step = 0; step < PASSES * GRID * start.candidate.length; step++) {
    const gene = Math.floor(step / GRID) % start.candidate.length;
    const candidate = best.candidate.with(gene, (step % GRID) / (GRID - 1));
    const reached = value(candidate);
    if (reached > best.value) best = { candidate, value: reached };
  }
  return best;
}

/** Back into 0 to 1, as from a mirror at either end. */
function reflect(x: number): number {
  const folded = Math.abs(x) % 2;
  return folded > 1 ? 2 - folded : folded;
}
