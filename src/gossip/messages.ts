import { concat, dataLength, getBytes, hexlify, isHexString, toBeHex } from "ethers";
import { MalformedError } from "../protocol/errors.ts";
import { assertUint } from "../protocol/field.ts";
import {
  decodeProposal,
  decodeTransfer,
  decodeVote,
  encodeProposal,
  encodeTransfer,
  encodeVote,
} from "../protocol/messages.ts";
import { sliceHex } from "../protocol/hex.ts";
import { slotCount } from "../protocol/nodes.ts";
import { type Profile, transfersPerBlock } from "../protocol/profile.ts";
import { PROOF_BYTES } from "../protocol/proof.ts";
import type { Proposal } from "../protocol/proposal.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import type { Vote } from "../protocol/vote.ts";
import type { Topic } from "./topics.ts";

/** A proposer's offer. */
export interface ProposalMessage {
  readonly proposal: Proposal;
  /** What the proposer means to bid, BID_UNIT. It binds nobody: a vote says what it asks for at least. */
  readonly burnBid: bigint;
}

/** One node's proof. */
export interface ProofMessage {
  readonly proposalId: bigint;
  readonly slot: number;
  /** The slot's key, or 0: anonymous. */
  readonly workerKey: bigint;
  /** VRF output; 0 in a round without a seed. */
  readonly beta: bigint;
  /** 256 bytes as hexadecimal. */
  readonly proof: string;
}

/** What proving a revealed block takes beyond L1 and the parent's state. Goes when that is public on L1. */
export interface WitnessMessage {
  readonly proposalId: bigint;
  /** Of the order commitment: 32 bytes as hexadecimal. */
  readonly salt: string;
  /** In the block's order. */
  readonly transfers: readonly SignedTransfer[];
  /** Those that the transcript relies on. */
  readonly votes: readonly Vote[];
}

/** What each topic carries. */
export interface Messages {
  readonly transactions: SignedTransfer;
  readonly proposals: ProposalMessage;
  readonly votes: Vote;
  readonly proofs: ProofMessage;
  readonly witnesses: WitnessMessage;
}

const ID_BYTES = 31;
const PROPOSAL_BYTES = 124;
const TRANSFER_BYTES = 178;
const VOTE_BYTES = 206;
const PROOF_MESSAGE_BYTES = ID_BYTES + 2 + 32 + 32 + PROOF_BYTES;
const WITNESS_HEAD_BYTES = ID_BYTES + 32 + 2 + 2;

/** Bytes of the longest witness that a block of the profile can have. */
export function maxWitnessBytes(profile: Profile): number {
  return WITNESS_HEAD_BYTES + transfersPerBlock(profile, 0) * TRANSFER_BYTES + slotCount(profile) * VOTE_BYTES;
}

interface Codec<T> {
  encode(message: T): string;
  decode(encoded: string): T;
}

const CODECS: { readonly [T in Topic]: Codec<Messages[T]> } = {
  transactions: { encode: encodeTransfer, decode: decodeTransfer },
  proposals: { encode: encodeOffer, decode: decodeOffer },
  votes: { encode: encodeVote, decode: decodeVote },
  proofs: { encode: encodeProofMessage, decode: decodeProofMessage },
  witnesses: { encode: encodeWitness, decode: decodeWitness },
};

/**
 * The bytes of a message, the same that are put on the bulletin when the gossip is down. A message has one encoding.
 * @throws {OutOfRangeError | NotRepresentableError | MalformedError} if a value does not fit its place
 */
export function encodeMessage<T extends Topic>(topic: T, message: Messages[T]): Uint8Array {
  return getBytes(CODECS[topic].encode(message));
}

/** The inverse of {@link encodeMessage}. Checks the form alone. @throws {B52Error} for whatever it did not write */
export function decodeMessage<T extends Topic>(topic: T, body: Uint8Array): Messages[T] {
  return CODECS[topic].decode(hexlify(body));
}

/** 132 bytes: the proposal, then the bid. */
function encodeOffer({ proposal, burnBid }: ProposalMessage): string {
  return concat([encodeProposal(proposal), toBeHex(assertUint(burnBid, 64, "burnBid"), 8)]);
}

function decodeOffer(encoded: string): ProposalMessage {
  requireLength("offer", encoded, PROPOSAL_BYTES + 8);
  const proposal = decodeProposal(sliceHex(encoded, 0, PROPOSAL_BYTES));
  return { proposal, burnBid: BigInt(sliceHex(encoded, PROPOSAL_BYTES)) };
}

/** 353 bytes: proposalId, slot, worker's key, beta, proof. */
function encodeProofMessage({ proposalId, slot, workerKey, beta, proof }: ProofMessage): string {
  requireLength("proof", proof, PROOF_BYTES);
  return concat([
    idBytes(proposalId),
    toBeHex(assertUint(slot, 16, "slot"), 2),
    toBeHex(assertUint(workerKey, 256, "workerKey"), 32),
    toBeHex(assertUint(beta, 256, "beta"), 32),
    proof,
  ]);
}

function decodeProofMessage(encoded: string): ProofMessage {
  requireLength("proof message", encoded, PROOF_MESSAGE_BYTES);
  return {
    proposalId: BigInt(sliceHex(encoded, 0, 31)),
    slot: Number(sliceHex(encoded, 31, 33)),
    workerKey: BigInt(sliceHex(encoded, 33, 65)),
    beta: BigInt(sliceHex(encoded, 65, 97)),
    proof: sliceHex(encoded, 97),
  };
}

/** proposalId, salt, count of transfers, count of votes, two bytes each; then the transfers, then the votes. */
function encodeWitness({ proposalId, salt, transfers, votes }: WitnessMessage): string {
  requireLength("salt", salt, 32);
  return concat([
    idBytes(proposalId),
    salt,
    toBeHex(assertUint(transfers.length, 16, "count of transfers"), 2),
    toBeHex(assertUint(votes.length, 16, "count of votes"), 2),
    ...transfers.map(encodeTransfer),
    ...votes.map(encodeVote),
  ]);
}

function decodeWitness(encoded: string): WitnessMessage {
  if (dataLength(encoded) < WITNESS_HEAD_BYTES) requireLength("witness", encoded, WITNESS_HEAD_BYTES);
  const transfers = Number(sliceHex(encoded, 63, 65));
  const votes = Number(sliceHex(encoded, 65, 67));
  const votesFrom = WITNESS_HEAD_BYTES + transfers * TRANSFER_BYTES;
  requireLength("witness", encoded, votesFrom + votes * VOTE_BYTES);
  return {
    proposalId: BigInt(sliceHex(encoded, 0, 31)),
    salt: sliceHex(encoded, 31, 63),
    transfers: pieces(encoded, WITNESS_HEAD_BYTES, transfers, TRANSFER_BYTES).map(decodeTransfer),
    votes: pieces(encoded, votesFrom, votes, VOTE_BYTES).map(decodeVote),
  };
}

function pieces(encoded: string, from: number, count: number, bytes: number): string[] {
  return Array.from({ length: count }, (_, i) => sliceHex(encoded, from + i * bytes, from + (i + 1) * bytes));
}

const idBytes = (proposalId: bigint): string => toBeHex(assertUint(proposalId, 248, "proposalId"), ID_BYTES);

function requireLength(name: string, encoded: string, bytes: number): void {
  if (!isHexString(encoded, bytes))
    throw new MalformedError(`encoded ${name}`, `${(encoded.length - 2) / 2} bytes`, `${bytes} bytes of hexadecimal`);
}
