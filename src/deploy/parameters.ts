import { createHash } from "node:crypto";
import { formatEther } from "ethers";
import { BURN_RULE } from "../protocol/burns.ts";
import { B52Error } from "../protocol/errors.ts";
import { packNodeWeights } from "../protocol/nodes.ts";
import { elementsPerBase, PROFILES, type Profile } from "../protocol/profile.ts";
import { encodeVerifyingKeys, type ProvingKey } from "../proving/keys/provingKey.ts";
import type { ProfileBuild } from "../setup/profileBuild.ts";
import type { Account } from "../state/account.ts";
import { genesisRoot } from "../state/state.ts";
import { decodeGenesis, encodeGenesis } from "../sync/genesis.ts";
import { assertEconomics, type Economics, mostOperations, weightsByDepth } from "./economics.ts";
import { scorePolicyArguments } from "./policies.ts";
import type { RollupModuleOptions } from "./rollupModule.ts";

export * from "./economics.ts";

/** The L2 state that a rollup begins with. */
export interface Genesis {
  readonly root: bigint;
  /** Sum of all balances, wei of the asset. */
  readonly supply: bigint;
  /** From index 1 on; published on L1, so that the L2 state can be rebuilt from there alone. */
  readonly accounts: readonly Account[];
}

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
 * @throws {EconomicsError} for what a contract would refuse
 */
export function parametersOf(
  { profile, genesis, economics }: Pick<DeploymentPlan, "profile" | "genesis" | "economics">,
  keys: EncodedKeys,
): ModuleParameters {
  assertEconomics(profile, economics);
  if (genesis.supply > economics.initialSupply) throw new GenesisSupplyError(genesis.supply, economics.initialSupply);
  const { scorePolicy, burnRule, ...rest } = economics;
  return {
    ...rest,
    ...scorePolicyArguments(profile, scorePolicy),
    scorePolicy: scorePolicy.kind,
    burnRule: BURN_RULE[burnRule],
    arity: profile.arity,
    levels: profile.levels,
    operationsPerBase: profile.operationsPerBase,
    maxOperations: mostOperations(profile, economics),
    commonKey: keys.common,
    baseKey: keys.base,
    operationsKey: keys.operations,
    mergeKey: keys.merge,
    rootKey: keys.root,
    keyOwnershipKey: keys.keyOwnership,
    exitClaimKey: keys.exitClaim,
    escapeClaimKey: keys.escapeClaim,
    genesisRoot: genesis.root,
    genesisSupply: genesis.supply,
    genesisAccounts: encodeGenesis(genesis.accounts),
    nodeWeights: packNodeWeights(weightsByDepth(profile, economics)),
    elementsPerBase: elementsPerBase(profile),
  };
}

/** The profile that parameters are for: sizes and genesis tell; undefined if it is none of this program's. */
export function profileOf(parameters: ModuleParameters): Profile | undefined {
  const value = (name: string): string => String(parameters[name]);
  return Object.values(PROFILES).find((profile) => {
    const { arity, levels, operationsPerBase, accountDepth } = profile;
    const sizes = { arity, levels, operationsPerBase, elementsPerBase: elementsPerBase(profile) };
    return (
      Object.entries(sizes).every(([name, size]) => value(name) === String(size)) &&
      value("genesisRoot") === String(genesisRoot({ accountDepth, accounts: decodeGenesis(value("genesisAccounts")) }))
    );
  });
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
