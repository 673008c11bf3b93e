import type { RoundState } from "../../src/chain/index.ts";
import type { Phase } from "../../src/protocol/phase.ts";
import { emptyFlags, packFlags } from "../../src/protocol/flags.ts";
import { slotCount } from "../../src/protocol/nodes.ts";
import { PROFILES } from "../../src/protocol/profile.ts";
import { roundId } from "../../src/protocol/round.ts";
import { encodeTranscript, type Transcript } from "../../src/protocol/transcript.ts";
import type { Economy, L1Commit, L1View } from "../../src/roles/index.ts";

export const forest = PROFILES.dev;
export const SLOTS = slotCount(forest);

const ETHER = 10n ** 18n;

/** As the presets have it, with an acceptance window of 1,600 s. */
export const ECONOMY: Economy = {
  ...{ initialReward: 100n * ETHER, halvingInterval: 100_000n, fairShareBps: 0, nodeWeights: 0x0001_0001_0001n },
  ...{ eligibleStake: 100n * ETHER, baseRateBps: 5_000n, uncleMinScoreBps: 5_000n },
  ...{ uncleBurnBps: 2_500n, uncleRewardBps: 1_000n, maxUncles: 2 },
  ...{ acceptanceWindow: 1_600n, minBid: 1n },
};

/** A window of 160 s for proposals and one of 1,600 s for acceptance, from 10,000 on. */
export const OPENS = 10_000n;
export const PROPOSAL_ENDS = OPENS + 160n;
export const REVEAL_ENDS = PROPOSAL_ENDS + 400n;
export const PROVING_ENDS = PROPOSAL_ENDS + 1_200n;
export const ACCEPTANCE_ENDS = PROPOSAL_ENDS + 1_600n;
export const ROUND_NUMBER = 6n;
export const PARENT = 500n;

const COMMITS_TO: Readonly<Record<Phase, "this" | "next" | "attempt" | "none">> = {
  NotStarted: "none",
  Proposing: "this",
  Revealing: "next",
  Proving: "next",
  Delivering: "next",
  Advanceable: "next",
  Expired: "attempt",
  Frozen: "none",
};

/** Height 3 in a phase. */
export function roundIn(phase: Phase, change: Partial<RoundState> = {}): RoundState {
  const round = { height: 3, attempt: 1 };
  const due = { queueCut: 0n, first: 0, count: 0 };
  const commitRound = {
    this: round,
    next: { height: 4, attempt: 1 },
    attempt: { height: 3, attempt: 2 },
    none: undefined,
  }[COMMITS_TO[phase]];
  return {
    ...{ phase, round, commitRound, opens: OPENS, proposalEnds: PROPOSAL_ENDS, revealEnds: REVEAL_ENDS },
    ...{
      provingEnds: PROVING_ENDS,
      acceptanceEnds: ACCEPTANCE_ENDS,
      parent: PARENT,
      stateRoot: 1n,
      ranked: 0,
      parentRef: 0,
    },
    ...{
      eligibleAt: OPENS - 1n,
      roundSeed: 0n,
      exponent: 0,
      roundNumber: ROUND_NUMBER,
      advanceDue: phase === "Advanceable",
    },
    commitRoundNumber: ROUND_NUMBER + { this: 0n, next: 1n, attempt: 2n, none: 0n }[COMMITS_TO[phase]],
    ...{ due, commitDue: due },
    ...change,
  };
}

/** When each phase is looked at, unless a test says otherwise. */
export const MOMENT: Readonly<Record<Phase, bigint>> = {
  NotStarted: 0n,
  Proposing: OPENS,
  Revealing: PROPOSAL_ENDS,
  Proving: REVEAL_ENDS,
  Delivering: PROVING_ENDS,
  Advanceable: ACCEPTANCE_ENDS,
  Expired: ACCEPTANCE_ENDS + 100n,
  Frozen: ACCEPTANCE_ENDS,
};

export interface CommitOptions {
  readonly proposalId: bigint;
  readonly proposer?: string;
  readonly burnBid?: bigint;
  readonly transcript?: Transcript;
  readonly isRevealed?: boolean;
  /** Slots delivered in a proven forest; undefined: nothing is proven. */
  readonly delivered?: readonly number[];
  /** Slots whose votes it shows; those that are delivered by default. */
  readonly voted?: readonly number[];
  readonly parent?: bigint;
  readonly height?: number;
}

/** Prover `i` has key `100 + i`. */
export const keyOfProver = (index: number): bigint => (index === 0 ? 0n : 100n + BigInt(index));

export function commitOf({
  proposalId,
  proposer = `proposer of ${proposalId}`,
  burnBid = 10n,
  transcript = [1, 2, 3, 1, 2, 3, 1],
  isRevealed = true,
  delivered,
  voted = delivered ?? [],
  parent = PARENT,
  height = 3,
}: CommitOptions): L1Commit {
  const terms = { roundId: roundId({ height, attempt: 1 }), proverShareBps: 5_000, burnBid, parentRef: 0 };
  const keys = transcript.map(keyOfProver);
  return {
    commitment: {
      ...{ proposer, terms },
      orderCommitment: `0x${proposalId.toString(16).padStart(64, "0")}`,
      transcript: encodeTranscript(transcript),
      committedAt: OPENS + proposalId,
    },
    ...{ proposalId, parent, transcript, keys, handedIn: emptyFlags(SLOTS) },
    reveal: isRevealed ? { txsRoot: proposalId, txCount: 0n, blobHashes: [] } : undefined,
    provers: new Set(keys.filter((key) => key !== 0n)).size,
    candidate:
      delivered === undefined
        ? undefined
        : {
            ...{ score: 1n, silent: 0 },
            flags: packFlags(SLOTS, {
              voted: (slot) => voted.includes(slot),
              delivered: (slot) => delivered.includes(slot),
            }),
          },
  };
}

export function l1Of(phase: Phase, change: Partial<L1View> = {}): L1View {
  return {
    block: { number: 7, hash: "0x07" },
    now: MOMENT[phase],
    round: roundIn(phase),
    ...{ open: [], next: [], unsettled: [], paid: [], kept: [], debts: [], finalProposal: PARENT },
    provers: [1, 2, 3].map((index) => ({
      index,
      key: keyOfProver(index),
      owner: `owner ${index}`,
      stake: 1n,
      isEligible: true,
      withdrawableAt: undefined,
    })),
    records: new Map(),
    seats: new Map([
      ["me", 1],
      ["rival", 2],
    ]),
    maxSlotsPerProver: 7,
    deposits: new Map(),
    operations: [],
    ...change,
  };
}
