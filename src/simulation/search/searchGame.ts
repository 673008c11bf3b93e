import { summarize } from "../statistics.ts";
import { Stream } from "../stream.ts";
import { crossEntropy } from "./crossEntropy.ts";
import type { Finding } from "./finding.ts";
import { draws } from "./luck.ts";
import type { Timing } from "./outsider.ts";
import { playPromises, PROMISE_GENES, promisesFrom } from "./promises.ts";
import type { Rivals } from "./rivals.ts";
import { LEAST_GAIN, searchOutsider } from "./searchOutsider.ts";
import type { Setting } from "./settings.ts";

/** A game for the adversary: what a proposer does over two heights, or what the provers of two blocks do. */
export type SearchGame = { readonly rivals: Rivals; readonly timing: Timing } | "promises";

/** Everything that pays in a game, and last what does not. */
export function searchGame(setting: Setting, game: SearchGame, seed: string, signal?: AbortSignal): Finding[] {
  if (game === "promises") return [searchPromises(setting, seed, signal)];
  return searchOutsider({ setting, ...game, seed, signal });
}

const PROMISE_DRAWS = 50;

function searchPromises(setting: Setting, seed: string, signal: AbortSignal | undefined): Finding {
  const stream = new Stream(`${seed}/search/${setting.name}/promises`);
  const lucks = draws(setting.rules, setting.honest, PROMISE_DRAWS, stream);
  const gains = (genes: readonly number[]): number[] => {
    const promises = promisesFrom(setting, genes);
    return lucks.map((luck, i) => playPromises(setting, promises, luck) - kept[i]!);
  };
  const kept = lucks.map((luck) => playPromises(setting, { leaderWithheld: 0, secondWithheld: 0 }, luck));
  const { candidate, evaluations } = crossEntropy({
    ...{ genes: PROMISE_GENES, stream, signal, population: 20, elite: 5, generations: 8, restarts: 2 },
    value: (genes) => summarize(gains(genes)).mean,
  });
  const { mean: gain, low, high } = summarize(gains(candidate));
  const honest = summarize(kept).mean;
  const pays = low >= LEAST_GAIN;
  return {
    ...{ game: `${setting.name}; all provers of two blocks`, evaluations: evaluations + 1, honest },
    ...{ best: pays ? honest + gain : honest, gain: pays ? gain : 0, spread: high - gain },
    name: pays ? "votes that do not bind" : undefined,
    plan: pays ? { ...promisesFrom(setting, candidate) } : {},
  };
}
