import { createHash } from "node:crypto";
import { formatEther } from "ethers";
import { BURN_RULE } from "../protocol/burns.ts";
import { B52Error } from "../protocol/errors.ts";
import { packNodeWeights, slotCount } from "../protocol/nodes.ts";
import { baseCount, wordsPerBlock, type Profile } from "../protocol/profile.ts";
import { encodeVerifyingKeys, type ProvingKey } from "../proving/keys/provingKey.ts";
import type { ProfileBuild } from "../setup/profileBuild.ts";
import type { Account } from "../state/account.ts";
import { encodeGenesis } from "../sync/genesis.ts";
import { scorePolicyArguments, type BurnRuleName, type PayoutName, type ScorePolicyPlan } from "./policies.ts";
import type { RollupModuleOptions } from "./rollupModule.ts";

/** The L2 state that a rollup begins with. */
export interface Genesis {
  readonly root: bigint;
  /** Sum of all balances, wei of the asset. */
  readonly supply: bigint;
  /** From index 1 on; published on L1, so that the L2 state can be rebuilt from there alone. */
  readonly accounts: readonly Account[];
}

/** Everything about money and time. */
export interface Economics {
  /** Minted to the deployer, wei of the native token. */
  readonly initialSupply: bigint;
  /** The stake that one slot of vote capacity needs, wei. A prover stakes for a whole forest at least. */
  readonly stakePerSlot: bigint;
  /** Seconds from asking to leave to the return of the stake: longer than it can be at risk. */
  readonly exitDelay: number;
  /** What a registration burns beside the stake, wei. */
  readonly registrationFee: bigint;
  /** Seconds after the acceptance window in which late proofs soften a slash. */
  readonly appealWindow: number;
  /** Seconds after that in which slots are slashed. */
  readonly slashWindow: number;
  /** What a withheld slot costs at the highest rate, wei; at most `stakePerSlot`. */
  readonly slashPerSlot: bigint;
  /** The rate for a prover without recent misses, 1/10,000 of `slashPerSlot`. */
  readonly baseRateBps: number;
  /**
   * What a slot costs where nothing shows that its prover could have proven it in time, wei; at most the smallest
   * slash.
   */
  readonly noShowFee: bigint;
  /** Seconds in which commits are taken where nothing was decided right before. */
  readonly proposalWindow: number;
  /** Seconds in which proofs are taken, reveals in its first quarter, and commits to the next height. */
  readonly acceptanceWindow: number;
  /** Least burn bid, BID_UNIT. */
  readonly minBid: bigint;
  /** The part of its bid that a commit forfeits if its parent won and it was not proven. */
  readonly forfeitBps: number;
  readonly scorePolicy: ScorePolicyPlan;
  readonly payout: PayoutName;
  readonly burnRule: BurnRuleName;
  /** Ranked candidates beside the leader. */
  readonly maxUncles: number;
  /** A paid uncle has at least this part of the winner's score. */
  readonly uncleMinScoreBps: number;
  /** The part of its bid that a paid uncle burns. */
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
   * Operations from L1 that a block begins with, at most; what is more waits for the next block. Never more than the
   * profile's base nodes hold.
   */
  readonly maxOperations: number;
  /**
   * Seconds without a block after which anybody may end the chain, and owners take their balances with them. Longer
   * than any trouble that the proposers can mend.
   */
  readonly escapeDelay: number;
  /**
   * Words of data in every transaction of a reveal but the last: 2,048 of 30 bytes are half of what Ethereum's nodes
   * take in one transaction.
   */
  readonly chunkWords: number;
}

const ETHER = 10n ** 18n;

/** For development chains, whose clock is moved by hand. */
export const DEVELOPMENT_ECONOMICS: Economics = {
  initialSupply: 1_000_000n * ETHER,
  stakePerSlot: 10n * ETHER,
  exitDelay: 7_200,
  registrationFee: ETHER,
  appealWindow: 300,
  slashWindow: 1_200,
  slashPerSlot: 10n * ETHER,
  baseRateBps: 1_000,
  noShowFee: ETHER / 10n,
  proposalWindow: 120,
  acceptanceWindow: 480,
  minBid: 1n,
  forfeitBps: 2_500,
  scorePolicy: { kind: "plain" },
  payout: "perBlock",
  burnRule: "winner",
  maxUncles: 2,
  uncleMinScoreBps: 1_000,
  uncleBurnBps: 2_500,
  uncleRewardBps: 1_000,
  initialReward: 100n * ETHER,
  halvingInterval: 100_000,
  advanceTip: ETHER / 10n,
  nodeWeights: [1],
  operationFee: ETHER / 100n,
  maxOperations: 4,
  escapeDelay: 7 * 86_400,
  chunkWords: 2_048,
};

/** The keys of a profile's circuits; a profile with one level has no merges. */
export interface ProfileKeys {
  readonly base: ProvingKey;
  readonly operations: ProvingKey;
  readonly merge?: ProvingKey | undefined;
  readonly root: ProvingKey;
  readonly keyOwnership: ProvingKey;
  readonly exitClaim: ProvingKey;
  readonly escapeClaim: ProvingKey;
}

/** The keys of a build by the names that a deployment has for them. */
export const profileKeys = (build: ProfileBuild): ProfileKeys => ({
  base: build.BaseRollup.key,
  operations: build.OperationRollup.key,
  merge: build.MergeRollup?.key,
  root: build.RootRollup.key,
  keyOwnership: build.KeyOwnership.key,
  exitClaim: build.ExitClaim.key,
  escapeClaim: build.EscapeClaim.key,
});

export interface DeploymentPlan {
  readonly profile: Profile;
  readonly keys: ProfileKeys;
  readonly genesis: Genesis;
  readonly economics: Economics;
  /** Tells a deployment from others with the same parameters on the same chain; without it they are one. */
  readonly label?: string;
}

/** What the module `B52` is run with, and which one it is. */
export type ModuleParameters = RollupModuleOptions & Readonly<Record<string, string | number | bigint>>;

/**
 * @throws {KeysNotSharedError} when the keys do not come from one set-up
 * @throws {GenesisSupplyError} @throws {EconomicsError}
 */
export function moduleParameters({ keys, ...plan }: DeploymentPlan): ModuleParameters {
  return parametersOf(plan, encodeKeys(keys));
}

/** @throws {KeysNotSharedError} when the keys do not come from one set-up */
export function encodeKeys(keys: ProfileKeys): EncodedKeys {
  const present = Object.entries(keys).filter(
    (entry): entry is [keyof ProfileKeys, ProvingKey] => entry[1] !== undefined,
  );
  const { common, circuits } = encodeVerifyingKeys(present.map(([, key]) => key) as [ProvingKey, ...ProvingKey[]]);
  const encoded = Object.fromEntries(present.map(([name], i) => [name, circuits[i]!])) as Omit<
    EncodedKeys,
    "common" | "merge"
  > &
    Partial<Pick<EncodedKeys, "merge">>;
  return { ...encoded, merge: encoded.merge ?? "0x", common };
}

/** Verifying keys as the contract takes them, hexadecimal. */
export interface EncodedKeys {
  readonly common: string;
  readonly base: string;
  readonly operations: string;
  /** `0x` when there are no merges. */
  readonly merge: string;
  readonly root: string;
  readonly keyOwnership: string;
  readonly exitClaim: string;
  readonly escapeClaim: string;
}

/** The genesis accounts begin with more than there is. */
export class GenesisSupplyError extends B52Error {
  constructor(supply: bigint, initialSupply: bigint) {
    super(
      `the genesis accounts hold ${formatEther(supply)} tokens together, expected at most the ` +
        `${formatEther(initialSupply)} that the deployer gets`,
      { supply, initialSupply },
    );
  }
}

/**
 * {@link moduleParameters} with verifying keys of any origin.
 * @throws {GenesisSupplyError} when the deployer could not back the genesis
 */
/**
 * The least stake to register with, wei: for all slots of a forest what they can cost, and a no-show fee each besides,
 * which leaves a prover eligible.
 */
export function minStake(profile: Profile, { stakePerSlot, noShowFee }: Economics): bigint {
  return BigInt(slotCount(profile)) * (stakePerSlot + noShowFee);
}

export function parametersOf(
  { profile, genesis, economics }: Pick<DeploymentPlan, "profile" | "genesis" | "economics">,
  keys: EncodedKeys,
): ModuleParameters {
  if (genesis.supply > economics.initialSupply) throw new GenesisSupplyError(genesis.supply, economics.initialSupply);
  const { nodeWeights, scorePolicy, burnRule, maxOperations, ...rest } = economics;
  const depths = Array.from(
    { length: profile.levels + 1 },
    (_, depth) => nodeWeights[depth] ?? nodeWeights.at(-1) ?? 1,
  );
  return {
    ...rest,
    ...scorePolicyArguments(profile, scorePolicy),
    scorePolicy: scorePolicy.kind,
    burnRule: BURN_RULE[burnRule],
    arity: profile.arity,
    levels: profile.levels,
    operationsPerBase: profile.operationsPerBase,
    maxOperations: Math.min(maxOperations, baseCount(profile) * profile.operationsPerBase),
    commonKey: keys.common,
    baseKey: keys.base,
    operationsKey: keys.operations,
    mergeKey: keys.merge,
    rootKey: keys.root,
    keyOwnershipKey: keys.keyOwnership,
    exitClaimKey: keys.exitClaim,
    escapeClaimKey: keys.escapeClaim,
    minStake: minStake(profile, economics),
    genesisRoot: genesis.root,
    genesisSupply: genesis.supply,
    genesisAccounts: encodeGenesis(genesis.accounts),
    nodeWeights: packNodeWeights(depths),
    maxWords: mostWords(profile, maxOperations),
  };
}

/** Words of the largest block: a base node of operations may take more than one of transfers, or fewer. */
function mostWords(profile: Profile, maxOperations: number): number {
  const most = Math.min(maxOperations, baseCount(profile) * profile.operationsPerBase);
  return Math.max(wordsPerBlock(profile), wordsPerBlock(profile, most));
}

/** The content of a parameter file for `hardhat ignition deploy --parameters`. */
export function parameterFile(parameters: ModuleParameters): string {
  const written = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);
  return `${JSON.stringify({ B52: parameters }, written, 2)}\n`;
}

/** Tells deployments with different parameters apart. */
export function parametersHash(parameters: ModuleParameters): string {
  return createHash("sha256").update(parameterFile(parameters)).digest("hex");
}
