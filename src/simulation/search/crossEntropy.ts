import type { Stream } from "../stream.ts";

/** How hard it looks. */
export interface Effort {
  /** Candidates of the first generation, and of each one after it. */
  readonly first?: number;
  readonly population?: number;
  readonly elite?: number;
  readonly generations?: number;
  readonly restarts?: number;
  /** Values that the end of a restart tries for each gene. */
  readonly grid?: number;
}

/** Values of genes, by place. */
export type Theme = Readonly<Record<number, number>>;

export interface SearchOptions extends Effort {
  /** Numbers from 0 to 1 that a candidate has. */
  readonly genes: number;
  /** What is to be as large as possible. */
  readonly value: (candidate: readonly number[]) => number;
  readonly stream: Stream;
  /** Genes that candidates have in a restart of their own: so that one that leads to little does not hide another. */
  readonly themes?: readonly Theme[];
  /** The first genes of something good: half of them are those of each candidate of a first generation. */
  readonly start?: readonly number[];
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

/** How often the end of a restart goes through all genes. */
const PASSES = 2;
const LEAST_STEP = 2e-5;

/**
 * The cross-entropy method: draws candidates from a normal distribution for each gene, moves it to the best of them,
 * goes from the best one of all gene by gene as long as that helps, and starts again a few times. Knows nothing of what
 * the genes mean.
 */
export function crossEntropy({
  genes,
  value,
  stream,
  population = 80,
  first = population,
  elite = 10,
  generations = 16,
  restarts = 4,
  themes = [{}],
  start = [],
  grid = 16,
  signal,
}: SearchOptions): Found {
  let best: Found = { candidate: [], value: -Infinity, evaluations: 0 };
  let evaluations = 0;
  for (let restart = 0; restart < restarts * themes.length; restart++) {
    const theme = themes[restart % themes.length]!;
    let own: Omit<Found, "evaluations"> = { candidate: [], value: -Infinity };
    let means = Array.from({ length: genes }, () => stream.uniform());
    let deviations = Array<number>(genes).fill(0.5);
    for (let generation = 0; generation < generations; generation++) {
      signal?.throwIfAborted();
      const least = LEAST_DEVIATION * (1 - (1 + generation) / generations);
      const size = generation === 0 ? first : population;
      const drawn = Array.from({ length: size }, () => {
        const candidate = means.map((mean, i) => theme[i] ?? reflect(mean + deviations[i]! * stream.normal()));
        if (generation === 0) for (const [i, gene] of start.entries()) if (stream.chance(0.5)) candidate[i] = gene;
        return { candidate, value: value(candidate) };
      });
      evaluations += size;
      const kept = drawn.sort((a, b) => b.value - a.value).slice(0, elite);
      if (kept[0]!.value > own.value) own = kept[0]!;
      const ofGene = (i: number): number[] => kept.map(({ candidate }) => candidate[i]!);
      const average = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
      const next = means.map((_, i) => average(ofGene(i)));
      const spread = next.map((mean, i) => Math.sqrt(average(ofGene(i).map((x) => (x - mean) ** 2))));
      means = means.map((mean, i) => mean + SMOOTHING * (next[i]! - mean));
      deviations = deviations.map((old, i) => Math.max(least, old + SMOOTHING * (spread[i]! - old)));
    }
    const polished = climb(own.candidate, value, genes, grid);
    evaluations += polished.evaluations;
    if (polished.value > best.value) best = polished;
  }
  return { ...best, evaluations };
}

/**
 * Tries values from a grid for one gene after the other, then ever smaller steps.
 * @param genes the first ones, which it may change
 */
export function climb(
  start: readonly number[],
  value: (candidate: readonly number[]) => number,
  genes = start.length,
  grid = 16,
): Found {
  let best: Found = { candidate: start, value: value(start), evaluations: 1 };
  let evaluations = 1;
  const attempt = (gene: number, x: number): void => {
    const candidate = best.candidate.with(gene, Math.min(1, Math.max(0, x)));
    const reached = value(candidate);
    evaluations++;
    if (reached > best.value) best = { candidate, value: reached, evaluations };
  };
  const order = Array.from({ length: genes }, (_, gene) => gene);
  for (let pass = 0; pass < PASSES; pass++)
    for (const gene of order) for (let i = 0; i < grid; i++) attempt(gene, i / (grid - 1));
  for (let step = 1 / grid; step > LEAST_STEP; step /= 2)
    for (const gene of order) for (const way of [-step, step]) attempt(gene, best.candidate[gene]! + way);
  return { ...best, evaluations };
}

/** Back into 0 to 1, as from a mirror at either end. */
function reflect(x: number): number {
  const folded = Math.abs(x) % 2;
  return folded > 1 ? 2 - folded : folded;
}
