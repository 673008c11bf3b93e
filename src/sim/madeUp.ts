import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { NetworkConnection } from "hardhat/types/network";
import { id as hashOf, Wallet } from "ethers";
import type { Economics } from "../deploy/economics.ts";
import * as actions from "../chain/actions/index.ts";
import { genesisOf } from "../deploy/genesis.ts";
import { type EscapeStatement, exitClaimInputs, type ExitStatement } from "../protocol/claims.ts";
import { escapeClaimPublicInputs, exitClaimPublicInputs } from "../protocol/publicInputs.ts";
import { slotCount } from "../protocol/nodes.ts";
import type { Profile } from "../protocol/profile.ts";
import type { Account } from "../state/account.ts";
import { Random } from "./random.ts";
import { tauBeacon, tauSecrets } from "../proving/keys/beacon.ts";
import { encodeVerifyingKeys } from "../proving/keys/provingKey.ts";
import { curve } from "../protocol/curve.ts";
import type { ProfileBuild } from "../setup/profileBuild.ts";
import { l1Of } from "./l1.ts";
import { FIELD } from "./trapdoor.ts";
import { type RealClaims, TrapdoorProver } from "./trapdoorProver.ts";
import { createWorld, type World } from "./world.ts";

/**
 * A world of which the blocks are made up: no transactions are behind them, and anything can be claimed of them. Their
 * proofs are accepted, and gas is exact.
 */
export interface MadeUpWorld extends World<TrapdoorProver> {
  readonly connection: NetworkConnection;
  readonly random: Random;
  readonly deployer: HardhatEthersSigner;
  /** Keys by prover index; index 0 is nobody. */
  readonly keys: readonly bigint[];
  readonly proposers: readonly HardhatEthersSigner[];
}

export interface MadeUpWorldOptions {
  readonly profile: Profile;
  /** Registered provers, indexes 1 .. provers, all owned by the deployer. */
  readonly provers: number;
  /** Seated in both lanes; accounts of the node. */
  readonly proposers: number;
  readonly economics?: Partial<Economics>;
  /** What the L2 begins with; without them it has a root that nobody knows the accounts of. */
  readonly accounts?: readonly Account[];
  /** Real keys for claims, instead of those with a trapdoor. */
  readonly realClaims?: RealClaims;
}

/** The claims of a build with development keys: its alpha, beta and gamma are known to everybody. */
export async function developmentClaims({ ExitClaim, EscapeClaim }: ProfileBuild): Promise<RealClaims> {
  const { alpha, beta } = tauSecrets(curve, tauBeacon());
  const [exitClaim, escapeClaim] = encodeVerifyingKeys([ExitClaim.key, EscapeClaim.key]).circuits;
  return { common: { alpha, beta, gamma: 1n }, exitClaim: exitClaim!, escapeClaim: escapeClaim! };
}

/**
 * The deployer owns all provers and must be able to pay for thousands; one of them may hold a whole forest. Bids and
 * sizes are whatever a test makes up.
 */
const smallStakes = (profile: Profile): Partial<Economics> => ({
  minStake: 10n ** 20n,
  eligibleStake: 10n ** 20n,
  maxSlotsPerProver: slotCount(profile),
  baseRateBps: 10_000,
  minBid: 1n,
  uncleMinScoreBps: 1_000,
  scorePolicy: { kind: "plain" },
});

export async function createMadeUpWorld(
  connection: NetworkConnection,
  { profile, provers, proposers: seats, economics, accounts, realClaims }: MadeUpWorldOptions,
): Promise<MadeUpWorld> {
  const prover = new TrapdoorProver(profile, { realClaims });
  const { random } = prover;
  const [deployer, ...others] = await connection.ethers.getSigners();
  const proposers = others.slice(0, seats);
  const cast = {
    ...{ provers: [], users: [], newcomers: [] },
    proposers: proposers.map((signer, i) => ({
      ...{ name: `proposer ${i + 1}`, signer, address: signer.address },
      revealer: new Wallet(hashOf(`${signer.address}/reveals`), connection.ethers.provider),
    })),
  };
  const genesis = accounts
    ? genesisOf(profile, accounts)
    : { root: random.below(FIELD), supply: 10n ** 21n, accounts: [] };
  const world = await createWorld({
    ...{ profile, prover, cast, genesis },
    l1: await l1Of(connection),
    economics: { ...smallStakes(profile), ...economics },
  });
  const keys = [0n, ...Array.from({ length: provers }, () => random.below(FIELD))];
  const madeUp = Object.assign(world, { connection, random, deployer: deployer!, keys, proposers });
  await actions.approve(world.client, deployer!, world.client.deployment.contracts.registry, 2n ** 255n);
  for (const key of keys.slice(1)) await registerKey(madeUp, key);
  return madeUp;
}

/** Registers a key for the deployer. */
export async function registerKey(world: MadeUpWorld, key: bigint) {
  const { client, deployer } = world;
  return actions.register(client, deployer, {
    key,
    stake: await client.registry.minStake(),
    proof: keyProof(world, key),
  });
}

/** A simulated KeyOwnership proof for the deployer. */
export function keyProof({ client, deployer, prover }: MadeUpWorld, key: bigint): string {
  const inputs = [key, BigInt(deployer.address), client.deployment.domain, 0n, 0n];
  return prover.simulate("KeyOwnership", inputs);
}

/** Moves the clock of the chain to a boundary of the round. */
export async function passTo(
  { connection, client }: MadeUpWorld,
  boundary: "proposalEnds" | "revealEnds" | "provingEnds" | "acceptanceEnds",
): Promise<void> {
  await connection.networkHelpers.time.increaseTo((await actions.getRoundState(client))[boundary]);
}

/** A simulated proof of exits, in the order of the claims. */
export function simulateExits(
  { prover }: Pick<MadeUpWorld, "prover">,
  statements: readonly ExitStatement[],
): { commitment: bigint; proof: string } {
  const inputs = exitClaimInputs(statements);
  return {
    commitment: inputs.commitment,
    proof: prover.simulate("ExitClaim", exitClaimPublicInputs(inputs)),
  };
}

/** A simulated proof of what an account holds. */
export function simulateEscape({ prover }: MadeUpWorld, statement: EscapeStatement): string {
  return prover.simulate("EscapeClaim", escapeClaimPublicInputs(statement));
}
