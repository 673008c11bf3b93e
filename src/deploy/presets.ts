import type { Forest } from "../protocol/nodes.ts";
import { type Economics, economicsOf, leastDelays } from "./economics.ts";

/** What a deployment is for. */
export type PresetName = "development" | "testnet" | "mainnet";

/** Windows of a public chain, seconds: the last quarter, ten minutes, outlasts a spike of L1's fees. */
const PUBLIC_WINDOWS = { acceptanceWindow: 2_400, slashWindow: 86_400 } as const;

/** Where a majority of the stake has to be reckoned with blocks are won in proportion to it. */
const RACE = { kind: "race", sizeRule: { countsHeight: true, countsTransactions: true } } as const;

const CHANGES: Readonly<Record<PresetName, Partial<Economics>>> = {
  development: {},
  testnet: { ...PUBLIC_WINDOWS, proposalWindow: 120, scorePolicy: RACE },
  mainnet: { ...PUBLIC_WINDOWS, proposalWindow: 60, scorePolicy: RACE },
};

/** Exits take this much longer than they have to. */
const SPARE_SECONDS = 3_600;

/** The recommended economics, whose reasons are in docs/modelling.md. */
export function presetOf(name: PresetName, forest: Forest): Economics {
  const economics = { ...economicsOf(forest), ...CHANGES[name] };
  const exitDelay = Math.max(economics.exitDelay, leastDelays(economics).exitDelay + SPARE_SECONDS);
  return { ...economics, exitDelay };
}
