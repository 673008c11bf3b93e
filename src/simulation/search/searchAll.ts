import { setImmediate as turn } from "node:timers/promises";
import { ThreadPool } from "../../threads/threads.ts";
import { ROOT_SEED } from "../run/plan.ts";
import type { Finding } from "./finding.ts";
import { type Rivals, RIVALS } from "./rivals.ts";
import type { SearchTask } from "./search.worker.ts";
import { searchGame } from "./searchGame.ts";
import { type Setting, SETTINGS } from "./settings.ts";

export interface SearchAllOptions {
  readonly seed?: string | undefined;
  /** Threads; with one, everything happens in this one. */
  readonly workers?: number;
  readonly settings?: readonly Setting[];
  readonly rivals?: readonly Rivals[];
  readonly signal?: AbortSignal | undefined;
  readonly note?: (line: string) => void;
}

const TIMINGS = ["fresh", "pipelined"] as const;

/** Lets adversaries look for what pays: in each setting a proposer against each kind of rivals, and provers. */
export async function searchAll({
  seed = ROOT_SEED,
  workers = 1,
  settings = SETTINGS,
  rivals: all = RIVALS,
  signal,
  note = () => undefined,
}: SearchAllOptions = {}): Promise<Finding[]> {
  const proposers = all.flatMap((rivals) => TIMINGS.map((timing) => ({ rivals, timing })));
  const games = settings.flatMap((setting) => [...proposers, "promises" as const].map((game) => ({ setting, game })));
  const noted = (found: Finding[]): Finding[] => {
    for (const { game, name = "nothing", evaluations } of found) note(`${game}: ${name}, ${evaluations} plans tried`);
    return found;
  };
  if (workers === 1) {
    const findings: Finding[] = [];
    for (const { setting, game } of games) {
      await turn();
      findings.push(...noted(searchGame(setting, game, seed, signal)));
    }
    return findings;
  }
  const pool = new ThreadPool<SearchTask, Finding[], never>(new URL("search.worker.ts", import.meta.url), workers);
  try {
    const found = games.map(async ({ setting, game }) =>
      noted(await pool.run({ setting: setting.name, game, seed }, () => undefined, signal)),
    );
    return (await Promise.all(found)).flat();
  } finally {
    await pool.close();
  }
}
