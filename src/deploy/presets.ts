import { B52Error } from "../protocol/errors.ts";
import type { Forest } from "../protocol/nodes.ts";
import { LOCAL_CHAIN_IDS } from "../proving/keys/networks.ts";
import { type Economics, economicsOf, leastDelays } from "./economics.ts";

export const PRESET_NAMES = ["development", "testnet", "mainnet"] as const;

/** What a deployment is for. */
export type PresetName = (typeof PRESET_NAMES)[number];

/** Windows of a public chain, seconds: the last quarter, ten minutes, outlasts a spike of L1's fees. */
const PUBLIC_WINDOWS = { acceptanceWindow: 2_400, slashWindow: 86_400 } as const;

/** Operations of a block of a public chain: more than 9,000 a day with those windows, where a forest is that large. */
const PUBLIC_OPERATIONS = 256;

/** Where a majority of the stake has to be reckoned with blocks are won in proportion to it. */
const RACE = { kind: "race", sizeRule: { countsHeight: true, countsTransactions: true } } as const;

const CHANGES: Readonly<Record<PresetName, Partial<Economics>>> = {
  development: {},
  testnet: { ...PUBLIC_WINDOWS, maxOperations: PUBLIC_OPERATIONS, proposalWindow: 120, scorePolicy: RACE },
  mainnet: { ...PUBLIC_WINDOWS, maxOperations: PUBLIC_OPERATIONS, proposalWindow: 60, scorePolicy: RACE },
};

/** Exits take this much longer than they have to. */
const SPARE_SECONDS = 3_600;

/** The recommended economics, whose reasons are in docs/modelling.md. */
export function presetOf(name: PresetName, forest: Forest): Economics {
  const economics = { ...economicsOf(forest), ...CHANGES[name] };
  const exitDelay = Math.max(economics.exitDelay, leastDelays(economics).exitDelay + SPARE_SECONDS);
  return { ...economics, exitDelay };
}

/** A chain that is not for development, and no preset of a public chain. */
export class PresetChainError extends B52Error {
  constructor(chainId: bigint, named: PresetName | undefined) {
    const found = named === undefined ? "no preset is named" : `the preset is ${named}`;
    super(
      `chain ${chainId} is not for development, as chain ${LOCAL_CHAIN_IDS.join(" or ")} is, and ${found}, ` +
        "expected --preset testnet or mainnet",
      { chainId, preset: named },
    );
  }
}

/**
 * The preset that a chain gets: on a chain for development any, elsewhere one of a public chain, which somebody has to
 * name.
 * @throws {PresetChainError}
 */
export function presetOn(chainId: bigint, named?: PresetName): PresetName {
  if (LOCAL_CHAIN_IDS.includes(chainId)) return named ?? "development";
  if (named === undefined || named === "development") throw new PresetChainError(chainId, named);
  return named;
}
