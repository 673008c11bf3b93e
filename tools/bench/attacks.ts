import type { Attack, Outcome } from "../attacks/attack.ts";
import { playAll } from "../attacks/attack.ts";
import { ATTACKS } from "../attacks/index.ts";

/** What deviations cost and bring, tokens: both lines of each played on contracts, with proofs that L1 verifies. */
export interface AttackReport {
  readonly attacks: readonly {
    readonly name: string;
    readonly preset: string;
    readonly cost: number;
    readonly gain: number;
    readonly pays: boolean;
  }[];
}

export interface AttackBench {
  readonly report: AttackReport;
  /** In the same order. */
  readonly played: readonly (readonly [Attack, Outcome])[];
}

export interface BenchAttacksOptions {
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

export async function benchAttacks({ signal, note }: BenchAttacksOptions): Promise<AttackBench> {
  const outcomes = new Map<Attack, Outcome>();
  await playAll(
    ATTACKS,
    (attack, outcome) => {
      outcomes.set(attack, outcome);
      note(`${attack.name} (${attack.preset}): cost ${inTokens(outcome.cost)}, gain ${inTokens(outcome.gain)}`);
    },
    signal,
  );
  const played = ATTACKS.map((attack) => [attack, outcomes.get(attack)!] as const);
  return {
    played,
    report: {
      attacks: played.map(([{ name, preset }, { cost, gain, pays }]) => ({
        ...{ name, preset },
        ...{ cost: inTokens(cost), gain: inTokens(gain), pays },
      })),
    },
  };
}

const WEI_PER_MILLIONTH = 10n ** 12n;

/** To the nearest millionth. */
const inTokens = (wei: bigint): number => Number((wei + WEI_PER_MILLIONTH / 2n) / WEI_PER_MILLIONTH) / 1e6;
