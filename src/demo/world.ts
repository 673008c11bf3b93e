import { genesisOf } from "../deploy/genesis.ts";
import { type Economics, DEVELOPMENT_ECONOMICS, minStake, profileKeys } from "../deploy/parameters.ts";
import { deployRollup } from "../deploy/deploy.ts";
import { addStake, approve, attachRollup, type ChainClient, deposit, register, transfer } from "../chain/index.ts";
import { PROFILES } from "../protocol/profile.ts";
import { BID_UNIT } from "../protocol/terms.ts";
import type { ProvingCircuits } from "../block/proveSlots.ts";
import { crownDepths } from "../proving/crownDepth.ts";
import { keyOwnershipInput } from "../proving/inputs.ts";
import { ProverPool, type ProvingCircuit } from "../proving/pool.ts";
import { loadProfileBuild } from "../setup/profileBuild.ts";
import type { Rules } from "../state/executor.ts";
import { State } from "../state/state.ts";
import { accountsOf, type Cast, castOf, type Party } from "./cast.ts";
import type { DemoOptions } from "./options.ts";
import { type L1, openL1 } from "./l1.ts";
import { count, tokens } from "./format.ts";
import { Tally } from "./tally.ts";

/** Everything that the demo plays with. */
export interface World {
  readonly l1: L1;
  readonly client: ChainClient;
  readonly cast: Cast;
  readonly rules: Rules;
  readonly economics: Economics;
  readonly circuits: ProvingCircuits;
  readonly pool: ProverPool;
  /** After the last final block. */
  state: State;
  readonly tally: Tally;
  readonly stake: bigint;
  readonly output: DemoOptions["output"];
  readonly signal: AbortSignal;
}

const ETHER = 10n ** 18n;

/** What a proposer locks for heights of one parity, BID_UNIT. */
const DEPOSIT = (50n * ETHER) / BID_UNIT;

/** Seconds. A chain whose clock can be moved waits for nobody, so its windows suit the slowest machine. */
const PATIENT = { proposalWindow: 600, acceptanceWindow: 7_200, exitDelay: 40_000 };
const REAL_TIME = { proposalWindow: 30, acceptanceWindow: 480, exitDelay: 7_200, escapeDelay: 900 };

/** What every user has on L1 to begin with, wei. */
const POCKET = 200n * ETHER;

/** Deploys a rollup with a genesis, registers the provers with real proofs, and takes the proposers' seats. */
export async function createWorld(
  { profile: name, seed, rpc, output, signal }: DemoOptions,
  policies: Partial<Economics> = {},
): Promise<World> {
  const profile = PROFILES[name];
  const l1 = await openL1(rpc);
  const cast = castOf(seed, l1.provider);
  const accounts = accountsOf(cast.users);
  const economics: Economics = { ...DEVELOPMENT_ECONOMICS, ...(l1.canTravel ? PATIENT : REAL_TIME), ...policies };
  const build = await loadProfileBuild(profile);
  output.note(`deploying token, verifier, registry and rollup (profile ${name})`);
  const deployment = await deployRollup(l1.connection, {
    profile,
    keys: profileKeys(build),
    genesis: genesisOf(profile, accounts),
    economics,
    // Every run has a rollup of its own, also on a node that has seen the demo before.
    label: `demo-${await l1.provider.getBlockNumber()}`,
  });
  const client = attachRollup(l1.provider, deployment);
  const circuits: ProvingCircuits = Object.fromEntries(
    Object.entries(build).map(
      ([
        circuit,
        {
          circuit: { hash, wasmPath },
          key,
        },
      ]): [string, ProvingCircuit] => [circuit, { name: circuit, hash, wasmPath, key }],
    ),
  );
  const world: World = {
    l1,
    client,
    cast,
    rules: { profile, domain: deployment.domain, ...crownDepths(profile) },
    economics,
    circuits,
    pool: new ProverPool(),
    state: State.ofGenesis({ accountDepth: profile.accountDepth, accounts }),
    tally: new Tally(),
    stake: minStake(profile, economics),
    output,
    signal,
  };
  try {
    await endow(world);
  } catch (error) {
    await world.pool.close();
    throw error;
  }
  return world;
}

/** Hands out ether and tokens, registers provers, fills the proposers' lanes. */
async function endow(world: World): Promise<void> {
  const { l1, client, cast, economics, stake, output, signal } = world;
  const proposers = Object.values(cast.proposers);
  const users = [...cast.users, cast.newcomer];
  for (const { address } of [...cast.provers, ...proposers, ...users]) {
    await (await l1.deployer.sendTransaction({ to: address, value: ETHER })).wait();
  }
  for (const { address } of users) await transfer(client, l1.deployer, address, POCKET);
  output.note(
    `registering ${cast.provers.length} provers: a proof of key ownership and ${tokens(stake)} of stake each`,
  );
  await Promise.all(cast.provers.map((prover) => registerProver(world, prover)));
  output.print(
    `\n${count(cast.provers.length, "prover")} registered: each staked ${tokens(stake)} and burned a fee of ` +
      `${tokens(economics.registrationFee)}.`,
  );
  for (const proposer of proposers) await takeSeat(world, proposer);
  // Eligible in a round is who registered in an earlier second than the one in which it opens.
  const { timestamp } = (await l1.provider.getBlock("latest"))!;
  await l1.until(BigInt(timestamp) + 1n, signal);
}

async function registerProver(
  { client, circuits, pool, rules, economics, stake, tally, l1, signal }: World,
  prover: Cast["provers"][number],
): Promise<void> {
  const { key, secret, signer, address } = prover;
  const statement = { key, owner: BigInt(address), domain: rules.domain, seed: 0n, beta: 0n };
  const input = keyOwnershipInput(statement, secret);
  const { proof } = await pool.prove({ circuit: circuits.KeyOwnership!, input, signal });
  tally.proofs++;
  const price = stake + economics.registrationFee;
  await transfer(client, l1.deployer, address, price);
  await approve(client, signer, await client.registry.getAddress(), price);
  prover.index = (await register(client, signer, { key, stake, proof })).index;
  tally.burned += economics.registrationFee;
  tally.registrationFees += economics.registrationFee;
  tally.staked += stake;
}

/** From the deployer's tokens. Counts in rounds that open in a later second. */
export async function increaseStake(
  { client, l1, signal, tally }: World,
  { signer, address, index }: Cast["provers"][number],
  amount: bigint,
): Promise<void> {
  await transfer(client, l1.deployer, address, amount);
  await approve(client, signer, await client.registry.getAddress(), amount);
  await addStake(client, signer, index, amount);
  tally.staked += amount;
  const { timestamp } = (await l1.provider.getBlock("latest"))!;
  await l1.until(BigInt(timestamp) + 1n, signal);
}

async function takeSeat({ client, l1 }: World, { signer, address }: Party): Promise<void> {
  const total = 2n * DEPOSIT * BID_UNIT;
  await transfer(client, l1.deployer, address, total);
  await approve(client, signer, await client.rollup.getAddress(), total);
  await deposit(client, signer, 0, DEPOSIT);
  await deposit(client, signer, 1, DEPOSIT);
}
