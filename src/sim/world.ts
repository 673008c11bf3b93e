import { BlobFolder, MemoryBlobs } from "../blobs/folder.ts";
import type { BlobStore } from "../blobs/source.ts";
import {
  addStake,
  approve,
  attachRollup,
  type ChainClient,
  deposit,
  register,
  send,
  transfer,
} from "../chain/index.ts";
import { deployModule } from "../deploy/deploy.ts";
import { genesisOf } from "../deploy/genesis.ts";
import { type Economics, economicsOf, type EncodedKeys, type Genesis, parametersOf } from "../deploy/parameters.ts";
import type { Profile } from "../protocol/profile.ts";
import { keyOwnershipPublicInputs } from "../protocol/publicInputs.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import { crownDepths } from "../proving/crownDepth.ts";
import { DevelopmentKeysError } from "../proving/errors.ts";
import { keyOwnershipInput } from "../proving/inputs.ts";
import { LOCAL_CHAIN_IDS } from "../proving/keys/networks.ts";
import type { CircuitProver } from "../proving/prover.ts";
import { blobFolder } from "../setup/folders.ts";
import type { Rules } from "../state/executor.ts";
import { State } from "../state/state.ts";
import { accountsOf, type Cast, type Party, type Prover } from "./cast.ts";
import type { L1 } from "./l1.ts";

/** Makes a world's proofs, real or simulated, and has the keys that L1 checks them with. */
export interface WorldProver extends CircuitProver {
  readonly keys: EncodedKeys;
}

/** A rollup on a development chain with everybody who uses it. */
export interface World<P extends WorldProver = WorldProver> {
  readonly l1: L1;
  readonly client: ChainClient;
  readonly cast: Cast;
  readonly rules: Rules;
  readonly economics: Economics;
  readonly prover: P;
  /** What each prover stakes, wei. */
  readonly stake: bigint;
  /** After the last final block. */
  state: State;
  /** Where the blobs of its blocks are kept: an L1 of a process keeps none. */
  readonly blobs: BlobStore;
  readonly signal: AbortSignal;
}

export interface WorldOptions<P extends WorldProver> {
  readonly l1: L1;
  readonly profile: Profile;
  readonly prover: P;
  readonly cast: Cast;
  readonly economics?: Partial<Economics>;
  /** What the L2 begins with, if it is not the cast's users. */
  readonly genesis?: Genesis;
  /** Tells worlds with the same parameters on the same chain apart. */
  readonly label?: string;
  readonly signal?: AbortSignal;
  /** Hears what is going on. */
  readonly note?: (line: string) => void;
}

const ETHER = 10n ** 18n;

/** Of which nobody has to ask for more. */
const ANY_AMOUNT = 2n ** 255n;

/** What a proposer locks for heights of one parity, BID_UNIT. */
export const SEAT = 1_000_000n;

/** What every user has on L1 to begin with, wei. */
const POCKET = 200n * ETHER;

/**
 * Deploys a rollup whose genesis has the cast's users, registers the provers, takes the proposers' seats, and gives
 * everybody what they need on L1. The caller closes prover and connection.
 * @throws {DevelopmentKeysError} on a chain that is not for development: anybody knows the keys
 */
export async function createWorld<P extends WorldProver>({
  l1,
  profile,
  prover,
  cast,
  label,
  signal = new AbortController().signal,
  note = () => undefined,
  ...options
}: WorldOptions<P>): Promise<World<P>> {
  const { chainId } = await l1.provider.getNetwork();
  if (!LOCAL_CHAIN_IDS.includes(chainId)) throw new DevelopmentKeysError("every circuit", chainId, LOCAL_CHAIN_IDS);
  const economics = { ...economicsOf(profile), ...options.economics };
  const { genesis = genesisOf(profile, accountsOf(cast.users)) } = options;
  note(`deploying token, verifier, registry and rollup (profile ${profile.name})`);
  const deployment = await deployModule(
    l1.connection,
    { profile, ...(label !== undefined && { label }) },
    parametersOf({ profile, genesis, economics }, prover.keys),
  );
  const world: World<P> = {
    ...{ l1, cast, economics, prover, signal },
    // What outlives this process keeps its blobs where commands look for them.
    blobs: isSimulated(l1) ? new MemoryBlobs() : new BlobFolder(blobFolder(deployment)),
    client: attachRollup(l1.provider, deployment),
    rules: { profile, domain: deployment.domain, ...crownDepths(profile) },
    stake: economics.minStake,
    state: State.ofGenesis({ accountDepth: profile.accountDepth, accounts: genesis.accounts }),
  };
  await endow(world);
  note(`registering ${cast.provers.length} provers: a proof of key ownership for each`);
  await inOrder(cast.provers.map((each) => prepareProver(world, each)));
  await inOrder(cast.proposers.map((each) => prepareSeat(world, each)));
  await nextSecond(world);
  return world;
}

const isSimulated = ({ connection }: L1): boolean => connection.networkConfig.type === "edr-simulated";

/** Hands out ether to everybody, and tokens to the users. */
async function endow({ l1, client, cast }: World): Promise<void> {
  const users = [...cast.users, ...cast.newcomers];
  const revealers = await Promise.all(cast.proposers.map(({ revealer }) => revealer.getAddress()));
  const everybody = [...[...cast.provers, ...cast.proposers, ...users].map(({ address }) => address), ...revealers];
  await Promise.all(everybody.map((to) => send("transfer", l1.deployer, { to, data: "0x", value: ETHER })));
  await Promise.all(users.map(({ address }) => transfer(client, l1.deployer, address, POCKET)));
}

/** Lets all prepare at once and act one after the other: indexes on L1 follow the cast's order in every run. */
async function inOrder(prepared: readonly Promise<() => Promise<void>>[]): Promise<void> {
  for (const act of await Promise.all(prepared)) await act();
}

/** Registers a prover for the least stake, from the deployer's tokens. */
export async function registerProver(world: World, prover: Prover): Promise<void> {
  await inOrder([prepareProver(world, prover)]);
}

/** @returns registers it */
async function prepareProver(
  { client, rules, economics, stake, prover: proofs, l1, signal }: World,
  prover: Prover,
): Promise<() => Promise<void>> {
  const { key, secret, signer, address } = prover;
  const statement = { key, owner: BigInt(address), domain: rules.domain, seed: 0n, beta: 0n };
  const task = {
    input: keyOwnershipInput(statement, secret),
    publicInputs: keyOwnershipPublicInputs(statement),
  };
  const proof = await proofs.prove("KeyOwnership", task, signal);
  const price = stake + economics.registrationFee;
  await transfer(client, l1.deployer, address, price);
  await approve(client, signer, await client.registry.getAddress(), price);
  return async () => {
    prover.index = (await register(client, signer, { key, stake, proof })).index;
  };
}

/** From the deployer's tokens. Counts in rounds that open in a later second. */
export async function increaseStake(world: World, { signer, address, index }: Prover, amount: bigint): Promise<void> {
  const { client, l1 } = world;
  await transfer(client, l1.deployer, address, amount);
  await approve(client, signer, await client.registry.getAddress(), amount);
  await addStake(client, signer, index, amount);
  await nextSecond(world);
}

/** @returns takes the seat, with a deposit in each lane */
async function prepareSeat({ client, l1 }: World, { signer, address }: Party): Promise<() => Promise<void>> {
  const total = 2n * SEAT * BID_UNIT;
  await transfer(client, l1.deployer, address, total);
  await approve(client, signer, await client.rollup.getAddress(), ANY_AMOUNT);
  return async () => {
    await Promise.all(([0, 1] as const).map((lane) => deposit(client, signer, lane, SEAT)));
  };
}

/** Eligible in a round is who registered or staked in an earlier second than the one in which it opens. */
async function nextSecond({ l1: { clock }, signal }: World): Promise<void> {
  await clock.until((await clock.now()) + 1n, signal);
}
