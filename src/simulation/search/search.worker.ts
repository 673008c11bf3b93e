import { serve } from "../../threads/threads.ts";
import type { Finding } from "./finding.ts";
import { searchGame, type SearchGame } from "./searchGame.ts";
import { SETTINGS } from "./settings.ts";

export interface SearchTask {
  readonly seed: string;
  /** Name of one of {@link SETTINGS}. */
  readonly setting: string;
  readonly game: SearchGame;
}

serve<SearchTask, Finding[], never>(({ seed, setting: name, game }) => {
  const setting = SETTINGS.find((each) => each.name === name)!;
  return Promise.resolve(searchGame(setting, game, seed));
});
