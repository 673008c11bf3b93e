import { encodeBytes32String, keccak256 } from "ethers";
import { encode } from "./abi.ts";
import { assertUint, FIELD } from "./field.ts";

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
  /** {@link dataHash} of the packed transactions. */
  readonly dataHash: string;
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
  return keccak256(
    encode(
      ["bytes32", "uint256", "uint64", "address", "uint256", "bytes32", "bytes32"],
      [TAG_ORDER, order.domain, order.roundId, order.proposer, order.txsRoot, order.dataHash, order.salt],
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
  /** Of all data at {@link dataChallenge}. */
  readonly dataEval: bigint;
  /** L1 operations that the data begin with. */
  readonly l1OpCount: bigint;
}

/** 32 bytes as hexadecimal. */
export function revealDigest({ txsRoot, dataEval, l1OpCount }: Reveal): string {
  return keccak256(encode(["uint256", "uint256", "uint256"], [txsRoot, dataEval, l1OpCount]));
}

/** The point `r` at which a block's data are evaluated. The commit fixes it, and order and data are fixed before. */
export function dataChallenge(orderCommitment: string): bigint {
  return BigInt(keccak256(encode(["bytes32", "bytes32"], [TAG_DATA, orderCommitment]))) % FIELD;
}
