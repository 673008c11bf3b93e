import { isError } from "ethers";
import { PlainScore__factory } from "../../../typechain-types/factories/policies/PlainScore__factory.ts";
import { sizeFactor, unpackSizeRule, type SizeRule } from "../../protocol/policies/sizeRule.ts";
import { bits } from "../bits.ts";
import type { ChainClient } from "../client.ts";

/** `isWhole` and `txCount` of the word that `contracts/types/Reveal.sol` describes. */
const isWhole = (reveal: bigint): boolean => bits(reveal, 255, 1) === 1n;
const txCountOf = (reveal: bigint): number => Number(bits(reveal, 0, 32));

/**
 * What the size of each proposal's block multiplies its score by: 1 until it is revealed. Undefined for all where the
 * score policy is of another make and has no size rule to show.
 */
export async function getSizeFactors(
  client: ChainClient,
  proposalIds: readonly bigint[],
): Promise<readonly (bigint | undefined)[]> {
  const known = await sizeRuleOf(client);
  if (known === undefined) return proposalIds.map(() => undefined);
  const reveals = await Promise.all(proposalIds.map((id) => client.rollup.revealOf(id)));
  return reveals.map((reveal) => sizeFactor(known.rule, isWhole(reveal) ? txCountOf(reveal) : 0));
}

/** Undefined where the policy has none to show; its rule is undefined where the size of a block does not count. */
async function sizeRuleOf({ scorer, provider }: ChainClient): Promise<{ rule: SizeRule | undefined } | undefined> {
  try {
    // Each policy of this project has the getter at the same place.
    return { rule: unpackSizeRule(await PlainScore__factory.connect(await scorer.policy(), provider).sizeRule()) };
  } catch (error) {
    if (isError(error, "CALL_EXCEPTION") || isError(error, "BAD_DATA")) return undefined;
    throw error;
  }
}
