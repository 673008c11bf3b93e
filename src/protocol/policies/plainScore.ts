import { assertUint } from "../field.ts";
import { cubeSquare, linearFraction, type ScorePolicy, WITHOUT_EXPONENT } from "./scorePolicy.ts";
import { sizeFactor, type SizeRule } from "./sizeRule.ts";

/** `N^3 B^2`: provers count alike. */
export function plainScore({ sizeRule }: { readonly sizeRule?: SizeRule } = {}): ScorePolicy {
  return {
    ...WITHOUT_EXPONENT,
    usesStakes: false,
    usesBetas: false,
    score: ({ provers, burnBid, txCount }) =>
      cubeSquare(assertUint(provers, 16, "provers"), burnBid) * sizeFactor(sizeRule, txCount),
    fraction: linearFraction,
  };
}
