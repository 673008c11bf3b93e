import { type Luck, NO_LUCK } from "./luck.ts";
import { Play } from "./play.ts";
import { type Setting, spread } from "./settings.ts";

/** What provers do who have voted for two blocks: slots of each that they do not deliver. */
export interface Promises {
  readonly leaderWithheld: number;
  readonly secondWithheld: number;
}

export const PROMISE_GENES = 2;

export function promisesFrom({ rules: { slots } }: Setting, genes: readonly number[]): Promises {
  const [leader, second] = genes.map((gene) => Math.min(slots, Math.floor(gene * (slots + 1))));
  return { leaderWithheld: leader!, secondWithheld: second! };
}

/**
 * What the honest provers have in the end, tokens: the leader bids 90 and pays 10 %, the second 80 and 90 %; under fair
 * pay both pay what all have to.
 */
export function playPromises(setting: Setting, promises: Promises, luck: Luck = NO_LUCK): number {
  const { rules, honest } = setting;
  const fair = rules.economics.fairShareBps / 10_000;
  const team = spread(honest, rules.slots);
  const play = new Play({ ...setting, seats: 2, provers: honest.length, luck });
  const leader = play.commit(1, { bid: 90, share: fair || 0.1, team });
  const second = play.commit(2, { bid: 80, share: fair || 0.9, team });
  play.reveal(leader, second);
  play.prove(leader, { withheld: [...team.keys()].slice(0, promises.leaderWithheld) });
  play.prove(second, { withheld: [...team.keys()].slice(0, promises.secondWithheld) });
  play.until("acceptanceEnds");
  play.game.advance();
  play.judge(play.game.blocks);
  play.settleAll();
  return play.wealthOf({ seats: [], provers: honest });
}
