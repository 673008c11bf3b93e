import { OutOfRangeError } from "./errors.ts";
import { assertForest, type Forest } from "./nodes.ts";

/** The sizes that circuits, contracts and programs are built for. One deployment has one profile. */
export interface Profile extends Forest {
  readonly name: string;
  /** Depth of the arity-4 account tree: `4 ** accountDepth` accounts, at most 8. */
  readonly accountDepth: number;
  /** Transfers proven by one base node of transfers. */
  readonly transfersPerBase: number;
  /** Places for L1 operations in one base node of operations. */
  readonly operationsPerBase: number;
}

export const PROFILES = {
  /** Proves a block in well under a minute on two cores. */
  dev: { name: "dev", arity: 2, levels: 2, accountDepth: 4, transfersPerBase: 2, operationsPerBase: 2 },
  /** Two merge levels below the root, so that merges over merges really run. */
  deep: { name: "deep", arity: 2, levels: 3, accountDepth: 4, transfersPerBase: 1, operationsPerBase: 1 },
  /** 65,536 accounts; the size at which constraint budgets are stated. */
  wide: { name: "wide", arity: 4, levels: 2, accountDepth: 8, transfersPerBase: 3, operationsPerBase: 3 },
  /** 64 transfers a base node: what `bench large` compiles and proves. */
  large: { name: "large", arity: 2, levels: 1, accountDepth: 8, transfersPerBase: 64, operationsPerBase: 16 },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;

/** Transfers in one 30-byte word. */
export const TRANSFERS_PER_WORD = 3;

/** 30-byte words that one L1 operation takes. */
export const OPERATION_WORDS = 2;

/** Exits that one proof of ExitClaim shows, at most. */
export const CLAIMS_PER_PROOF = 4;

/** An exit's place in its base node is packed into 16 bits. */
const MAX_EXITS_PER_BASE = 2 ** 16;

/** @throws {OutOfRangeError} naming the size that no circuit can be built for */
export function assertProfile(profile: Profile): Profile {
  const { accountDepth } = profile;
  assertForest(profile);
  if (!Number.isInteger(accountDepth) || accountDepth < 1 || accountDepth > 8) {
    throw new OutOfRangeError("accountDepth", accountDepth, "1 to 8");
  }
  for (const name of ["transfersPerBase", "operationsPerBase"] as const) {
    const count = profile[name];
    if (!Number.isInteger(count) || count < 1 || count > MAX_EXITS_PER_BASE) {
      throw new OutOfRangeError(name, count, `1 to ${MAX_EXITS_PER_BASE}`);
    }
  }
  return profile;
}

export function accountCount({ accountDepth }: Pick<Profile, "accountDepth">): number {
  return 4 ** accountDepth;
}

export function baseCount({ arity, levels }: Forest): number {
  return arity ** levels;
}

/** Leaves in the list of exits of any base node, of transfers or of operations. */
export function exitsPerBase({
  transfersPerBase,
  operationsPerBase,
}: Pick<Profile, "transfersPerBase" | "operationsPerBase">): number {
  return Math.max(transfersPerBase, operationsPerBase);
}

/**
 * Base nodes that `count` L1 operations take, from the first on; the others execute transfers.
 * @throws {OutOfRangeError} if the block has no room for so many
 */
export function operationNodes(profile: Forest & Pick<Profile, "operationsPerBase">, count: number): number {
  const most = baseCount(profile) * profile.operationsPerBase;
  if (!Number.isInteger(count) || count < 0 || count > most)
    throw new OutOfRangeError("l1OpCount", count, `0 to ${most}`);
  return Math.ceil(count / profile.operationsPerBase);
}

/** Words of one base node of transfers. */
export function wordsPerBase({ transfersPerBase }: Pick<Profile, "transfersPerBase">): number {
  return Math.ceil(transfersPerBase / TRANSFERS_PER_WORD);
}

/**
 * Elements of any base node, of transfers or of operations: coefficients of the block's polynomial. A node of transfers
 * has its words, then R8.y and S of every place; one of operations two words for every place; zeros follow.
 */
export function elementsPerBase(profile: Pick<Profile, "transfersPerBase" | "operationsPerBase">): number {
  const { transfersPerBase, operationsPerBase } = profile;
  return Math.max(wordsPerBase(profile) + 2 * transfersPerBase, OPERATION_WORDS * operationsPerBase);
}

/**
 * Transfers in a full block that begins with `l1OpCount` operations.
 * @throws {OutOfRangeError} if there is no room for them
 */
export function transfersPerBlock(profile: Profile, l1OpCount = 0): number {
  return (baseCount(profile) - operationNodes(profile, l1OpCount)) * profile.transfersPerBase;
}
