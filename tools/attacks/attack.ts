import type { PresetName } from "./presets.ts";
import type { Book, Sides } from "./books.ts";
import { type Line, openGame } from "./stage.ts";

/**
 * A way to break the rules' spirit within their letter: the same game played twice, once as everybody should and once
 * as the attacker would.
 */
export interface Attack {
  readonly name: string;
  readonly preset: PresetName;
  /** What it is for: more tokens than honest play earns, or fewer tokens for the others. */
  readonly aim: "profit" | "griefing";
  /** Who deviates, and what happens then: sentences. */
  readonly story: string;
  /** What keeps it from paying, or, of an open one, within bounds: sentences. */
  readonly answer: string;
  /** It pays, and the shipped rules leave it so. */
  readonly isOpen?: true;
  /** What it came to under earlier rules. */
  readonly before?: string;
  readonly honest: Line;
  readonly deviation: Line;
}

/** What an attack comes to, wei of the native token. */
export interface Outcome {
  /** What the attacker loses against honest play. */
  readonly cost: bigint;
  /** What the attacker earns beyond honest play; of a griefing attack, what everybody else loses by it. */
  readonly gain: bigint;
  readonly pays: boolean;
}

/**
 * Plays both lines of each attack and compares what everybody has at the end.
 * @param onPlayed hears each outcome as soon as it is known
 */
export async function playAll(
  attacks: readonly Attack[],
  onPlayed: (attack: Attack, outcome: Outcome) => void,
  signal?: AbortSignal,
): Promise<void> {
  for (const preset of new Set(attacks.map(({ preset }) => preset))) {
    const game = await openGame(preset);
    for (const attack of attacks.filter((each) => each.preset === preset)) {
      signal?.throwIfAborted();
      const honest = await game.play(attack.honest);
      const deviation = await game.play(attack.deviation);
      onPlayed(attack, compare(attack.aim, honest, deviation));
    }
  }
}

/**
 * For profit: every account of the attacker's that ends lower counts as a cost, every one that ends higher as a gain.
 * For griefing: what the attacker loses over all, against what all others lose over all.
 */
export function compare(aim: Attack["aim"], honest: Sides, deviation: Sides): Outcome {
  const losses = (side: keyof Sides): bigint[] =>
    (Object.keys(honest[side]) as (keyof Book)[]).map((account) => honest[side][account] - deviation[side][account]);
  const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
  const atLeast0 = (value: bigint): bigint => (value > 0n ? value : 0n);
  const attacker = losses("attacker");
  const [cost, gain] =
    aim === "profit"
      ? [sum(attacker.map(atLeast0)), sum(attacker.map((loss) => atLeast0(-loss)))]
      : [atLeast0(sum(attacker)), atLeast0(sum(losses("honest")))];
  return { cost, gain, pays: gain > cost };
}
