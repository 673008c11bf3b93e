import { concat, getAddress, isHexString, toBeHex } from "ethers";
import { MalformedError } from "./errors.ts";
import { assertUint } from "./field.ts";
import { sliceHex } from "./hex.ts";
import type { Proposal } from "./proposal.ts";
import { packTransfer, type SignedTransfer, unpackTransfer } from "./transfer.ts";
import type { Vote } from "./vote.ts";

// The bytes of what participants tell each other, big-endian and without gaps, so that a message has one encoding.
// Decoding checks the form alone: `verifyVote` checks who signed.

/** Bytes of proposalId, depth, index, capacity, minBurnBid, key x y, R8 x y, S. */
const VOTE = [31, 1, 4, 2, 8, 32, 32, 32, 32, 32];
/** Bytes of domain, roundId, parent, orderCommitment, proverShareBps, proposer. */
const PROPOSAL = [31, 8, 31, 32, 2, 20];
/** Bytes of the packed transfer, nonce, key x y, R8 x y, S. */
const TRANSFER = [10, 8, 32, 32, 32, 32, 32];

/** 206 bytes as hexadecimal. @throws {OutOfRangeError} if a number does not fit its place */
export function encodeVote({
  proposalId,
  depth,
  index,
  capacity,
  minBurnBid,
  key,
  signature: { r8, s },
}: Vote): string {
  return join("vote", VOTE, [proposalId, depth, index, capacity, minBurnBid, key.x, key.y, r8.x, r8.y, s]);
}

/** The inverse of {@link encodeVote}. @throws {MalformedError} unless `encoded` is 206 bytes */
export function decodeVote(encoded: string): Vote {
  const [proposalId, depth, index, capacity, minBurnBid, x, y, r8x, r8y, s] = split(
    "vote",
    VOTE,
    encoded,
  ) as Ten<bigint>;
  return {
    proposalId,
    depth: Number(depth),
    index: Number(index),
    capacity: Number(capacity),
    minBurnBid,
    key: { x, y },
    signature: { r8: { x: r8x, y: r8y }, s },
  };
}

/** 124 bytes as hexadecimal. @throws {OutOfRangeError} if a number does not fit its place */
export function encodeProposal({
  domain,
  roundId,
  parent,
  orderCommitment,
  proverShareBps,
  proposer,
}: Proposal): string {
  return join("proposal", PROPOSAL, [
    domain,
    roundId,
    parent,
    BigInt(orderCommitment),
    proverShareBps,
    BigInt(proposer),
  ]);
}

/**
 * The inverse of {@link encodeProposal}; the proposer's address comes with its checksum.
 * @throws {MalformedError} unless `encoded` is 124 bytes
 */
export function decodeProposal(encoded: string): Proposal {
  const [domain, roundId, parent, order, share, proposer] = split("proposal", PROPOSAL, encoded) as Six<bigint>;
  return {
    domain,
    roundId,
    parent,
    orderCommitment: toBeHex(order, 32),
    proverShareBps: Number(share),
    proposer: getAddress(toBeHex(proposer, 20)),
  };
}

/** 178 bytes as hexadecimal. @throws {OutOfRangeError | NotRepresentableError} if a number does not fit its place */
export function encodeTransfer(transfer: SignedTransfer): string {
  const { nonce, sender, signature } = transfer;
  const { r8, s } = signature;
  return join("transfer", TRANSFER, [packTransfer(transfer), nonce, sender.x, sender.y, r8.x, r8.y, s]);
}

/**
 * The inverse of {@link encodeTransfer}.
 * @throws {MalformedError} unless `encoded` is 178 bytes and its amounts have the form that is signed
 */
export function decodeTransfer(encoded: string): SignedTransfer {
  const [packed, nonce, x, y, r8x, r8y, s] = split("transfer", TRANSFER, encoded) as Seven<bigint>;
  const transfer = unpackTransfer(packed);
  if (transfer === undefined) throw new MalformedError("encoded transfer", "no operation", "a transfer");
  if (packTransfer(transfer) !== packed)
    throw new MalformedError("encoded transfer", packed, `${packTransfer(transfer)}, which says the same`);
  return { ...transfer, nonce, sender: { x, y }, signature: { r8: { x: r8x, y: r8y }, s } };
}

type Six<T> = [T, T, T, T, T, T];
type Seven<T> = [...Six<T>, T];
type Ten<T> = [...Six<T>, T, T, T, T];

function join(name: string, sizes: readonly number[], values: readonly (bigint | number)[]): string {
  return concat(sizes.map((size, i) => toBeHex(assertUint(values[i]!, 8 * size, `${name} field ${i}`), size)));
}

function split(name: string, sizes: readonly number[], encoded: string): bigint[] {
  const length = lengthOf(sizes);
  if (!isHexString(encoded, length)) malformed(name, encoded, String(length));
  let from = 0;
  return sizes.map((size) => BigInt(sliceHex(encoded, from, (from += size))));
}

const lengthOf = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);

function malformed(name: string, encoded: string, bytes: string): never {
  throw new MalformedError(`encoded ${name}`, `${(encoded.length - 2) / 2} bytes`, `${bytes} bytes of hexadecimal`);
}
