import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { concat, keccak256, toUtf8Bytes } from "ethers";
import { dataEval, WORD_BYTES } from "../../src/protocol/data.ts";
import { FIELD } from "../../src/protocol/field.ts";
import { packFlags } from "../../src/protocol/flags.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { dataChallenge, orderCommitment, proposalId } from "../../src/protocol/proposal.ts";
import { packTerms } from "../../src/protocol/terms.ts";
import { assignedCounts, encodeAssigned, encodeTranscript, type Transcript } from "../../src/protocol/transcript.ts";
import type { OpeningStruct, SubmissionStruct } from "../../typechain-types/interfaces/IRollup.js";
import { type Deployment, proverKey } from "./deploy.ts";

export interface BlockOptions {
  readonly proposer: HardhatEthersSigner;
  /** BID_UNIT. */
  readonly burnBid: bigint;
  readonly transcript: Transcript;
  /** Words of pseudo-random data. */
  readonly words: number;
  readonly fees?: bigint;
}

/** A block with all its secrets, as its proposer knows it; only its proofs are made up. */
export interface Block extends BlockOptions {
  readonly terms: bigint;
  readonly encodedTranscript: string;
  readonly orderCommitment: string;
  readonly txsRoot: bigint;
  readonly salt: string;
  readonly data: string;
  readonly dataEval: bigint;
  readonly r: bigint;
  readonly proposalId: bigint;
}

/** A block for the round that takes commits now. */
export async function makeBlock({ rollup, domain }: Deployment, options: BlockOptions): Promise<Block> {
  const { proposer, burnBid, transcript, words } = options;
  const { commitRoundId: roundId, parent } = await rollup.roundState();
  const name = `${proposer.address} ${roundId}`;
  const wordList = Array.from({ length: words }, (_, i) => BigInt(keccak256(toUtf8Bytes(`${name} word ${i}`))) >> 16n);
  const data = concat(wordList.map((word) => `0x${word.toString(16).padStart(2 * WORD_BYTES, "0")}`));
  const txsRoot = BigInt(keccak256(toUtf8Bytes(`${name} txs`))) % FIELD;
  const salt = keccak256(toUtf8Bytes(`${name} salt`));
  const order = orderCommitment({ domain, roundId, proposer: proposer.address, txsRoot, dataHash: keccak256(data), salt });
  const proverShareBps = 5_000;
  const r = dataChallenge(order);
  return {
    ...options,
    terms: packTerms({ roundId, proverShareBps, burnBid, parentRef: 0 }),
    encodedTranscript: encodeTranscript(transcript),
    orderCommitment: order,
    txsRoot,
    salt,
    data,
    r,
    dataEval: dataEval(wordList, r),
    proposalId: proposalId({ domain, roundId, parent, orderCommitment: order, proverShareBps, proposer: proposer.address }),
  };
}

/** Commits at the next even second, and returns what opens the commit. */
export async function commitBlock({ rollup }: Deployment, block: Block) {
  const transaction = await rollup.connect(block.proposer).commit(block.terms, block.orderCommitment, block.encodedTranscript);
  const mined = await transaction.getBlock();
  const opening: OpeningStruct = {
    proposer: block.proposer.address,
    terms: block.terms,
    orderCommitment: block.orderCommitment,
    committedAt: mined!.timestamp,
  };
  return { transaction, opening };
}

export function revealBlock({ rollup }: Deployment, block: Block, opening: OpeningStruct) {
  return rollup.reveal(opening, keccak256(block.encodedTranscript), block.txsRoot, block.salt, block.data);
}

/** Everything that the transcript assigns is voted and delivered. */
export async function submissionOf(deployment: Deployment, block: Block, opening: OpeningStruct): Promise<SubmissionStruct> {
  const { rollup, stub, forest, domain } = deployment;
  const slots = slotCount(forest);
  const isAssigned = (slot: number) => block.transcript[slot] !== 0;
  const flags = packFlags(slots, { voted: isAssigned, delivered: isAssigned });
  const keys = block.transcript.map((index) => (index === 0 ? 0n : proverKey(index)));
  const field = (name: string) => BigInt(keccak256(toUtf8Bytes(`${block.proposalId} ${name}`))) % FIELD;
  const claims = {
    nextStateRoot: field("state"),
    txsRoot: block.txsRoot,
    fees: block.fees ?? 0n,
    l1OpCount: 0n,
    txCount: BigInt(3 * block.words),
    withdrawalsRoot: 0n,
    dataEval: block.dataEval,
    proversRoot: field("provers"),
  };
  const statement = {
    ...claims,
    domain,
    proposalId: block.proposalId,
    r: block.r,
    roundSeed: 0n,
    burnBid: block.burnBid,
    prevStateRoot: await rollup.stateRoot(),
  };
  const assigned = encodeAssigned(assignedCounts(block.transcript, keys));
  return {
    ...claims,
    opening,
    transcript: block.encodedTranscript,
    flags: [...flags],
    rootCommitment: await stub.seal(statement, keys, assigned, [...flags]),
    contents: Array.from({ length: slots - 1 }, (_, i) => field(`content ${i}`)),
    proofs: concat(Array.from({ length: 8 * slots }, (_, i) => keccak256(toUtf8Bytes(`${block.proposalId} proof ${i}`)))),
  };
}
