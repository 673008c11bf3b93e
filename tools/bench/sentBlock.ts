import hre from "hardhat";
import type { ContractTransactionReceipt } from "ethers";
import * as actions from "../../src/chain/actions/index.ts";
import type { ProvenForest } from "../../src/protocol/forest.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { PART_LIMITS, partsOf, planCuts, type SlotRange } from "../../src/protocol/parts.ts";
import { baseCount, elementsPerBase, type Profile } from "../../src/protocol/profile.ts";
import type { Transcript } from "../../src/protocol/transcript.ts";
import { createMadeUpWorld, keyProof, type MadeUpWorld, passTo } from "../../src/sim/madeUp.ts";
import { draftBlock, proveBlock, revealBlock } from "../../src/sim/madeUpBlock.ts";

/** A binary forest whose bases are at this depth. */
export const scaleProfile = (levels: number): Profile => ({
  name: `scale-${levels}`,
  arity: 2,
  levels,
  accountDepth: 8,
  transfersPerBase: 16,
  operationsPerBase: 16,
});

/** A block of which all was sent to L1, and what each transaction took. */
export interface SentBlock {
  readonly profile: Profile;
  readonly world: MadeUpWorld;
  readonly forest: ProvenForest;
  readonly register: number;
  readonly commit: number;
  readonly reveals: readonly number[];
  readonly parts: readonly number[];
  readonly submission: number;
}

/** From registrations to a candidate. */
export async function sendBlock(
  levels: number,
  provers: number,
  note: (line: string) => void,
  signal?: AbortSignal,
): Promise<SentBlock> {
  const profile = scaleProfile(levels);
  const slots = slotCount(profile);
  const connection = await hre.network.create();
  const bare = await createMadeUpWorld(connection, { profile, provers: 0, proposers: 1 });
  const { world, register } = await registerMany(bare, provers, signal);
  note(`${slots} slots: ${provers} provers registered, the last one for ${register.toLocaleString("en")} gas`);

  const { client, deployer, proposers } = world;
  const transcript = spreadTranscript(slots, provers);
  const elements = baseCount(profile) * elementsPerBase(profile);
  const [proposer] = proposers;
  const block = await draftBlock(world, { proposer: proposer!, burnBid: 1_000n, transcript, elements });
  const committed = await actions.commit(client, proposer!, block);
  await passTo(world, "proposalEnds");
  const { receipts } = await revealBlock(world, block, committed.commitment);
  signal?.throwIfAborted();

  const proven = proveBlock(world, block, committed.commitment);
  const { forest } = proven;
  // So that the smaller blocks have cuts, too.
  const cuts = planCuts(profile, { ...PART_LIMITS, proofs: Math.min(PART_LIMITS.proofs, Math.ceil(slots / 2)) });
  const parts: number[] = [];
  // The order does not matter: here from the bases up, as they are proven.
  for (const range of partsOf(profile, cuts).reverse()) {
    signal?.throwIfAborted();
    parts.unshift(receiptGas(await verifyPart(world, forest, range)));
  }
  const { receipt } = await actions.submitProof(client, deployer, { ...proven, cuts });
  const all = (sum(parts) + receiptGas(receipt)).toLocaleString("en");
  note(`${slots} slots: ${parts.length} parts and a submission, ${all} gas`);
  return {
    ...{ profile, world, forest, register, parts },
    commit: receiptGas(committed.receipt),
    reveals: receipts.map(receiptGas),
    submission: receiptGas(receipt),
  };
}

/** Registers provers 1 .. n for the deployer, by real transactions that nobody waits for. */
async function registerMany(
  world: MadeUpWorld,
  provers: number,
  signal: AbortSignal | undefined,
): Promise<{ world: MadeUpWorld; register: number }> {
  const { client, deployer, random } = world;
  const stake = await client.registry.minStake();
  const keys = [0n];
  let register = 0;
  for (let nonce = await deployer.getNonce(); keys.length <= provers; nonce++) {
    signal?.throwIfAborted();
    const key = random.word() >> 8n;
    keys.push(key);
    const sent = await client.registry
      .connect(deployer)
      .register(key, stake, keyProof(world, key), { nonce, gasLimit: 500_000 });
    if (keys.length > provers) register = receiptGas((await sent.wait())!);
  }
  const registered = Number(await client.registry.proverCount());
  if (registered !== provers) throw new Error(`${registered} provers registered, expected ${provers}`);
  return { world: { ...world, keys }, register };
}

/**
 * Every slot to another prover, and big and small indexes alike in each stretch of it: a zero byte of calldata costs
 * less than others.
 */
export const spreadTranscript = (slots: number, provers: number): Transcript =>
  Array.from({ length: slots }, (_, slot) => 1 + ((slot * 2_731) % provers));

export async function verifyPart(
  world: MadeUpWorld,
  forest: ProvenForest,
  range: SlotRange,
): Promise<ContractTransactionReceipt> {
  const receipt = await actions.verifyPart(world.client, world.deployer, forest, range);
  if (receipt === undefined) throw new Error(`part ${range.first} to ${range.end} was verified before`);
  return receipt;
}

export const receiptGas = ({ gasUsed }: { gasUsed: bigint }): number => Number(gasUsed);

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
