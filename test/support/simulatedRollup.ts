import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { NetworkConnection } from "hardhat/types/network";
import { concat, dataLength, dataSlice } from "ethers";
import { deployModule } from "../../src/deploy/deploy.ts";
import { DEVELOPMENT_ECONOMICS, parametersOf, type Economics } from "../../src/deploy/parameters.ts";
import * as actions from "../../src/chain/actions/index.ts";
import { attachRollup, type ChainClient } from "../../src/chain/client.ts";
import { genesisOf } from "../../src/deploy/genesis.ts";
import { type EscapeStatement, exitClaimInputs, type ExitStatement } from "../../src/protocol/claims.ts";
import { escapeClaimPublicInputs, exitClaimPublicInputs } from "../../src/protocol/publicInputs.ts";
import { dataEval, dataHash, encodeData, packOperationWords, WORD_BYTES } from "../../src/protocol/data.ts";
import { blockWithdrawalsRoot } from "../../src/protocol/exit.ts";
import { hasFlag, packFlags, type Flags } from "../../src/protocol/flags.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { operationNodes, type Profile } from "../../src/protocol/profile.ts";
import { dataChallenge, orderCommitment, proposalId } from "../../src/protocol/proposal.ts";
import { roundId } from "../../src/protocol/round.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import { assignedCounts, encodeAssigned, type Transcript } from "../../src/protocol/transcript.ts";
import type { Account } from "../../src/state/account.ts";
import type { ExecutedBlock } from "../../src/state/executor.ts";
import { createSetup, encodedKeys, type Forest, type ForestSetup, proveSlot } from "../../src/sim/trapdoorForest.ts";
import { Random } from "../../src/sim/random.ts";
import { tauBeacon, tauSecrets } from "../../src/proving/keys/beacon.ts";
import { encodeVerifyingKeys } from "../../src/proving/keys/provingKey.ts";
import { loadCurve } from "../../src/proving/curve.ts";
import type { ProfileBuild } from "../../src/setup/profileBuild.ts";
import {
  type CircuitTrapdoor,
  type CommonTrapdoor,
  encodeCircuit,
  encodeProof,
  FIELD,
  randomCircuit,
  simulateProof,
} from "../../src/sim/trapdoor.ts";

/**
 * A rollup whose verifying keys have a known trapdoor: its blocks are made up, their proofs are accepted, and gas is
 * exact.
 */
export interface SimulatedRollup {
  readonly connection: NetworkConnection;
  readonly client: ChainClient;
  readonly setup: ForestSetup;
  /** Trapdoors of ExitClaim and EscapeClaim. */
  readonly claims: { readonly exitClaim: CircuitTrapdoor; readonly escapeClaim: CircuitTrapdoor };
  readonly random: Random;
  readonly deployer: HardhatEthersSigner;
  /** Keys by prover index; index 0 is nobody. */
  readonly keys: readonly bigint[];
  readonly proposers: readonly HardhatEthersSigner[];
}

export interface SimulatedRollupOptions {
  readonly profile: Profile;
  /** Registered provers, indexes 1 .. provers, all owned by the deployer. */
  readonly provers: number;
  /** Seated in both lanes. */
  readonly proposers: number;
  readonly economics?: Partial<Economics>;
  /** What the L2 begins with; without them it has a root that nobody knows the accounts of. */
  readonly accounts?: readonly Account[];
  /** Real keys for claims, instead of those with a trapdoor. */
  readonly realClaims?: RealClaims;
}

/** Verifying keys of ExitClaim and EscapeClaim, and what they share with all circuits. */
export interface RealClaims {
  readonly common: CommonTrapdoor;
  readonly exitClaim: string;
  readonly escapeClaim: string;
}

/** The claims of a build with development keys: its alpha, beta and gamma are known to everybody. */
export async function developmentClaims({ ExitClaim, EscapeClaim }: ProfileBuild): Promise<RealClaims> {
  const { alpha, beta } = tauSecrets(await loadCurve(), tauBeacon());
  const [exitClaim, escapeClaim] = encodeVerifyingKeys([ExitClaim.key, EscapeClaim.key]).circuits;
  return { common: { alpha, beta, gamma: 1n }, exitClaim: exitClaim!, escapeClaim: escapeClaim! };
}

/** The deployer owns all provers and must be able to pay for thousands. */
const SMALL_STAKES = { stakePerSlot: 10n ** 15n, slashPerSlot: 10n ** 15n, noShowFee: 10n ** 13n };

/** Deposit of each lane, BID_UNIT. */
export const SEAT = 1_000_000n;

export async function createSimulatedRollup(
  connection: NetworkConnection,
  options: SimulatedRollupOptions,
): Promise<SimulatedRollup> {
  const { profile } = options;
  const random = new Random(`simulated/${profile.name}/${profile.arity}/${profile.levels}`);
  const { realClaims } = options;
  const setup = createSetup(random, profile.arity, profile.levels, profile.operationsPerBase, realClaims?.common);
  const claims = {
    exitClaim: randomCircuit(random, setup.common, 3),
    escapeClaim: randomCircuit(random, setup.common, 4),
  };
  const economics = { ...DEVELOPMENT_ECONOMICS, ...SMALL_STAKES, ...options.economics };
  const keys = {
    ...encodedKeys(setup),
    exitClaim: realClaims?.exitClaim ?? encodeCircuit(claims.exitClaim),
    escapeClaim: realClaims?.escapeClaim ?? encodeCircuit(claims.escapeClaim),
  };
  const genesis = options.accounts
    ? genesisOf(profile, options.accounts)
    : { root: random.below(FIELD), supply: 10n ** 21n, accounts: [] };
  const parameters = parametersOf({ profile, genesis, economics }, keys);
  const deployment = await deployModule(connection, { profile }, parameters);
  const [deployer, ...others] = await connection.ethers.getSigners();
  const world: SimulatedRollup = {
    connection,
    client: attachRollup(connection.ethers.provider, deployment),
    setup,
    claims,
    random,
    deployer: deployer!,
    keys: [0n, ...Array.from({ length: options.provers }, () => random.below(FIELD))],
    proposers: others.slice(0, options.proposers),
  };
  await seatProposers(world);
  await actions.approve(world.client, world.deployer, deployment.contracts.registry, 2n ** 255n);
  for (const key of world.keys.slice(1)) await registerKey(world, key);
  return world;
}

async function seatProposers({ client, deployer, proposers }: SimulatedRollup): Promise<void> {
  const { rollup } = client.deployment.contracts;
  for (const proposer of proposers) {
    await actions.transfer(client, deployer, proposer.address, 2n * SEAT * BID_UNIT);
    await actions.approve(client, proposer, rollup, 2n ** 255n);
    for (const lane of [0, 1] as const) await actions.deposit(client, proposer, lane, SEAT);
  }
}

/** Registers a key for the deployer. */
export async function registerKey(world: SimulatedRollup, key: bigint) {
  const { client, deployer } = world;
  return actions.register(client, deployer, {
    key,
    stake: await client.registry.minStake(),
    proof: keyProof(world, key),
  });
}

/** A simulated KeyOwnership proof for the deployer. */
export function keyProof({ client, deployer, setup, random }: SimulatedRollup, key: bigint): string {
  const inputs = [key, BigInt(deployer.address), client.deployment.domain, 0n, 0n];
  return encodeProof(simulateProof(random, setup.keyOwnership, inputs));
}

export interface SimulatedBlockOptions {
  readonly proposer: HardhatEthersSigner;
  /** BID_UNIT. */
  readonly burnBid: bigint;
  readonly transcript: Transcript;
  /** Words of random data behind the operations that are due. Not looked at if the block is executed. */
  readonly words?: number;
  /** A real block, with the operations that are due. */
  readonly executed?: ExecutedBlock;
  readonly fees?: bigint;
  readonly withdrawalsRoot?: bigint;
  /** The block of the open round that this one builds on, for the next height. */
  readonly parent?: SimulatedBlock;
}

/** What a block does to the L2. */
interface Effects {
  readonly data: string;
  readonly txsRoot: bigint;
  readonly nextStateRoot: bigint;
  readonly fees: bigint;
  readonly l1OpCount: bigint;
  readonly txCount: bigint;
  readonly withdrawalsRoot: bigint;
}

/** A block with all its secrets, as its proposer knows it. */
export interface SimulatedBlock extends SimulatedBlockOptions, actions.CommitParameters {
  readonly effects: Effects;
  readonly salt: string;
  readonly proposalId: bigint;
  readonly prevStateRoot: bigint;
}

/** A block for the round that takes commits now. */
export async function draftBlock(
  { client, random }: SimulatedRollup,
  options: SimulatedBlockOptions,
): Promise<SimulatedBlock> {
  const { proposer, burnBid, parent, executed } = options;
  const { domain, profile, chunkWords } = client.deployment;
  const { commitRound, ...final } = await actions.getRoundState(client);
  if (commitRound === undefined) throw new Error("no commits are taken now");
  const id = roundId(commitRound);
  const effects = executed ? effectsOf(profile, executed) : await randomEffects(client, random, options);
  const { txsRoot, data } = effects;
  const salt = `0x${random.word().toString(16).padStart(64, "0")}`;
  const order = {
    domain,
    roundId: id,
    proposer: proposer.address,
    txsRoot,
    dataHash: dataHash(data, chunkWords),
    salt,
  };
  const commitment = orderCommitment(order);
  const proverShareBps = 5_000;
  const proposal = {
    domain,
    roundId: id,
    parent: parent?.proposalId ?? final.parent,
    orderCommitment: commitment,
    proverShareBps,
  };
  const parentRef = parent === undefined ? 0 : Number(await client.rollup.seatOf(parent.proposer.address));
  return {
    ...options,
    terms: { roundId: id, proverShareBps, burnBid, parentRef },
    orderCommitment: commitment,
    effects,
    salt,
    proposalId: proposalId({ ...proposal, proposer: proposer.address }),
    prevStateRoot: parent === undefined ? final.stateRoot : parent.effects.nextStateRoot,
  };
}

function effectsOf(profile: Profile, { data, txsRoot, state, bases, l1OpCount, exits }: ExecutedBlock): Effects {
  return {
    data,
    txsRoot,
    nextStateRoot: state.root,
    fees: bases.reduce((sum, { fees }) => sum + fees, 0n),
    l1OpCount: BigInt(l1OpCount),
    txCount: bases.reduce((sum, { txCount }) => sum + txCount, 0n),
    withdrawalsRoot: blockWithdrawalsRoot(profile, exits),
  };
}

/** Words that are no transactions, and roots of nothing. */
async function randomEffects(
  client: ChainClient,
  random: Random,
  { words = 0, fees = 0n, withdrawalsRoot = 0n }: SimulatedBlockOptions,
): Promise<Effects> {
  const { profile } = client.deployment;
  const due = (await actions.getDueOperations(client)).map(({ packed }) => packed);
  const { operationsPerBase } = profile;
  const operations = Array.from({ length: operationNodes(profile, due.length) }, (_, node) =>
    packOperationWords(profile, due.slice(node * operationsPerBase, (node + 1) * operationsPerBase)),
  );
  const wordList = [...operations.flat(), ...Array.from({ length: words }, () => random.word() >> 16n)];
  return {
    data: encodeData(wordList, due.length),
    txsRoot: random.below(FIELD),
    nextStateRoot: random.below(FIELD),
    fees,
    l1OpCount: BigInt(due.length),
    txCount: BigInt(3 * words),
    withdrawalsRoot,
  };
}

/** What is proven depends on the proposal alone, however often it is proven. */
const provenBy = (block: SimulatedBlock): Random => new Random(`block/${block.proposalId}`);

export const revealBlock = ({ client }: SimulatedRollup, block: SimulatedBlock, commitment: actions.Commitment) =>
  actions.reveal(client, block.proposer, {
    commitment,
    txsRoot: block.effects.txsRoot,
    salt: block.salt,
    data: block.effects.data,
  });

/** A proven forest for the block; every assigned slot is voted and delivered unless `flags` say otherwise. */
export function proveBlock(
  { client, setup, random, keys }: SimulatedRollup,
  block: SimulatedBlock,
  commitment: actions.Commitment,
  flags: Flags = fulfilled(block.transcript),
): actions.SubmitProofParameters {
  const slotKeys = block.transcript.map((index) => keys[index] ?? 0n);
  const assigned = assignedCounts(block.transcript, slotKeys);
  const r = dataChallenge(block.orderCommitment);
  const proven = provenBy(block);
  const { data, ...effects } = block.effects;
  const forest: Forest = {
    setup,
    statement: {
      ...effects,
      dataEval: dataEval(wordsOf(data), r),
      proversRoot: proven.below(FIELD),
      domain: client.deployment.domain,
      proposalId: block.proposalId,
      r,
      roundSeed: 0n,
      burnBid: block.burnBid,
      prevStateRoot: block.prevStateRoot,
    },
    rootCommitment: proven.below(FIELD),
    slots: slotKeys.map((key, slot) => ({
      key,
      assigned: assigned[slot]!,
      voted: hasFlag(flags, "voted", slot),
      delivered: hasFlag(flags, "delivered", slot),
      content: proven.below(FIELD),
      beta: 0n,
    })),
    proofs: [],
  };
  const { statement, rootCommitment, slots } = forest;
  return {
    commitment,
    forest: {
      ...{ statement, flags, rootCommitment },
      keys: slotKeys,
      assigned: encodeAssigned(assigned),
      contents: slots.slice(1).map(({ content }) => content),
      betas: [],
      proofs: concat(slots.map((_, slot) => proveSlot(random, forest, slot))),
    },
  };
}

const wordsOf = (data: string): bigint[] =>
  Array.from({ length: dataLength(data) / WORD_BYTES }, (_, i) =>
    BigInt(dataSlice(data, i * WORD_BYTES, (i + 1) * WORD_BYTES)),
  );

const fulfilled = (transcript: Transcript): Flags => {
  const isAssigned = (slot: number): boolean => transcript[slot] !== 0;
  return packFlags(transcript.length, { voted: isAssigned, delivered: isAssigned });
};

/** Every slot in turn to provers 1 .. n. */
export const fullTranscript = (profile: Profile, provers: number): Transcript =>
  Array.from({ length: slotCount(profile) }, (_, slot) => (slot % provers) + 1);

/** Moves the clock of the chain to a boundary of the round. */
export async function passTo(
  { connection, client }: SimulatedRollup,
  boundary: "proposalEnds" | "revealEnds" | "acceptanceEnds",
): Promise<void> {
  await connection.networkHelpers.time.increaseTo((await actions.getRoundState(client))[boundary]);
}

/** Takes a block that was drafted in the open round through its whole life, alone. */
export async function decideBlock(world: SimulatedRollup, block: SimulatedBlock): Promise<actions.Advance> {
  const { client, deployer } = world;
  const { commitment } = await actions.commit(client, block.proposer, block);
  await passTo(world, "proposalEnds");
  await revealBlock(world, block, commitment);
  await actions.submitProof(client, deployer, proveBlock(world, block, commitment));
  await passTo(world, "acceptanceEnds");
  return actions.advance(client, deployer);
}

/** A simulated proof of exits, in the order of the claims. */
export function simulateExits(
  { claims, random }: SimulatedRollup,
  statements: readonly ExitStatement[],
): { commitment: bigint; proof: string } {
  const inputs = exitClaimInputs(statements);
  return {
    commitment: inputs.commitment,
    proof: encodeProof(simulateProof(random, claims.exitClaim, exitClaimPublicInputs(inputs))),
  };
}

/** A simulated proof of what an account holds. */
export function simulateEscape({ claims, random }: SimulatedRollup, statement: EscapeStatement): string {
  return encodeProof(simulateProof(random, claims.escapeClaim, escapeClaimPublicInputs(statement)));
}
