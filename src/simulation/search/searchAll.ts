import { setImmediate as turn } from "node:timers/promises";
import { DEPLOYED } from "../exact/mechanism.ts";
import { PRESETS } from "../presets.ts";
import { ROOT_SEED } from "../run/plan.ts";
import { Stream } from "../stream.ts";
import { crossEntropy } from "./crossEntropy.ts";
import { GENES, HONEST_GENE_COUNT, honestGenes, planOf, playOutsider, type Timing } from "./outsider.ts";
import type { Regime } from "./play.ts";
import { playPromises, PROMISE_GENES, promisesFrom } from "./promises.ts";

/** The best that an adversary has found. */
export interface Finding {
  readonly game: string;
  /** What it has with the best plan without a deviation, and with the best of all, tokens. */
  readonly honest: number;
  readonly best: number;
  readonly gain: number;
  /** Of its plan, what the gain hangs on: everything else is as in the best honest one. */
  readonly plan: Readonly<Record<string, unknown>>;
  readonly evaluations: number;
}

export interface SearchAllOptions {
  readonly seed?: string | undefined;
  readonly regime?: Regime;
  readonly signal?: AbortSignal | undefined;
  readonly note?: (line: string) => void;
}

export const SHIPPED: Regime = { rules: PRESETS.small, mechanism: DEPLOYED };
/** Less is not worth the name, tokens. */
const LEAST_GAIN = 0.01;

/** Lets adversaries look for what pays: a proposer over two heights, and the provers of two blocks. */
export async function searchAll({
  seed = ROOT_SEED,
  regime = SHIPPED,
  signal,
  note = () => undefined,
}: SearchAllOptions = {}): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const timing of ["fresh", "pipelined"] as const) {
    await turn();
    findings.push(searchOutsider(regime, timing, seed, signal));
    note(`${findings.at(-1)!.game}: ${findings.at(-1)!.evaluations} plans tried`);
  }
  findings.push(searchPromises(regime, seed, signal));
  return findings;
}

function searchOutsider(regime: Regime, timing: Timing, seed: string, signal: AbortSignal | undefined): Finding {
  const wealth = (genes: readonly number[]): number => playOutsider(regime, timing, planOf(genes));
  const stream = new Stream(`${seed}/search/outsider/${timing}`);
  const value = (genes: readonly number[]): number => wealth(honestGenes(genes));
  const honest = crossEntropy({ genes: HONEST_GENE_COUNT, stream, signal, value });
  const any = crossEntropy({ genes: GENES, value: wealth, stream, signal });
  const start = honestGenes(honest.candidate);
  const pruned = any.value > honest.value ? prune(any.candidate, start, wealth) : start;
  const plan = differences(planOf(pruned), planOf(start));
  const game = `a proposer with seven provers, the next height ${timing}`;
  return finding(game, honest.value, any.value, plan, honest.evaluations + any.evaluations);
}

function searchPromises(regime: Regime, seed: string, signal: AbortSignal | undefined): Finding {
  const honest = playPromises(regime, { leaderWithheld: 0, secondWithheld: 0 });
  const any = crossEntropy({
    ...{ genes: PROMISE_GENES, stream: new Stream(`${seed}/search/promises`), signal },
    ...{ generations: 8, restarts: 2 },
    value: (genes) => playPromises(regime, promisesFrom(genes)),
  });
  const plan = any.value > honest ? { ...promisesFrom(any.candidate) } : {};
  return finding("all provers of two blocks", honest, any.value, plan, 1 + any.evaluations);
}

function finding(game: string, honest: number, value: number, plan: object, evaluations: number): Finding {
  const best = Math.max(honest, value);
  const gain = best - honest;
  return { game, honest, best, gain, plan: gain < LEAST_GAIN ? {} : { ...plan }, evaluations };
}

/** Takes back whatever the gain does not hang on. */
function prune(
  candidate: readonly number[],
  honest: readonly number[],
  wealth: (genes: readonly number[]) => number,
): readonly number[] {
  const best = wealth(candidate);
  return candidate.reduce(
    (genes, _, i) => {
      const without = genes.with(i, honest[i]!);
      return wealth(without) >= best - LEAST_GAIN ? without : genes;
    },
    [...candidate],
  );
}

function differences(plan: object, honest: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(plan).filter(([name, value]) => (honest as Record<string, unknown>)[name] !== value),
  );
}

/** A Markdown table of what was found. */
export function describeSearch(findings: readonly Finding[]): string {
  return [
    "| game | honest | best | gain | what it does |",
    "| --- | --- | --- | --- | --- |",
    ...findings.map(
      ({ game, honest, best, gain, plan }) =>
        `| ${game} | ${honest.toFixed(2)} | ${best.toFixed(2)} | ${gain.toFixed(2)} | ${planText(plan)} |`,
    ),
  ].join("\n");
}

const planText = (plan: Readonly<Record<string, unknown>>): string =>
  Object.entries(plan)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ") || "nothing that pays";
