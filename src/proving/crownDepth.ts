import type { Profile } from "../protocol/profile.ts";
import type { Rules } from "../state/executor.ts";

/** Constraints of one inner node of the account tree. */
const NODE_HASH = 264;

/**
 * How many levels of the account tree, counted from its root, a base node holds open across its transfers or
 * operations.
 *
 * The circuit hashes those `4 ** depth` nodes once at the start and once at the end, instead of four times per
 * transfer, and pays about 6 constraints a node and transfer for selecting and replacing them. The result minimises the
 * sum.
 */
export function crownDepth(profile: Pick<Profile, "accountDepth" | "transfersPerBase">): number {
  const cost = (depth: number): number => {
    const nodes = 4 ** depth;
    const fixed = (2 * NODE_HASH * (nodes - 1)) / 3;
    return fixed + profile.transfersPerBase * (4 * NODE_HASH * (profile.accountDepth - depth) + 6 * nodes);
  };
  let best = 0;
  for (let depth = 1; depth < profile.accountDepth; depth++) if (cost(depth) < cost(best)) best = depth;
  return best;
}

/** That of both kinds of base nodes. */
export function crownDepths(
  profile: Pick<Profile, "accountDepth" | "transfersPerBase" | "operationsPerBase">,
): Pick<Rules, "crownDepth" | "operationCrownDepth"> {
  const { accountDepth, operationsPerBase } = profile;
  return {
    crownDepth: crownDepth(profile),
    operationCrownDepth: crownDepth({ accountDepth, transfersPerBase: operationsPerBase }),
  };
}
