import { Play, type Regime } from "./play.ts";

/** What provers do who have voted for two blocks: slots of each that they do not deliver. */
export interface Promises {
  readonly leaderWithheld: number;
  readonly secondWithheld: number;
}

export const PROMISE_GENES = 2;
const SLOTS = 7;
const PROVERS = [1, 2, 3, 4, 5, 6, 7];

export function promisesFrom(genes: readonly number[]): Promises {
  const [leader, second] = genes.map((gene) => Math.min(SLOTS, Math.floor(gene * (SLOTS + 1))));
  return { leaderWithheld: leader!, secondWithheld: second! };
}

/** What the provers have in the end, tokens: the leader bids 90 and pays 10 %, the second 80 and 90 %. */
export function playPromises(regime: Regime, { leaderWithheld, secondWithheld }: Promises): number {
  const play = new Play({ ...regime, seats: 2, provers: SLOTS });
  const leader = play.commit(1, { bid: 90, share: 0.1, team: PROVERS });
  const second = play.commit(2, { bid: 80, share: 0.9, team: PROVERS });
  play.reveal(leader, second);
  play.prove(leader, { withheld: [0, 1, 2, 3, 4, 5, 6].slice(0, leaderWithheld) });
  play.prove(second, { withheld: [0, 1, 2, 3, 4, 5, 6].slice(0, secondWithheld) });
  play.until("acceptanceEnds");
  play.game.advance();
  play.judge(play.game.blocks);
  play.settleAll();
  return play.wealthOf({ seats: [], provers: PROVERS });
}
