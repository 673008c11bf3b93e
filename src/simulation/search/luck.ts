import { FIELD } from "../../protocol/field.ts";
import { raceSpeed } from "../../protocol/policies/index.ts";
import type { GameRules } from "../exact/rules.ts";
import type { Stream } from "../stream.ts";

/** What a race draws: outputs of all provers, by height from 1 to 2. */
export type Luck = readonly ReadonlyMap<number, bigint>[];

/** Of policies that draw nothing. */
export const NO_LUCK: Luck = [new Map(), new Map()];

const HEIGHTS = 2;
const RESOLUTION = 2 ** 52;

/** So many draws, or the one that there is where nothing is drawn. */
export function draws({ policy }: GameRules, provers: readonly number[], count: number, stream: Stream): Luck[] {
  if (!policy.usesBetas) return [NO_LUCK];
  const beta = (): bigint => 1n + (FIELD * BigInt(Math.floor(stream.uniform() * RESOLUTION))) / BigInt(RESOLUTION);
  const height = (): ReadonlyMap<number, bigint> => new Map(provers.map((prover) => [prover, beta()]));
  return Array.from({ length: count }, () => Array.from({ length: HEIGHTS }, height));
}

/** Provers of equal stakes, the fastest one first; as they are where nothing is drawn. */
export function bySpeed(provers: readonly number[], betas: ReadonlyMap<number, bigint>): number[] {
  const speeds = new Map(provers.map((prover) => [prover, raceSpeed(1n, betas.get(prover) ?? 0n)]));
  return [...provers].sort((a, b) => Number(speeds.get(b)! > speeds.get(a)!) - Number(speeds.get(b)! < speeds.get(a)!));
}

/** The probability that so many others are all slower than the fastest of these; 1 where nothing is drawn. */
export function oddsOf(provers: readonly number[], others: number, betas: ReadonlyMap<number, bigint>): number {
  if (betas.size === 0) return 1;
  const best = provers.reduce((most, prover) => (betas.get(prover)! > most ? betas.get(prover)! : most), 0n);
  return (Number(best) / Number(FIELD)) ** others;
}
