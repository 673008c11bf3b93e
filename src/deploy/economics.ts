import { B52Error } from "../protocol/errors.ts";
import { type Forest, slotCount } from "../protocol/nodes.ts";
import { EXPONENT_ONE } from "../protocol/policies/index.ts";
import { baseCount, type Profile } from "../protocol/profile.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import type { BurnRuleName, ScorePolicyPlan } from "./policies.ts";

/** Everything about money and time. */
export interface Economics {
  /** Minted to the deployer, wei of the native token. */
  readonly initialSupply: bigint;
  /** The least stake to register with, wei: what leaves room above `eligibleStake`. */
  readonly minStake: bigint;
  /** The stake below which a prover does not count, wei: what one forest can cost it, at most. */
  readonly eligibleStake: bigint;
  /** Slots of one forest that a prover can hold. */
  readonly maxSlotsPerProver: number;
  /** Seconds from asking to leave to the return of the stake: longer than it can be at risk. */
  readonly exitDelay: number;
  /** What a registration burns beside the stake, wei. */
  readonly registrationFee: bigint;
  /** Seconds after the acceptance window in which provers are slashed for what they have not delivered. */
  readonly slashWindow: number;
  /** What withholding everything costs a prover without recent misses, 1/10,000 of `eligibleStake`. */
  readonly baseRateBps: number;
  /** Seconds in which commits are taken where nothing was decided right before. */
  readonly proposalWindow: number;
  /** Seconds in which proofs are taken, reveals in its first quarter, and commits to the next height. */
  readonly acceptanceWindow: number;
  /** Least burn bid, BID_UNIT. */
  readonly minBid: bigint;
  /**
   * The part of its bid that a commit forfeits if its parent won and it was not proven. If it was proven and did not
   * win: of that one and a half times the part of its named provers that have no proven vote.
   */
  readonly forfeitBps: number;
  readonly scorePolicy: ScorePolicyPlan;
  /**
   * 0: provers are paid by block, each fulfilled slot by its weight, out of the part of the reward that its proposer
   * offers. Above 0, fair pay: all commits offer this part, and it is divided equally among the block's provers.
   */
  readonly fairShareBps: number;
  readonly burnRule: BurnRuleName;
  /** Ranked candidates beside the leader. */
  readonly maxUncles: number;
  /** A paid uncle has at least this part of the winner's score. */
  readonly uncleMinScoreBps: number;
  /** The part of its bid that a paid uncle burns, beside what it forfeits for the silent. */
  readonly uncleBurnBps: number;
  /** The part of the block reward that all paid uncles share. */
  readonly uncleRewardBps: number;
  /** Reward of height 1, wei of the native token. */
  readonly initialReward: bigint;
  /** Heights after which the reward halves. */
  readonly halvingInterval: number;
  /** What the builder of the L1 block with a prompt advance gets out of the winner's reward, at most; wei. */
  readonly advanceTip: bigint;
  /** What a slot counts for rewards, by depth; the last one holds for all that are deeper. */
  readonly nodeWeights: readonly number[];
  /**
   * What everybody pays to the winning proposer for an operation from L1, wei of the asset. High enough that filling
   * the queue is no cheap way to delay others.
   */
  readonly operationFee: bigint;
  /**
   * Operations from L1 that a block begins with, at most; what is more waits for the next block. Never more than half
   * of the profile's base nodes hold: a full queue leaves room for transfers.
   */
  readonly maxOperations: number;
  /**
   * Seconds without a block after which anybody may end the chain, and owners take their balances with them. Longer
   * than any trouble that the proposers can mend.
   */
  readonly escapeDelay: number;
}

const ETHER = 10n ** 18n;

/** What does not depend on the size of a forest. */
const COMMON = {
  initialSupply: 1_000_000n * ETHER,
  exitDelay: 7_200,
  registrationFee: ETHER,
  slashWindow: 1_200,
  proposalWindow: 120,
  acceptanceWindow: 480,
  minBid: 5n * (ETHER / BID_UNIT),
  forfeitBps: 10_000,
  scorePolicy: { kind: "plain", sizeRule: { countsHeight: true, countsTransactions: true } },
  fairShareBps: 0,
  burnRule: "winner",
  maxUncles: 2,
  uncleMinScoreBps: 5_000,
  uncleBurnBps: 2_500,
  uncleRewardBps: 1_000,
  initialReward: 100n * ETHER,
  halvingInterval: 100_000,
  advanceTip: ETHER / 10n,
  nodeWeights: [1],
  operationFee: ETHER / 100n,
  maxOperations: 4,
  escapeDelay: 7 * 86_400,
} as const satisfies Partial<Economics>;

/** Provers that can hold all of a large forest. */
const PROVERS_OF_A_FOREST = 48;

/**
 * The presets for a forest, with the windows of a development chain, whose clock is moved by hand. A prover can hold
 * two slots of seven, or so many that 48 provers can hold all of a large forest. So a block needs several provers for
 * its reward. A first miss costs as much as a block earns: no rival has more from a prover that withholds. That is half
 * of `eligibleStake` in a small forest and all of it in a large one, so that a full house takes two fifths of all
 * tokens. A bid that does not do what it promised is lost whole, or one could bid first and pay less.
 */
export function economicsOf(forest: Forest): Economics {
  const slots = slotCount(forest);
  const few = Math.min(2, Math.floor(slots / 3));
  const maxSlotsPerProver = Math.max(few, Math.ceil(slots / PROVERS_OF_A_FOREST));
  const isLarge = maxSlotsPerProver > few;
  const eligibleStake = (isLarge ? 100n : 200n) * ETHER;
  const baseRateBps = isLarge ? 10_000 : 5_000;
  return { ...COMMON, minStake: 2n * eligibleStake, eligibleStake, baseRateBps, maxSlotsPerProver };
}

/** Operations that a block begins with, at most: no more than half of its base nodes have places for. */
export function mostOperations(profile: Profile, { maxOperations }: Pick<Economics, "maxOperations">): number {
  return Math.min(maxOperations, Math.floor(baseCount(profile) / 2) * profile.operationsPerBase);
}

/** What a slot counts for rewards, for every depth of the profile's forest. */
export function weightsByDepth(
  { levels }: Pick<Forest, "levels">,
  { nodeWeights }: Pick<Economics, "nodeWeights">,
): number[] {
  return Array.from({ length: levels + 1 }, (_, depth) => nodeWeights[depth] ?? nodeWeights.at(-1) ?? 1);
}

/** A parameter that a contract would refuse. */
export class EconomicsError extends B52Error {
  constructor(parameter: string, value: bigint | number, least: bigint | number, most: bigint | number, why: string) {
    super(`${parameter} is ${value}, expected ${least} to ${most}${why && `: ${why}`}`, {
      parameter,
      value,
      least,
      most,
    });
  }
}

type Windows = Pick<Economics, "proposalWindow" | "acceptanceWindow" | "slashWindow" | "scorePolicy">;

/**
 * The shortest delays that rollup and court take with these windows, seconds: a stake stays in reach for as long as a
 * vote can matter, and a freeze comes later than any round ends.
 */
export function leastDelays({
  proposalWindow,
  acceptanceWindow,
  slashWindow,
  scorePolicy,
}: Windows): Pick<Economics, "exitDelay" | "escapeDelay"> {
  const round = proposalWindow + acceptanceWindow;
  const seedAge = scorePolicy.kind === "race" ? SEED_ROUNDS * round : 0;
  const exposure = Math.max(proposalWindow, acceptanceWindow) + acceptanceWindow + slashWindow + seedAge;
  return { exitDelay: Math.max(2 * round, exposure) + 1, escapeDelay: 2 * round + 1 };
}

/** What makes a first miss cost as much as all slots that a prover can hold earn at most, the heaviest ones, wei. */
export function leastEligibleStake(
  forest: Forest,
  {
    initialReward,
    maxSlotsPerProver,
    baseRateBps,
    nodeWeights,
  }: Pick<Economics, "initialReward" | "maxSlotsPerProver" | "baseRateBps" | "nodeWeights">,
): bigint {
  const weights = weightsByDepth(forest, { nodeWeights })
    .flatMap((weight, depth) => Array<number>(forest.arity ** depth).fill(weight))
    .sort((a, b) => b - a);
  const [held, all] = [weights.slice(0, maxSlotsPerProver), weights].map((some) =>
    BigInt(some.reduce((a, b) => a + b)),
  );
  const earned = BigInt(BPS) * initialReward * held!;
  const share = BigInt(baseRateBps) * all!;
  const least = (earned + share - 1n) / share;
  return least > 1n ? least : 1n;
}

/** Rounds between the moment that counts for who is eligible in a race and the opening of its round, at most. */
const SEED_ROUNDS = 3;
/** Heights whose outcome the rollup remembers. */
const RING = 1_024;
const BPS = 10_000;
const UINT32 = 2 ** 32 - 1;
const UINT96 = 2n ** 96n - 1n;
const MAX_DEPOSIT = 2n ** 40n - 1n;
/** L1 keeps blobs for 18 days; those of the last block are half as old at most when a freeze comes, seconds. */
const MAX_SILENCE = 9 * 86_400;
/**
 * What one submission brings: a content, an index and flags of every slot in 128 KiB; where stakes count, a look-up for
 * every prover, too, with the 2^24 gas of a transaction.
 */
const MAX_SLOTS = { plain: 3_600, dynamic: 3_600, stake: 1_200, race: 1_200 };
/** Of 60 bytes: what a transaction of 128 KiB, the most that Ethereum's nodes pass on, has room for. */
const MAX_OPERATIONS = 2_000;

/**
 * Checks what the contracts check when they are created, before anything is sent.
 * @throws {EconomicsError} naming the parameter, its value and its bounds
 */
export function assertEconomics(profile: Profile, economics: Economics): void {
  const e = economics;
  const require = (
    parameter: string,
    value: bigint | number,
    least: bigint | number,
    most: bigint | number,
    why = "",
  ): void => {
    if (value < least || value > most) throw new EconomicsError(parameter, value, least, most, why);
  };
  require("proposalWindow", e.proposalWindow, 1, UINT32);
  require("acceptanceWindow", e.acceptanceWindow, 4, MAX_SILENCE);
  const remembered = Math.min(RING * e.acceptanceWindow, MAX_SILENCE);
  require("slashWindow", e.slashWindow, 1, remembered, "the rollup remembers scores, and L1 the blobs");
  const least = leastDelays(e);
  require("exitDelay", e.exitDelay, least.exitDelay, UINT32, "a stake is at risk for as long as a vote can matter");
  const silence = MAX_SILENCE - e.acceptanceWindow;
  const freeze = "a freeze comes later than any round ends, and while L1 has the last block's blobs";
  require("escapeDelay", e.escapeDelay, least.escapeDelay, silence, freeze);
  require("minBid", e.minBid, 1, MAX_DEPOSIT);
  for (const part of ["fairShareBps", "forfeitBps", "uncleMinScoreBps", "uncleRewardBps"] as const) {
    require(part, e[part], 0, BPS);
  }
  require("uncleBurnBps", e.uncleBurnBps, 0, e.forfeitBps, "failing costs no less than coming close");
  require("maxUncles", e.maxUncles, 0, 15);
  require("initialReward", e.initialReward, 0, UINT96);
  require("halvingInterval", e.halvingInterval, 1, Number.MAX_SAFE_INTEGER);
  const most = MAX_SLOTS[e.scorePolicy.kind];
  require("slotCount", slotCount(profile), 1, most, "one submission brings what is stated of all slots");
  require("maxSlotsPerProver", e.maxSlotsPerProver, 1, slotCount(profile));
  require("registrationFee", e.registrationFee, 0, UINT96);
  require("baseRateBps", e.baseRateBps, 1, BPS);
  require("minStake", e.minStake, 1, UINT96);
  const binding = leastEligibleStake(profile, e);
  require("eligibleStake", e.eligibleStake, binding, e.minStake, "withholding costs more than a prover's slots earn");
  require("operationFee", e.operationFee, 0, UINT96);
  require("maxOperations", mostOperations(profile, e), 1, MAX_OPERATIONS, "a reveal brings them in one transaction");
  if (e.scorePolicy.kind === "stake")
    require("stakeUnit", e.scorePolicy.stakeUnit, 1, e.eligibleStake, "whoever has less stake counts for nothing");
  if (e.scorePolicy.kind === "dynamic") {
    const { targetProvers, minExponent, maxExponent, initialExponent } = e.scorePolicy;
    require("targetProvers", targetProvers, 1, slotCount(profile) - 1);
    require("minExponent", minExponent, EXPONENT_ONE, maxExponent);
    require("maxExponent", maxExponent, minExponent, 2 ** 16 - 1);
    require("initialExponent", initialExponent, minExponent, maxExponent);
  }
  for (const weight of weightsByDepth(profile, e)) require("nodeWeights", weight, 1, 2 ** 16 - 1);
}
