import {
  BURN_RULE,
  burnAtForfeit,
  burnAtProof,
  burnOfUncle,
  burnOfWinner,
  type Silence,
} from "../../protocol/burns.ts";
import { distinctProvers } from "../../protocol/holdings.ts";
import { hasFlag } from "../../protocol/flags.ts";
import type { RoundMoments } from "../../protocol/roundClock.ts";
import { slashOf } from "../../protocol/slashing.ts";
import type { Block } from "./block.ts";
import type { GameRules } from "./rules.ts";

/** What of a prover's promises is to be charged. */
export interface Charge {
  readonly prover: number;
  readonly rateBps: number;
  /** Wei. */
  readonly atStake: bigint;
  readonly voted: number;
  readonly undelivered: number;
}

/** The rules of blame and pay that have changed over time; everything else is the same for all. */
export interface Mechanism {
  /** BID_UNITs that burn as soon as a block is proven. */
  burnAtProof(rules: GameRules, block: Block): bigint;
  /** BID_UNITs that burn when it is paid. */
  burnAtPayment(rules: GameRules, block: Block, place: number): bigint;
  /** BID_UNITs that a commit loses whose parent won and that was not paid. */
  forfeit(rules: GameRules, block: Block): bigint;
  /** Whether a proven block has nothing more to forfeit. */
  isSettledByProof(rules: GameRules, block: Block): boolean;
  /** What a reward is divided by. */
  rewardWeight(rules: GameRules, block: Block): bigint;
  /** The most that an uncle earns, in BID_UNITs of the token; undefined: no limit of its own. */
  uncleCap(rules: GameRules, block: Block): bigint | undefined;
  /** Until when a first forest and new votes are taken. */
  firstProofUntil(moments: RoundMoments): number;
  /** Whether provers of revealed blocks can prove without their proposer. */
  readonly isWitnessPublic: boolean;
  /** Whether the ranking that all look at goes by proven votes, once there are any; or by who is named. */
  readonly ranksByVotes: boolean;
  /** Wei. */
  slash(rules: GameRules, block: Block, charge: Charge): bigint;
  /** Whether a round charges a prover for its largest slash alone. */
  readonly slashesOnceARound: boolean;
  /** Whether slashes count the misses of a prover. */
  readonly countsMisses: boolean;
}

/** The deployed rules: those of `src/protocol`. */
export const DEPLOYED: Mechanism = {
  burnAtProof: ({ burnRule }, { burnBid }) => burnAtProof(burnRule, burnBid),
  burnAtPayment: (rules, block, place) =>
    place === 0 ? burnOfWinner(rules.burnRule, block.burnBid) : uncleOf(rules, block).burnt,
  forfeit: ({ burnRule, economics }, block) =>
    burnAtForfeit(burnRule, block.burnBid, BigInt(economics.forfeitBps), silenceOf(block)),
  isSettledByProof: ({ burnRule }, { proven }) => burnRule === BURN_RULE.everyCommit || proven?.silent === 0,
  rewardWeight: ({ totalWeight }) => totalWeight,
  uncleCap: (rules, block) => uncleOf(rules, block).own,
  firstProofUntil: ({ provingEnds }) => provingEnds,
  isWitnessPublic: true,
  ranksByVotes: true,
  slash: (_, { burnBid, held, proven }, charge) =>
    slashOf({
      ...charge,
      burnBid,
      voters: distinctProvers(held, (slot) => hasFlag(proven!.flags, "voted", slot)).length,
    }),
  slashesOnceARound: true,
  countsMisses: true,
};

/** Undefined: nothing is proven. */
const silenceOf = ({ proven }: Block): Silence | undefined =>
  proven && { silent: BigInt(proven.silent), named: BigInt(proven.named) };

function uncleOf({ burnRule, economics: { uncleBurnBps, forfeitBps } }: GameRules, block: Block) {
  const parts = { uncleBurnBps: BigInt(uncleBurnBps), forfeitBps: BigInt(forfeitBps) };
  return burnOfUncle(burnRule, block.burnBid, parts, silenceOf(block)!);
}
