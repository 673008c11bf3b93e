import type { Commitment, RoundState } from "../chain/index.ts";
import type { Phase } from "../protocol/phase.ts";
import { emptyFlags } from "../protocol/flags.ts";
import { slotCount } from "../protocol/nodes.ts";
import type { PackedOperation } from "../protocol/operation.ts";
import type { Profile } from "../protocol/profile.ts";
import { proposalId } from "../protocol/proposal.ts";
import { roundId } from "../protocol/round.ts";
import { decodeTranscript } from "../protocol/transcript.ts";
import type { L1History } from "./history/l1History.ts";
import { isOfLane, type L1Commit, type L1View } from "./l1View.ts";

/** What a role is told of L1 at one block, from its storage and its events. */
export interface L1Reading {
  readonly block: L1View["block"];
  readonly now: bigint;
  readonly round: RoundState;
  readonly operations: readonly PackedOperation[];
  /** Registered keys of a commit's slots in its round. */
  readonly keysOf: (commitment: Commitment) => readonly bigint[];
  readonly domain: bigint;
  readonly profile: Profile;
  /** What a prover must have at stake to count, wei. */
  readonly eligibleStake: bigint;
  readonly maxSlotsPerProver: number;
}

const IN_ACCEPTANCE: readonly Phase[] = ["Revealing", "Proving", "Delivering", "Advanceable"];

/** Puts together what L1 says. */
export function l1View(history: L1History, reading: L1Reading): L1View {
  const { commits, payments, provers, proposers } = history;
  const { block, now, round, operations, keysOf, domain, profile, eligibleStake, maxSlotsPerProver } = reading;
  const isOver = round.phase === "Expired" || round.phase === "Frozen" || round.phase === "NotStarted";
  const commitView = (commitment: Commitment, parent: bigint): L1Commit => {
    const { proposer, terms, orderCommitment } = commitment;
    const { proverShareBps } = terms;
    const id = proposalId({ domain, roundId: terms.roundId, parent, orderCommitment, proverShareBps, proposer });
    const transcript = decodeTranscript(profile, commitment.transcript);
    const keys = keysOf(commitment);
    return {
      commitment,
      proposalId: id,
      parent,
      transcript,
      keys,
      provers: new Set(keys.filter((key) => key !== 0n)).size,
      reveal: commits.revealed.get(id),
      candidate: commits.candidates.get(id),
      handedIn: commits.handedIn.get(id) ?? emptyFlags(slotCount(profile)),
    };
  };

  const openId = roundId(round.round);
  const nextId = roundId({ height: round.round.height + 1, attempt: 1 });
  // A commit of a pipelined round was made while the round before was open.
  const isOfOpen = ({ terms, committedAt }: Commitment): boolean =>
    !isOver && terms.roundId === openId && committedAt >= round.opens;
  const isOfNext = ({ terms, committedAt }: Commitment): boolean =>
    IN_ACCEPTANCE.includes(round.phase) && terms.roundId === nextId && committedAt >= round.proposalEnds;

  const open = commits.all
    .filter((commit) => isOfOpen(commit) && commit.terms.parentRef === round.parentRef)
    .map((commit) => commitView(commit, round.parent));
  const bySeat = new Map(open.map((commit) => [proposers.seats.get(commit.commitment.proposer), commit]));
  const next = commits.all.filter(isOfNext).flatMap((commit) => {
    const parent = bySeat.get(commit.terms.parentRef);
    return parent === undefined ? [] : [commitView(commit, parent.proposalId)];
  });
  const unsettled = commits.all.filter(
    (commit) =>
      !commits.isSettled(commit) &&
      // L1 settles a deposit's commits to a height at once, and none of them while one may still win.
      !open.some(({ commitment }) => isOfLane(commit, commitment)) &&
      !isOfNext(commit) &&
      (round.phase === "Frozen" || commits.isOpening(commit)),
  );
  return {
    ...{ block, now, round, open, next, unsettled, operations, maxSlotsPerProver },
    ...{ paid: [...payments.paid.values()], kept: payments.kept, debts: provers.debts },
    finalProposal: commits.finalProposal,
    seats: new Map(proposers.seats),
    provers: provers.registered.map((prover) => ({
      ...prover,
      isEligible: prover.withdrawableAt === undefined && prover.stake >= eligibleStake,
    })),
    records: new Map(provers.records),
    deposits: new Map(proposers.deposits),
  };
}
