import { OutOfRangeError } from "./errors.ts";
import { assertForest, type Forest } from "./nodes.ts";

/** The sizes that circuits, contracts and programs are built for. One deployment has one profile. */
export interface Profile extends Forest {
  readonly name: string;
  /** Depth of the arity-4 account tree: `4 ** accountDepth` accounts, at most 8. */
  readonly accountDepth: number;
  /** Transfers proven by one base node. */
  readonly transfersPerBase: number;
}

export const PROFILES = {
  /** Proves a block in well under a minute on two cores. */
  dev: { name: "dev", arity: 2, levels: 2, accountDepth: 4, transfersPerBase: 2 },
  /** Two merge levels below the root, so that merges over merges really run. */
  deep: { name: "deep", arity: 2, levels: 3, accountDepth: 4, transfersPerBase: 1 },
  /** 65,536 accounts; the size at which constraint budgets are stated. */
  wide: { name: "wide", arity: 4, levels: 2, accountDepth: 8, transfersPerBase: 3 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;

/** Transfers in one 30-byte word of data. */
export const TRANSFERS_PER_WORD = 3;

/** @throws {OutOfRangeError} naming the size that no circuit can be built for */
export function assertProfile(profile: Profile): Profile {
  const { accountDepth, transfersPerBase } = profile;
  assertForest(profile);
  if (!Number.isInteger(accountDepth) || accountDepth < 1 || accountDepth > 8) {
    throw new OutOfRangeError("accountDepth", accountDepth, "1 to 8");
  }
  if (!Number.isInteger(transfersPerBase) || transfersPerBase < 1) {
    throw new OutOfRangeError("transfersPerBase", transfersPerBase, "at least 1");
  }
  return profile;
}

export function accountCount({ accountDepth }: Pick<Profile, "accountDepth">): number {
  return 4 ** accountDepth;
}

export function baseCount({ arity, levels }: Forest): number {
  return arity ** levels;
}

export function wordsPerBase({ transfersPerBase }: Pick<Profile, "transfersPerBase">): number {
  return Math.ceil(transfersPerBase / TRANSFERS_PER_WORD);
}

/** Words of data in a full block. */
export function wordsPerBlock(profile: Profile): number {
  return baseCount(profile) * wordsPerBase(profile);
}

/** Transfers in a full block. */
export function transfersPerBlock(profile: Profile): number {
  return baseCount(profile) * profile.transfersPerBase;
}
