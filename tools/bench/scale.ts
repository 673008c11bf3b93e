import hre from "hardhat";
import { dataLength, type ContractTransactionReceipt } from "ethers";
import * as actions from "../../src/chain/actions/index.ts";
import { encodeTranscript, type Transcript } from "../../src/protocol/transcript.ts";
import { packFlags } from "../../src/protocol/flags.ts";
import type { ProvenForest } from "../../src/protocol/forest.ts";
import { firstSlot, slotCount } from "../../src/protocol/nodes.ts";
import { PART_LIMITS, partsOf, planCuts, type SlotRange } from "../../src/protocol/parts.ts";
import { transfersPerBlock, elementsPerBase, baseCount, type Profile } from "../../src/protocol/profile.ts";
import { intrinsicGas, TRANSACTION_GAS_CAP } from "./forestGas.ts";
import {
  createMadeUpWorld,
  draftBlock,
  keyProof,
  passTo,
  proveBlock,
  revealBlock,
  type MadeUpWorld,
} from "../../src/sim/madeUp.ts";
import { fitLine, type Line } from "./fit.ts";

/**
 * A block of 16,384 transfers under 2,047 proofs by as many of 4,096 provers, from commit to candidate: all of it is
 * sent to an in-process chain, with simulated proofs, whose gas is that of real ones. Smaller blocks of the same kind
 * show that what it costs grows in a straight line.
 */
export interface ScaleReport {
  /** Registered one by one; `register` is what the last one paid. */
  readonly provers: number;
  readonly register: number;
  readonly slots: number;
  /**
   * In a lane that has a deposit and no commit yet, by slots of the transcript. From about 370 slots on its calldata
   * alone decide (EIP-7623).
   */
  readonly commit: { readonly small: Growth; readonly large: Growth };
  /** `resolve` of a transcript whose provers are all different, by slots. Without what the transaction itself costs. */
  readonly resolve: Growth;
  /**
   * `count` of a forest whose provers are all different and fulfilled, by slots. Without what the transaction itself
   * costs.
   */
  readonly count: Growth;
  /** Parts of the forest with base nodes only, by proofs. */
  readonly part: Growth;
  /** Parts with merges only, whose children are all elsewhere, by proofs. */
  readonly mergePart: Growth;
  /** The submission that names the cuts, by slots. */
  readonly submission: Growth;
  /** The dearest transaction, and what one may cost. */
  readonly largestTransaction: { readonly gas: number; readonly cap: number };
  readonly whole: WholeBlock;
}

/** Gas by size, and the line through it. */
export interface Growth {
  readonly bySize: Readonly<Record<string, number>>;
  readonly marginal: number;
  readonly fixed: number;
  /** Of a measurement from the line, and as a part of the measurement. */
  readonly largestDeviation: number;
  readonly largestDeviationRatio: number;
}

/** Everything that L1 was sent for the largest block. */
export interface WholeBlock {
  readonly transfers: number;
  readonly commit: number;
  readonly parts: readonly number[];
  readonly submission: number;
  /** Of six blobs each at most, without what the blobs themselves cost. */
  readonly reveals: readonly number[];
  readonly total: number;
  readonly perProof: number;
  readonly perTransfer: { readonly proof: number; readonly data: number; readonly total: number };
}

export interface BenchScaleOptions {
  readonly signal?: AbortSignal | undefined;
  readonly note: (line: string) => void;
}

const PROVERS = 4_096;
/** Depth of the bases of the blocks that are sent. */
const LEVELS = [6, 8, 10] as const;
/** Proofs in the parts that are compared. */
const PARTS = [60, 120, 180, 240] as const;
/** Depth of the bases of the transcripts that are committed only. */
const COMMITTED = { small: [3, 4, 5, 6, 7], large: [8, 9, 10] } as const;
/** Transcripts that are resolved and counted, as levels. */
const COUNTED = [6, 7, 8, 9, 10] as const;

/** The same of the small block. */
const SMALL_LEVELS = 6;
const SMALL_COUNTED = [4, 5, 6] as const;
const SMALL_PARTS = [16, 32, 48] as const;

const profileOf = (levels: number): Profile => ({
  name: `scale-${levels}`,
  arity: 2,
  levels,
  accountDepth: 8,
  transfersPerBase: 16,
  operationsPerBase: 16,
});

export async function benchScale({ signal, note }: BenchScaleOptions): Promise<ScaleReport> {
  const commitsOf = (depths: readonly number[]) =>
    grow(depths, (levels) => [slotCount(profileOf(levels)), measureCommit(levels)]);
  const commit = { small: await commitsOf(COMMITTED.small), large: await commitsOf(COMMITTED.large) };
  note(describe("a small commit", commit.small, "slot"));
  note(describe("a large commit", commit.large, "slot"));

  const blocks: SentBlock[] = [];
  for (const levels of LEVELS) {
    signal?.throwIfAborted();
    blocks.push(
      await sendBlock(levels, levels === LEVELS.at(-1) ? PROVERS : slotCount(profileOf(levels)), note, signal),
    );
  }
  const largest = blocks.at(-1)!;
  const { world, profile, forest } = largest;
  const transcripts = COUNTED.map((levels) => spreadTranscript(slotCount(profileOf(levels)), PROVERS));
  const resolve = await grow(transcripts, (transcript) => [transcript.length, measureResolve(world, transcript)]);
  const count = await grow(transcripts, (transcript) => [transcript.length, measureCount(world, transcript)]);

  const partsAt = (first: number) =>
    grow(PARTS, (proofs) => [
      proofs,
      verifyPart(world, forest, { first, end: first + proofs }).then(({ gasUsed }) => Number(gasUsed)),
    ]);
  // Neither is one of the parts that the block was sent in.
  const part = await partsAt(firstSlot(profile, profile.levels) + 2);
  note(describe("a part of bases", part, "proof"));
  const mergePart = await partsAt(firstSlot(profile, profile.levels - 1) + 2);
  note(describe("a part of merges", mergePart, "proof"));

  const whole = wholeOf(largest);
  return {
    provers: PROVERS,
    register: largest.register,
    slots: slotCount(profile),
    commit,
    resolve,
    count,
    part,
    mergePart,
    submission: growthOf(blocks.map(({ profile, submission }) => [slotCount(profile), submission])),
    largestTransaction: {
      gas: Math.max(
        ...whole.parts,
        whole.submission,
        ...whole.reveals,
        ...Object.values(part.bySize),
        ...Object.values(mergePart.bySize),
      ),
      cap: TRANSACTION_GAS_CAP,
    },
    whole,
  };
}

/** The same on one small block: what a slot costs to count, and what a part of a forest costs without its proofs. */
export async function benchParts({
  signal,
  note,
}: BenchScaleOptions): Promise<{ countingPerSlot: number; partFixed: number }> {
  const { world, profile, forest } = await sendBlock(SMALL_LEVELS, slotCount(profileOf(SMALL_LEVELS)), note, signal);
  const transcripts = SMALL_COUNTED.map((levels) => spreadTranscript(slotCount(profileOf(levels)), slotCount(profile)));
  const count = await grow(transcripts, (transcript) => [transcript.length, measureCount(world, transcript)]);
  const first = firstSlot(profile, profile.levels) + 2;
  const part = await grow(SMALL_PARTS, (proofs) => [
    proofs,
    verifyPart(world, forest, { first, end: first + proofs }).then(({ gasUsed }) => Number(gasUsed)),
  ]);
  return { countingPerSlot: Math.round(count.marginal), partFixed: part.fixed };
}

/* BLOCKS */

interface SentBlock {
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
async function sendBlock(
  levels: number,
  provers: number,
  note: (line: string) => void,
  signal?: AbortSignal,
): Promise<SentBlock> {
  const profile = profileOf(levels);
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
    parts.unshift(gasOf(await verifyPart(world, forest, range)));
  }
  const { receipt } = await actions.submitProof(client, deployer, { ...proven, cuts });
  note(
    `${slots} slots: ${parts.length} parts and a submission, ${(sum(parts) + gasOf(receipt)).toLocaleString("en")} gas`,
  );
  return {
    ...{ profile, world, forest, register, parts },
    commit: gasOf(committed.receipt),
    reveals: receipts.map(gasOf),
    submission: gasOf(receipt),
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
    if (keys.length > provers) register = gasOf((await sent.wait())!);
  }
  const registered = Number(await client.registry.proverCount());
  if (registered !== provers) throw new Error(`${registered} provers registered, expected ${provers}`);
  return { world: { ...world, keys }, register };
}

/**
 * Every slot to another prover, and big and small indexes alike in each stretch of it: a zero byte of calldata costs
 * less than others.
 */
const spreadTranscript = (slots: number, provers: number): Transcript =>
  Array.from({ length: slots }, (_, slot) => 1 + ((slot * 2_731) % provers));

async function verifyPart(
  world: MadeUpWorld,
  forest: ProvenForest,
  range: SlotRange,
): Promise<ContractTransactionReceipt> {
  const receipt = await actions.verifyPart(world.client, world.deployer, forest, range);
  if (receipt === undefined) throw new Error(`part ${range.first} to ${range.end} was verified before`);
  return receipt;
}

function wholeOf({ profile, commit, parts, submission, reveals }: SentBlock): WholeBlock {
  const transfers = transfersPerBlock(profile);
  const [proof, data] = [commit + sum(parts) + submission, sum(reveals)];
  return {
    ...{ transfers, commit, parts, submission, reveals },
    total: proof + data,
    perProof: Math.round((sum(parts) + submission) / slotCount(profile)),
    perTransfer: {
      proof: Math.round(proof / transfers),
      data: Math.round(data / transfers),
      total: Math.round((proof + data) / transfers),
    },
  };
}

/* SINGLE CALLS */

/**
 * Of a transcript whose provers nobody has asked for yet. The first commit of a chain opens the round as well: the
 * second one is measured.
 */
async function measureCommit(levels: number): Promise<number> {
  const world = await createMadeUpWorld(await hre.network.create(), {
    profile: profileOf(levels),
    provers: 0,
    proposers: 2,
  });
  const transcript = spreadTranscript(slotCount(profileOf(levels)), PROVERS);
  let gas = 0;
  for (const proposer of world.proposers) {
    const block = await draftBlock(world, { proposer, burnBid: 1_000n, transcript, elements: 1 });
    gas = gasOf((await actions.commit(world.client, proposer, block)).receipt);
  }
  return gas;
}

async function measureResolve({ client, deployer }: MadeUpWorld, transcript: Transcript): Promise<number> {
  const [to, latest] = await Promise.all([client.registry.getAddress(), client.provider.getBlock("latest")]);
  const data = client.registry.interface.encodeFunctionData("resolve", [
    encodeTranscript(transcript),
    latest!.timestamp - 1,
  ]);
  return executionGas(await (await deployer.sendTransaction({ to, data, gasLimit: TRANSACTION_GAS_CAP })).wait(), data);
}

async function measureCount({ client, deployer }: MadeUpWorld, transcript: Transcript): Promise<number> {
  const [to, latest] = await Promise.all([client.scorer.getAddress(), client.provider.getBlock("latest")]);
  const contest = { burnBid: 1_000n, txCount: 0n, exponent: 0n, eligibleAt: latest!.timestamp - 1 };
  const flags = packFlags(transcript.length, { voted: () => true, delivered: () => true });
  const nothing = { provers: 0n, voters: 0n, fulfilledWeight: 0n, flags: [], holdings: [] };
  const data = client.scorer.interface.encodeFunctionData("count", [
    contest,
    encodeTranscript(transcript),
    [...flags],
    [],
    nothing,
  ]);
  return executionGas(await (await deployer.sendTransaction({ to, data, gasLimit: TRANSACTION_GAS_CAP })).wait(), data);
}

/** @throws if calldata alone decide what the transaction costs (EIP-7623) */
function executionGas(receipt: ContractTransactionReceipt | { gasUsed: bigint } | null, data: string): number {
  const used = Number(receipt!.gasUsed);
  const floor = 21_000 + (5 / 2) * (intrinsicGas(data) - 21_000);
  if (used <= floor) throw new Error(`${used} gas for ${dataLength(data)} bytes is no more than the floor`);
  return used - intrinsicGas(data);
}

/* LINES */

async function grow<T>(sizes: readonly T[], measure: (size: T) => readonly [number, Promise<number>]): Promise<Growth> {
  const points: [number, number][] = [];
  for (const size of sizes) {
    const [x, gas] = measure(size);
    points.push([x, await gas]);
  }
  return growthOf(points);
}

function growthOf(points: readonly (readonly [size: number, gas: number])[]): Growth {
  const { slope, intercept, largestDeviation, largestDeviationRatio }: Line = fitLine(points);
  return {
    bySize: Object.fromEntries(points),
    marginal: Math.round(slope * 10) / 10,
    fixed: Math.round(intercept),
    largestDeviation: Math.round(largestDeviation),
    largestDeviationRatio: Math.round(largestDeviationRatio * 1e6) / 1e6,
  };
}

const describe = (what: string, { marginal, fixed, largestDeviationRatio }: Growth, unit: string): string =>
  `${what}: ${fixed.toLocaleString("en")} + ${marginal.toLocaleString("en")} gas a ${unit}, up to ` +
  `${(100 * largestDeviationRatio).toFixed(3)} % off the line`;

const gasOf = ({ gasUsed }: { gasUsed: bigint }): number => Number(gasUsed);

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
