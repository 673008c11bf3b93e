import { concat, getBytes, hexlify, isHexString, toBeHex } from "ethers";
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
  /** Votes for its children that the proof shows, one bit each; of the root for itself, too. 0 for a base. */
  readonly mask: bigint;
  /** The slot's key, or 0: anonymous. */
  readonly workerKey: bigint;
  /** VRF output; 0 in a round without a seed. */
  readonly beta: bigint;
  /** 256 bytes as hexadecimal. */
  readonly proof: string;
}

/** What each topic carries. */
export interface Messages {
  readonly transactions: SignedTransfer;
  readonly proposals: ProposalMessage;
  readonly votes: Vote;
  readonly proofs: ProofMessage;
}

const ID_BYTES = 31;
const PROPOSAL_BYTES = 124;
const MASK_BYTES = 3;
const PROOF_MESSAGE_BYTES = ID_BYTES + 2 + MASK_BYTES + 32 + 32 + PROOF_BYTES;

interface Codec<T> {
  encode(message: T): string;
  decode(encoded: string): T;
}

const CODECS: { readonly [T in Topic]: Codec<Messages[T]> } = {
  transactions: { encode: encodeTransfer, decode: decodeTransfer },
  proposals: { encode: encodeOffer, decode: decodeOffer },
  votes: { encode: encodeVote, decode: decodeVote },
  proofs: { encode: encodeProofMessage, decode: decodeProofMessage },
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

/** 356 bytes: proposalId, slot, mask, worker's key, beta, proof. */
function encodeProofMessage({ proposalId, slot, mask, workerKey, beta, proof }: ProofMessage): string {
  requireLength("proof", proof, PROOF_BYTES);
  return concat([
    idBytes(proposalId),
    toBeHex(assertUint(slot, 16, "slot"), 2),
    toBeHex(assertUint(mask, 8 * MASK_BYTES, "mask"), MASK_BYTES),
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
    mask: BigInt(sliceHex(encoded, 33, 36)),
    workerKey: BigInt(sliceHex(encoded, 36, 68)),
    beta: BigInt(sliceHex(encoded, 68, 100)),
    proof: sliceHex(encoded, 100),
  };
}

const idBytes = (proposalId: bigint): string => toBeHex(assertUint(proposalId, 248, "proposalId"), ID_BYTES);

function requireLength(name: string, encoded: string, bytes: number): void {
  if (!isHexString(encoded, bytes))
    throw new MalformedError(`encoded ${name}`, `${(encoded.length - 2) / 2} bytes`, `${bytes} bytes of hexadecimal`);
}
