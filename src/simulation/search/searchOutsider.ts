import { mean, summarize } from "../statistics.ts";
import { Stream } from "../stream.ts";
import { climb, crossEntropy, type Effort } from "./crossEntropy.ts";
import { type Finding, nameOf } from "./finding.ts";
import { draws, type Luck } from "./luck.ts";
import { type Encounter, playOutsider } from "./outsider.ts";
import { GENES, HONEST_GENES, type Move, MOVE_NAMES, MOVES, planOf, THEMES, without } from "./plan.ts";

/** Less is not worth the name, tokens. */
export const LEAST_GAIN = 0.05;
/** Of a race: luck that a plan is judged by while it is looked for, and fresh luck that it is measured with. */
export const SEARCH_DRAWS = 8;
export const MEASURE_DRAWS = 400;
const HONEST_RESTARTS = 4;

export interface OutsiderSearch extends Encounter {
  readonly seed: string;
  readonly signal: AbortSignal | undefined;
}

type Genes = readonly number[];

/**
 * Everything that pays: the best plan of all, then the best one without the move that this one hangs on, until nothing
 * pays any more. The last finding is the one that does not; a first one that pays comes before it.
 */
export function searchOutsider({ seed, signal, ...encounter }: OutsiderSearch): Finding[] {
  const { setting, timing, rivals } = encounter;
  const stream = new Stream(`${seed}/search/${setting.name}/${rivals}/${timing}`);
  const provers = [...setting.honest, ...setting.own];
  const [known, fresh] = [SEARCH_DRAWS, MEASURE_DRAWS].map((count) => draws(setting.rules, provers, count, stream));
  const wealths = (genes: Genes, lucks: readonly Luck[]): number[] =>
    lucks.map((luck) => playOutsider(encounter, planOf(setting, genes), luck));
  const judge = (genes: Genes): number => mean(wealths(genes, known!));
  const effort = effortOf(encounter);
  const options = { stream, signal, ...effort };
  const honest = crossEntropy({ ...options, genes: HONEST_GENES, value: judge, restarts: HONEST_RESTARTS });
  let start: Genes = honestPart(honest.candidate);
  const findings: Finding[] = [];
  const forbidden: Move[] = [];
  for (;;) {
    const value = (genes: Genes): number => judge(without(genes, forbidden));
    const begin = { themes: THEMES, start: start.slice(0, HONEST_GENES) };
    const any = crossEntropy({ ...options, ...begin, genes: GENES, value });
    const found = without(any.candidate, forbidden);
    const genes = any.value > judge(start) ? prune(found, start, judge) : start;
    // Honest work that looking for more has found.
    if (!MOVE_NAMES.some((move) => isUsed(move, genes))) start = genes;
    // What is left of it without the moves may be made an honest plan that is better than the one that was found.
    const rest = climb(honestPart(genes), judge, HONEST_GENES).candidate;
    if (judge(rest) > judge(start)) start = rest;
    const best = wealths(genes, fresh!);
    // Luck that it was judged by may have chosen badly.
    const honests = [start, rest, honestPart(genes)].map((plan) => wealths(plan, fresh!));
    const base = honests.reduce((a, b) => (mean(a) >= mean(b) ? a : b));
    const gains = summarize(best.map((value, i) => value - base[i]!));
    const pays = gains.low >= LEAST_GAIN;
    const finding: Finding = {
      game: `${setting.name}; rivals ${rivals}; ${timing}`,
      ...{ honest: mean(base), best: mean(pays ? best : base) },
      ...{ gain: pays ? gains.mean : 0, spread: gains.high - gains.mean },
      name: pays ? nameOf(planOf(setting, genes)) : undefined,
      plan: pays ? changes(planOf(setting, genes), planOf(setting, start)) : {},
      evaluations: any.evaluations + (findings.length === 0 ? honest.evaluations : 0),
    };
    findings.push(finding);
    const move = pays ? MOVE_NAMES.find((name) => isUsed(name, genes)) : undefined;
    if (move === undefined) return findings;
    forbidden.push(move);
  }
}

/** Games of many slots, and those that are played with many draws, are dear. */
function effortOf({ setting: { rules } }: Encounter): Effort {
  if (rules.slots > 7) return { first: 500, population: 50, elite: 12, generations: 6, restarts: 1, grid: 6 };
  if (rules.policy.usesBetas) return { first: 300, population: 40, elite: 10, generations: 6, restarts: 1, grid: 6 };
  return { first: 2_500, population: 100, elite: 20, generations: 12, restarts: 1 };
}

const honestPart = (genes: Genes): number[] => without(genes, MOVE_NAMES);

const isUsed = (move: Move, genes: Genes): boolean => MOVES[move].some((gene) => genes[gene] !== 0);

/** Takes back whatever the gain does not hang on. */
function prune(candidate: Genes, honest: Genes, judge: (genes: Genes) => number): Genes {
  const least = judge(candidate) - LEAST_GAIN;
  return candidate.reduce<Genes>((genes, _, i) => {
    const less = genes.with(i, honest[i]!);
    return judge(less) >= least ? less : genes;
  }, candidate);
}

function changes(plan: object, honest: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(plan).filter(([name, value]) => (honest as Record<string, unknown>)[name] !== value),
  );
}
