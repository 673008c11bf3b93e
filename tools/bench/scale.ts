import hre from "hardhat";
import { type ContractTransactionReceipt, dataLength } from "ethers";
import * as actions from "../../src/chain/actions/index.ts";
import { packFlags } from "../../src/protocol/flags.ts";
import { firstSlot, slotCount } from "../../src/protocol/nodes.ts";
import { transfersPerBlock } from "../../src/protocol/profile.ts";
import { encodeTranscript, type Transcript } from "../../src/protocol/transcript.ts";
import { createMadeUpWorld, type MadeUpWorld } from "../../src/sim/madeUp.ts";
import { draftBlock } from "../../src/sim/madeUpBlock.ts";
import { intrinsicGas, TRANSACTION_GAS_CAP } from "./forestGas.ts";
import { describeGrowth, grow, type Growth, growthOf } from "./growth.ts";
import { receiptGas, scaleProfile, sendBlock, type SentBlock, spreadTranscript, sum, verifyPart } from "./sentBlock.ts";

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

export async function benchScale({ signal, note }: BenchScaleOptions): Promise<ScaleReport> {
  const commitsOf = (depths: readonly number[]) =>
    grow(depths, (levels) => [slotCount(scaleProfile(levels)), measureCommit(levels)]);
  const commit = { small: await commitsOf(COMMITTED.small), large: await commitsOf(COMMITTED.large) };
  note(describeGrowth("a small commit", commit.small, "slot"));
  note(describeGrowth("a large commit", commit.large, "slot"));

  const blocks: SentBlock[] = [];
  for (const levels of LEVELS) {
    signal?.throwIfAborted();
    blocks.push(
      await sendBlock(levels, levels === LEVELS.at(-1) ? PROVERS : slotCount(scaleProfile(levels)), note, signal),
    );
  }
  const largest = blocks.at(-1)!;
  const { world, profile, forest } = largest;
  const transcripts = COUNTED.map((levels) => spreadTranscript(slotCount(scaleProfile(levels)), PROVERS));
  const resolve = await grow(transcripts, (transcript) => [transcript.length, measureResolve(world, transcript)]);
  const count = await grow(transcripts, (transcript) => [transcript.length, measureCount(world, transcript)]);

  const partsAt = (first: number) =>
    grow(PARTS, (proofs) => [
      proofs,
      verifyPart(world, forest, { first, end: first + proofs }).then(({ gasUsed }) => Number(gasUsed)),
    ]);
  // Neither is one of the parts that the block was sent in.
  const part = await partsAt(firstSlot(profile, profile.levels) + 2);
  note(describeGrowth("a part of bases", part, "proof"));
  const mergePart = await partsAt(firstSlot(profile, profile.levels - 1) + 2);
  note(describeGrowth("a part of merges", mergePart, "proof"));

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
  const { world, profile, forest } = await sendBlock(SMALL_LEVELS, slotCount(scaleProfile(SMALL_LEVELS)), note, signal);
  const transcripts = SMALL_COUNTED.map((levels) =>
    spreadTranscript(slotCount(scaleProfile(levels)), slotCount(profile)),
  );
  const count = await grow(transcripts, (transcript) => [transcript.length, measureCount(world, transcript)]);
  const first = firstSlot(profile, profile.levels) + 2;
  const part = await grow(SMALL_PARTS, (proofs) => [
    proofs,
    verifyPart(world, forest, { first, end: first + proofs }).then(({ gasUsed }) => Number(gasUsed)),
  ]);
  return { countingPerSlot: Math.round(count.marginal), partFixed: part.fixed };
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

/**
 * Of a transcript whose provers nobody has asked for yet. The first commit of a chain opens the round as well: the
 * second one is measured.
 */
async function measureCommit(levels: number): Promise<number> {
  const world = await createMadeUpWorld(await hre.network.create(), {
    profile: scaleProfile(levels),
    provers: 0,
    proposers: 2,
  });
  const transcript = spreadTranscript(slotCount(scaleProfile(levels)), PROVERS);
  let gas = 0;
  for (const proposer of world.proposers) {
    const block = await draftBlock(world, { proposer, burnBid: 1_000n, transcript, elements: 1 });
    gas = receiptGas((await actions.commit(world.client, proposer, block)).receipt);
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
