import { encodeVote } from "../../../src/protocol/messages.ts";
import {
  type L1View,
  NO_DUTIES,
  NO_LAPSES,
  type Offer,
  PROVER_DEFAULTS,
  type ProverEntry,
  proverOwn,
  type ProverOwn,
  type ProverPolicy,
  type ProverView,
} from "../../../src/roles/index.ts";
import { ECONOMY, forest, keyOfProver, PARENT, ROUND_NUMBER } from "../views.ts";

export const BLOCK = 77n;

/** A second a proof, and nothing that a test does not ask for. */
export const POLICY: ProverPolicy = {
  ...PROVER_DEFAULTS,
  ...{ secondsPerProof: 1, fills: 0, fillsWhatPays: false, handsIn: false, claimFrom: undefined },
};

/** What prover 1 sees that has said, made and heard nothing. */
export const viewOf = (l1: L1View, change: Partial<ProverView> = {}): ProverView => ({
  ...{
    l1,
    forest,
    index: 1,
    key: keyOfProver(1),
    offers: [],
    economy: ECONOMY,
    balance: 0n,
    redeemable: [],
    lapses: NO_LAPSES,
  },
  ...{ voters: new Map(), provable: new Set([BLOCK]), proofs: new Map(), rates: {}, inHand: new Set() },
  ...{ sent: new Set(), refused: new Set() },
  ...change,
});

export const offerOf = (proposalId: bigint, burnBid: bigint, change: Partial<Offer> = {}): Offer => ({
  ...{ proposalId, burnBid, proverShareBps: 5_000, proposer: `proposer of ${proposalId}`, parent: PARENT },
  ...change,
});

const NONE = { x: 0n, y: 1n };

/** A vote for the block of `proposer of N`. */
export function voteFor(
  proposalId: bigint,
  capacity: number,
  change: { readonly proposer?: string; readonly parent?: bigint; readonly roundNumber?: bigint } = {},
): ProverEntry {
  const { proposer = `proposer of ${proposalId}`, parent = PARENT, roundNumber = ROUND_NUMBER } = change;
  const vote = { proposalId, depth: 0, index: 0, capacity, minBurnBid: 10n, key: NONE, signature: { r8: NONE, s: 0n } };
  return { ...{ kind: "vote", roundNumber, proposalId, proposer, parent, capacity }, vote: encodeVote(vote) };
}

/** A proof that prover 1 has made by its name. */
export const proofOf = (slot: number, proposalId = BLOCK): ProverEntry => ({
  ...{ kind: "proof", roundNumber: ROUND_NUMBER, proposalId, slot, mask: 0n, workerKey: keyOfProver(1), beta: 0n },
  ...{ plan: "", proof: "0x" },
});

export const ownOf = (...entries: ProverEntry[]): ProverOwn => entries.reduce(proverOwn, NO_DUTIES);
