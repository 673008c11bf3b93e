import { BPS } from "../protocol/terms.ts";

/** How a prover has kept its word, as L1 shows it. */
export interface DeliveryRecord {
  /**
   * 1/10,000: how much of what it promises it is likely to deliver. Begins at the whole; each round in which it was
   * held to something counts a quarter, and one in which it was not forgives a little.
   */
  readonly reliability: bigint;
  /** Rounds with a slash that were not redeemed: what its next slash costs grows with them. */
  readonly misses: number;
}

/** What a prover has promised and delivered in one round, over all blocks that were proven in it. */
export interface Delivery {
  /** Slots that it voted for. */
  readonly voted: number;
  /** Those of them that it delivered. */
  readonly delivered: number;
}

export const NEW_RECORD: DeliveryRecord = { reliability: BPS, misses: 0 };

/** The part of what is missing that a round without a promise gives back: a prover that was left out gets a chance. */
const FORGIVENESS = 64n;

/** What a prover's last round counts. */
const NEWS = 4n;

/** A prover's record after a round. @param delivery undefined if it had promised nothing that was proven */
export function afterRound(record: DeliveryRecord, delivery: Delivery | undefined): DeliveryRecord {
  const { reliability } = record;
  if (delivery === undefined || delivery.voted === 0)
    return { ...record, reliability: reliability + (BPS - reliability) / FORGIVENESS };
  const kept = (BigInt(delivery.delivered) * BPS) / BigInt(delivery.voted);
  return { ...record, reliability: reliability + (kept - reliability) / NEWS };
}

/**
 * The reliability below which a proposer names a prover no more, 1/10,000: whoever delivers nothing is below it after
 * two rounds, and stays there the longer, the more often it happens.
 */
export const LEAST_RELIABILITY = 6_000n;

export const isReliable = ({ reliability }: DeliveryRecord): boolean => reliability >= LEAST_RELIABILITY;
