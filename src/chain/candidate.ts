import { getAddress, toBeHex } from "ethers";
import { bits } from "./bits.ts";

/** What L1 stores of a verified proposal, see `contracts/types/Candidate.sol`. Packed words have types of their own. */
export interface CandidateWords {
  readonly standing: bigint;
  readonly payout: bigint;
  readonly nextStateRoot: bigint;
  readonly contentsHash: string;
  readonly transcriptHash: string;
  readonly offer: bigint;
  readonly orderCommitment: string;
  readonly roundSeed: bigint;
  readonly withdrawalsRoot: bigint;
  readonly setting: bigint;
}

/** A verified proposal. */
export interface Candidate {
  readonly proposer: string;
  /** BID_UNIT. */
  readonly burnBid: bigint;
  readonly proverShareBps: bigint;
  /** Of the proposer. */
  readonly seat: bigint;
  /** Unix seconds. */
  readonly committedAt: bigint;
  readonly score: bigint;
  /** Distinct fulfilled provers. */
  readonly provers: bigint;
  readonly fulfilledWeight: bigint;
  /** Distinct eligible provers that the transcript names. */
  readonly named: bigint;
  /** Of those, provers of whom no vote is proven: for them a block forfeits that does not win. */
  readonly silent: bigint;
  /** Wei of the asset. */
  readonly fees: bigint;
  /** Whether it won or was a paid uncle. */
  readonly isPaid: boolean;
  /** Whether it won. */
  readonly isFinal: boolean;
  /** Wei of the native token for one unit of fulfilled weight, or under fair pay for each prover; 0 until paid. */
  readonly proverUnit: bigint;
  readonly nextStateRoot: bigint;
  readonly contentsHash: string;
  readonly transcriptHash: string;
  readonly roundId: bigint;
  readonly orderCommitment: string;
  /** What VRF outputs of its round are made from; 0 where there are none. */
  readonly roundSeed: bigint;
  readonly txCount: bigint;
  /** L1 operations that it begins with. */
  readonly l1OpCount: bigint;
  /** Root of its exits. */
  readonly withdrawalsRoot: bigint;
  /** Of the score policy, in its round; 0 where it has none. */
  readonly exponent: bigint;
  /** The last second that counted for who is eligible, and with which stake. */
  readonly eligibleAt: bigint;
  /** When proofs were no longer taken, Unix seconds. */
  readonly acceptanceEnds: bigint;
}

/** Reads the words as Standing, Payout, Offer and Setting of `contracts/types/` do; undefined if there are none. */
export function readCandidate(words: CandidateWords): Candidate | undefined {
  const { standing, payout, offer, setting } = words;
  if (offer === 0n) return undefined;
  return {
    proposer: getAddress(toBeHex(bits(offer, 96, 160), 20)),
    burnBid: bits(offer, 56, 40),
    proverShareBps: bits(offer, 40, 16),
    seat: bits(offer, 16, 24),
    l1OpCount: bits(offer, 0, 16),
    score: bits(standing, 56, 200),
    committedAt: bits(standing, 16, 40),
    provers: bits(standing, 0, 16),
    proverUnit: bits(payout, 160, 96),
    isFinal: bits(payout, 159, 1) === 1n,
    isPaid: bits(payout, 158, 1) === 1n,
    silent: bits(payout, 141, 14),
    named: bits(payout, 127, 14),
    fulfilledWeight: bits(payout, 96, 31),
    fees: bits(payout, 0, 96),
    acceptanceEnds: bits(setting, 160, 40),
    eligibleAt: bits(setting, 112, 48),
    exponent: bits(setting, 96, 16),
    txCount: bits(setting, 64, 32),
    roundId: bits(setting, 0, 64),
    nextStateRoot: words.nextStateRoot,
    contentsHash: words.contentsHash,
    transcriptHash: words.transcriptHash,
    orderCommitment: words.orderCommitment,
    roundSeed: words.roundSeed,
    withdrawalsRoot: words.withdrawalsRoot,
  };
}
