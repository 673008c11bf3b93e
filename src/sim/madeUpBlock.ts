import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { concat, dataSlice, keccak256 } from "ethers";
import * as actions from "../chain/actions/index.ts";
import type { ChainClient } from "../chain/client.ts";
import type { HiddenOrder } from "../block/draft.ts";
import { cutElements } from "../blobs/blob.ts";
import { Kzg } from "../blobs/kzg.ts";
import { makeSidecar } from "../blobs/sidecar.ts";
import { type BlockData, blockEvaluation, decodeOperations, encodeOperations } from "../protocol/blockData.ts";
import { BLOB_FIELD } from "../protocol/blobField.ts";
import { blockWithdrawalsRoot } from "../protocol/exit.ts";
import { hasFlag, packFlags, type Flags } from "../protocol/flags.ts";
import type { SlotProof } from "../protocol/forest.ts";
import { ballotSlots, slotCount } from "../protocol/nodes.ts";
import type { Profile } from "../protocol/profile.ts";
import { PROOF_BYTES } from "../protocol/proof.ts";
import { dataPoint, orderCommitment, proposalId } from "../protocol/proposal.ts";
import { roundId } from "../protocol/round.ts";
import { assignedCounts, encodeAssigned, type Transcript } from "../protocol/transcript.ts";
import type { ExecutedBlock } from "../state/executor.ts";
import { type Forest, proveSlot } from "./trapdoorForest.ts";
import { Random } from "./random.ts";
import { FIELD } from "./trapdoor.ts";
import { type MadeUpWorld, passTo } from "./madeUp.ts";

export interface MadeUpBlockOptions {
  readonly proposer: HardhatEthersSigner;
  /** BID_UNIT. */
  readonly burnBid: bigint;
  /** Half unless it is given. */
  readonly proverShareBps?: number;
  readonly transcript: Transcript;
  /** Random elements in blobs, behind the operations that are due. Not looked at if the block is executed. */
  readonly elements?: number;
  /** A real block, with the operations that are due. */
  readonly executed?: ExecutedBlock;
  readonly fees?: bigint;
  readonly withdrawalsRoot?: bigint;
  /** The block of the open round that this one builds on, for the next height. */
  readonly parent?: MadeUpBlock;
}

/** What a block does to the L2. */
interface Effects {
  readonly data: BlockData;
  readonly txsRoot: bigint;
  readonly nextStateRoot: bigint;
  readonly fees: bigint;
  readonly l1OpCount: bigint;
  readonly txCount: bigint;
  readonly withdrawalsRoot: bigint;
}

/** A block with all its secrets, as its proposer knows it. */
export interface MadeUpBlock extends MadeUpBlockOptions, actions.CommitParameters {
  readonly effects: Effects;
  readonly order: HiddenOrder;
  readonly blobs: readonly actions.RevealedBlob[];
  readonly proposalId: bigint;
  readonly prevStateRoot: bigint;
}

/** A block for the round that takes commits now. */
export async function draftBlock(
  { client, random, blobs }: MadeUpWorld,
  options: MadeUpBlockOptions,
): Promise<MadeUpBlock> {
  const { proposer, burnBid, proverShareBps = 5_000, parent, executed } = options;
  const { domain, profile } = client.deployment;
  const { commitRound, ...final } = await actions.getRoundState(client);
  if (commitRound === undefined) throw new Error("no commits are taken now");
  const id = roundId(commitRound);
  const effects = executed ? effectsOf(profile, executed) : await randomEffects(client, random, options);
  const { txsRoot, txCount, data } = effects;
  const coefficients = cutElements(data.elements);
  const sidecars = [];
  for (const each of coefficients) {
    const sidecar = await makeSidecar(each);
    await blobs.put(sidecar.versionedHash, sidecar.blob);
    sidecars.push(sidecar);
  }
  const order = {
    ...{ txsRoot, txCount },
    blobHashes: sidecars.map(({ versionedHash }) => versionedHash),
    operationsHash: keccak256(data.operations),
    salt: `0x${random.word().toString(16).padStart(64, "0")}`,
  };
  const commitment = orderCommitment({ domain, roundId: id, proposer: proposer.address, ...order });
  const [kzg, z] = [await Kzg.load(), dataPoint(commitment)];
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
    ...{ effects, order },
    blobs: sidecars.map((sidecar, i) => ({ sidecar, ...kzg.open(coefficients[i]!, z) })),
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

/** Elements that are no transactions, and roots of nothing. */
async function randomEffects(
  client: ChainClient,
  random: Random,
  { elements = 0, fees = 0n, withdrawalsRoot = 0n }: MadeUpBlockOptions,
): Promise<Effects> {
  const due = (await actions.getDueOperations(client)).map(({ packed }) => packed);
  return {
    data: {
      operations: encodeOperations(due),
      elements: Array.from({ length: elements }, () => random.word() % BLOB_FIELD),
    },
    txsRoot: random.below(FIELD),
    nextStateRoot: random.below(FIELD),
    fees,
    l1OpCount: BigInt(due.length),
    txCount: BigInt(elements),
    withdrawalsRoot,
  };
}

/** What is proven depends on the proposal alone, however often it is proven. */
const provenBy = (block: MadeUpBlock): Random => new Random(`block/${block.proposalId}`);

export const revealBlock = (
  { client, cast }: MadeUpWorld,
  { proposer, order, blobs, effects }: MadeUpBlock,
  commitment: actions.Commitment,
) => {
  const { revealer } = cast.proposers.find(({ address }) => address === proposer.address)!;
  return actions.reveal(client, revealer, { commitment, order, blobs, operations: effects.data.operations });
};

/** What a race's round draws. */
export interface Draw {
  /** 0 unless the score policy uses outputs. */
  readonly roundSeed: bigint;
  /** The output of a prover, by its index. */
  readonly betaOf: (prover: number) => bigint;
}

const NO_DRAW: Draw = { roundSeed: 0n, betaOf: () => 0n };

/** A proven forest for the block; every assigned slot is voted and delivered unless `flags` say otherwise. */
export function proveBlock(
  { client, prover: { setup, random }, keys }: MadeUpWorld,
  block: MadeUpBlock,
  commitment: actions.Commitment,
  flags: Flags = fulfilled(block.transcript),
  { roundSeed, betaOf }: Draw = NO_DRAW,
): actions.SubmitProofParameters {
  const slotKeys = block.transcript.map((index) => keys[index] ?? 0n);
  const assigned = assignedCounts(block.transcript, slotKeys);
  const z = dataPoint(block.orderCommitment);
  const proven = provenBy(block);
  const { data, ...effects } = block.effects;
  const forest: Forest = {
    setup,
    statement: {
      ...effects,
      dataEval: blockEvaluation(
        client.deployment.profile,
        decodeOperations(data.operations),
        block.blobs.map(({ y }) => y),
        z,
      ),
      proversRoot: proven.below(FIELD),
      domain: client.deployment.domain,
      proposalId: block.proposalId,
      z,
      roundSeed,
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
      beta: roundSeed !== 0n && hasFlag(flags, "delivered", slot) ? betaOf(block.transcript[slot]!) : 0n,
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
      betas: roundSeed === 0n ? [] : slots.map(({ beta }) => beta),
      proofs: concat(slots.map((_, slot) => proveSlot(random, forest, slot))),
    },
  };
}

/** One proof of a made-up forest, as L1 is shown it alone. */
export function slotProof(
  { client }: MadeUpWorld,
  { forest: { flags, keys, betas, proofs } }: actions.SubmitProofParameters,
  slot: number,
): SlotProof {
  const { profile } = client.deployment;
  return {
    slot,
    workerKey: hasFlag(flags, "delivered", slot) ? keys[slot]! : 0n,
    beta: betas[slot] ?? 0n,
    mask: ballotSlots(profile, slot).reduce(
      (mask, voter, bit) => mask | (BigInt(hasFlag(flags, "voted", voter)) << BigInt(bit)),
      0n,
    ),
    proof: dataSlice(proofs, PROOF_BYTES * slot, PROOF_BYTES * (slot + 1)),
  };
}

const fulfilled = (transcript: Transcript): Flags => {
  const isAssigned = (slot: number): boolean => transcript[slot] !== 0;
  return packFlags(transcript.length, { voted: isAssigned, delivered: isAssigned });
};

/** Every slot in turn to provers 1 .. n. */
export const fullTranscript = (profile: Profile, provers: number): Transcript =>
  Array.from({ length: slotCount(profile) }, (_, slot) => (slot % provers) + 1);

/** Takes a block that was drafted in the open round through its whole life, alone. */
export async function decideBlock(world: MadeUpWorld, block: MadeUpBlock): Promise<actions.Advance> {
  const { client, deployer } = world;
  const { commitment } = await actions.commit(client, block.proposer, block);
  await passTo(world, "proposalEnds");
  await revealBlock(world, block, commitment);
  await actions.submitProof(client, deployer, proveBlock(world, block, commitment));
  await passTo(world, "acceptanceEnds");
  return actions.advance(client, deployer);
}
