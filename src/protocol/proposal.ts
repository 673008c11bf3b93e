import { concat, encodeBytes32String, keccak256 } from "ethers";
import { encode } from "./abi.ts";
import { assertUint } from "./field.ts";

const TAG_ORDER = encodeBytes32String("b52.order");
const TAG_PROPOSAL = encodeBytes32String("b52.proposal");
const TAG_DATA = encodeBytes32String("b52.data");

/** The secret order of transactions that a commitment hides until it is revealed. */
export interface Order {
  readonly domain: bigint;
  readonly roundId: bigint;
  /** Address of the proposer: nobody else can use the commitment. */
  readonly proposer: string;
  readonly txsRoot: bigint;
  /** Transfers that are not no-ops. */
  readonly txCount: bigint;
  /** Versioned hashes of the blobs, in order. */
  readonly blobHashes: readonly string[];
  /** keccak256 of the L1 operations due, 60 bytes each. */
  readonly operationsHash: string;
  /** 32 random bytes. */
  readonly salt: string;
}

/** The identity of a proposal. It leaves out the burn bid, so a proposer keeps its votes when it raises the bid. */
export interface Proposal {
  readonly domain: bigint;
  readonly roundId: bigint;
  /** proposalId of the block built on, 0 for genesis. */
  readonly parent: bigint;
  readonly orderCommitment: string;
  readonly proverShareBps: number;
  readonly proposer: string;
}

/** What a seat's slot remembers of a commit. */
export interface Commit {
  /** {@link packTerms} */
  readonly terms: bigint;
  readonly orderCommitment: string;
  readonly transcript: string;
  /** Unix seconds. */
  readonly committedAt: bigint;
}

/** 32 bytes as hexadecimal. */
export function orderCommitment(order: Order): string {
  const { domain, roundId, proposer, txsRoot, txCount, blobHashes, operationsHash, salt } = order;
  const blobs = keccak256(concat(blobHashes));
  return keccak256(
    encode(
      ["bytes32", "uint256", "uint64", "address", "uint256", "uint256", "bytes32", "bytes32", "bytes32"],
      [TAG_ORDER, domain, roundId, proposer, txsRoot, txCount, blobs, operationsHash, salt],
    ),
  );
}

/** 248 bits, a field element. */
export function proposalId(proposal: Proposal): bigint {
  const { domain, roundId, parent, orderCommitment, proverShareBps, proposer } = proposal;
  const encoded = encode(
    ["bytes32", "uint256", "uint64", "uint256", "bytes32", "uint16", "address"],
    [TAG_PROPOSAL, domain, roundId, parent, orderCommitment, proverShareBps, proposer],
  );
  return BigInt(keccak256(encoded)) >> 8n;
}

/** 192 bits. */
export function commitDigest({ terms, orderCommitment, transcript, committedAt }: Commit): bigint {
  const encoded = encode(
    ["uint256", "bytes32", "bytes32", "uint256"],
    [assertUint(terms, 168, "terms"), orderCommitment, keccak256(transcript), committedAt],
  );
  return BigInt.asUintN(192, BigInt(keccak256(encoded)));
}

/** What L1 remembers of a reveal. */
export interface Reveal {
  readonly txsRoot: bigint;
  /** Transfers that are not no-ops. */
  readonly txCount: bigint;
  /** Of the block's polynomial at {@link dataPoint}. */
  readonly dataEval: bigint;
  /** L1 operations that the block begins with. */
  readonly l1OpCount: bigint;
}

/** 32 bytes as hexadecimal. */
export function revealDigest({ txsRoot, txCount, dataEval, l1OpCount }: Reveal): string {
  return keccak256(encode(["uint256", "uint256", "uint256", "uint256"], [txsRoot, txCount, dataEval, l1OpCount]));
}

/**
 * The point `z` at which a block's polynomial is evaluated, 248 bits. The commitment fixes it, and with txsRoot all
 * coefficients are fixed before.
 */
export function dataPoint(orderCommitment: string): bigint {
  return BigInt(keccak256(encode(["bytes32", "bytes32"], [TAG_DATA, orderCommitment]))) >> 8n;
}
