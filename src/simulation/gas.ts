import { elementsPerBase } from "../protocol/profile.ts";

/** Gas as `./b52 bench gas` and `./b52 bench scale` measured it; a test holds it to what they say now. */
export const GAS = {
  commit: 33_979,
  revealOfOneBlob: 133_688,
  revealOfOneMore: 51_790,
  /** A whole submission without proofs, by arity. */
  submission: { 2: 719_896, 4: 749_644, 8: 808_819, 16: 935_024 } as Readonly<Record<number, number>>,
  proof: 55_495,
  /** Of a forest that does not fit one transaction: each part, its proofs, and the submission that counts them. */
  part: 295_245,
  proofOfBase: 52_942.6,
  proofOfMerge: 56_726.1,
  submissionOfParts: 302_680,
  slotOfParts: 3_848.3,
  advance: 148_012,
  claimProver: 59_564,
  claimProposer: 47_433,
  handIn: 382_121,
  handInOneMore: 68_464,
  slash: 213_755,
  settle: 58_796,
  register: 423_815,
} as const;

/** Of merges, with which a submission was measured. */
export const ARITIES = Object.keys(GAS.submission).map(Number);

/** Proofs that fit into one transaction of 2^24 gas. */
const PROOFS_OF_A_TRANSACTION = 290;
const PROOFS_OF_A_PART = 240;
const ELEMENTS_OF_A_BLOB = 4_096;
/** EIP-7594. */
const BLOBS_OF_A_TRANSACTION = 6;

export interface BlockShape {
  readonly transactions: number;
  readonly transfersPerBase: number;
  readonly arity: number;
  /** Of all proposers in the round. */
  readonly commits: number;
}

export interface BlockGas {
  /** Nodes that are proven. */
  readonly slots: number;
  readonly proofGas: number;
  /** Of all that a block takes, without claims, which wait until there is much to claim. */
  readonly gas: number;
  readonly blobs: number;
}

export function blockGas({ transactions, transfersPerBase, arity, commits }: BlockShape): BlockGas {
  const bases = Math.ceil(transactions / transfersPerBase);
  let [merges, width] = [0, bases];
  do {
    width = Math.ceil(width / arity);
    merges += width;
  } while (width > 1);
  const slots = bases + merges;
  const elements = bases * elementsPerBase({ transfersPerBase, operationsPerBase: 1 });
  const blobs = Math.ceil(elements / ELEMENTS_OF_A_BLOB);
  const proofGas = slots <= PROOFS_OF_A_TRANSACTION ? wholeGas(slots, arity) : partsGas(bases, merges);
  const reveals = Math.ceil(blobs / BLOBS_OF_A_TRANSACTION);
  const reveal = reveals * GAS.revealOfOneBlob + (blobs - reveals) * GAS.revealOfOneMore;
  return { slots, proofGas, blobs, gas: commits * GAS.commit + reveal + proofGas + GAS.advance };
}

const wholeGas = (slots: number, arity: number): number => GAS.submission[arity]! + slots * GAS.proof;

function partsGas(bases: number, merges: number): number {
  const parts = Math.ceil(bases / PROOFS_OF_A_PART) + Math.ceil(merges / PROOFS_OF_A_PART);
  const proofs = bases * GAS.proofOfBase + merges * GAS.proofOfMerge;
  return parts * GAS.part + proofs + GAS.submissionOfParts + (bases + merges) * GAS.slotOfParts;
}
