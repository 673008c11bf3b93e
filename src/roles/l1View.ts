import { type Commitment, isAccepting, type Phase, type RoundState } from "../chain/index.ts";
import { emptyFlags, type Flags, hasFlag, isFulfilled, packFlags } from "../protocol/flags.ts";
import { slotCount } from "../protocol/nodes.ts";
import type { PackedOperation } from "../protocol/operation.ts";
import type { Profile } from "../protocol/profile.ts";
import { proposalId } from "../protocol/proposal.ts";
import { roundId, roundOf } from "../protocol/round.ts";
import { score } from "../protocol/score.ts";
import { unpackTerms } from "../protocol/terms.ts";
import { decodeTranscript, type Transcript } from "../protocol/transcript.ts";
import { afterRound, type Delivery, type DeliveryRecord, NEW_RECORD } from "./records.ts";

/** What L1 says of the rollup at one block: plain data, all that a role decides by besides gossip. */
export interface L1View {
  readonly block: { readonly number: number; readonly hash: string };
  /** Timestamp of the block, Unix seconds. */
  readonly now: bigint;
  readonly round: RoundState;
  /** Commits of the open round whose parent is the block that it builds on, in the order that L1 took them. */
  readonly open: readonly L1Commit[];
  /** Commits to the next height on one of those. */
  readonly next: readonly L1Commit[];
  /**
   * Commits that may still forfeit, and that L1 lets anybody settle: not proven with all votes, not paid, not settled.
   * Of branches on one deposit the one that L1 wants opened.
   */
  readonly unsettled: readonly Commitment[];
  /** Winners and paid uncles with slots that are not claimed yet. */
  readonly paid: readonly PaidBlock[];
  /** Blocks that were paid lately, the oldest first: what provers kept in them redeems their misses. */
  readonly kept: readonly KeptBlock[];
  /** What provers have promised and not delivered, as long as the court can charge it. */
  readonly debts: readonly Debt[];
  /** The last final block, as L1 has stored it. 0: genesis. */
  readonly finalProposal: bigint;
  /** In the order of their indexes, from 1. */
  readonly provers: readonly L1Prover[];
  /** By prover index. Whoever is not in it has promised nothing yet. */
  readonly records: ReadonlyMap<number, DeliveryRecord>;
  /** Slots of one forest that a prover can hold. */
  readonly maxSlotsPerProver: number;
  /** By address. */
  readonly seats: ReadonlyMap<string, number>;
  /** Of those with a seat. */
  readonly deposits: ReadonlyMap<string, Deposits>;
  /** What every block of the open round begins with. */
  readonly operations: readonly PackedOperation[];
}

/** By parity of the height, BID_UNIT, as they were last moved: what has burned since is not taken off. */
export type Deposits = readonly [even: bigint, odd: bigint];

export interface L1Commit {
  readonly commitment: Commitment;
  readonly proposalId: bigint;
  /** proposalId of the block that it builds on. */
  readonly parent: bigint;
  readonly transcript: Transcript;
  /** Registered key of each slot's prover in its round, 0 if unassigned or not eligible. */
  readonly keys: readonly bigint[];
  /** Distinct provers among these. */
  readonly provers: number;
  /** Undefined until all of it is on L1. */
  readonly reveal: L1Reveal | undefined;
  /** What was proven of it, undefined before the first forest. */
  readonly candidate: L1Candidate | undefined;
  /** Deliveries and votes that L1 keeps until there is a candidate. */
  readonly handedIn: Flags;
}

export interface L1Reveal {
  readonly txsRoot: bigint;
  /** As its order says. */
  readonly txCount: bigint;
  /** Versioned hashes, in order. */
  readonly blobHashes: readonly string[];
}

export interface L1Candidate {
  /** Of the forest with the highest. */
  readonly score: bigint;
  /** Over all submissions and hand-ins. */
  readonly flags: Flags;
  /** Named provers without a proven vote, for whom it forfeits unless it is paid. */
  readonly silent: number;
}

export interface PaidBlock {
  readonly proposalId: bigint;
  readonly height: number;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  readonly flags: Flags;
  /** By prover index. */
  readonly claimed: readonly number[];
}

/** What a paid block says of its provers' promises. */
export interface KeptBlock extends Pick<PaidBlock, "proposalId" | "transcript" | "flags"> {
  /** Provers that were redeemed for it. */
  readonly redeemed: readonly number[];
}

/** Slots of a proven block of a decided round that their prover voted for and did not deliver; not charged yet. */
export interface Debt {
  readonly proposalId: bigint;
  readonly proverIndex: number;
  /** Of the block: two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  readonly height: number;
}

export interface L1Prover {
  readonly index: number;
  readonly key: bigint;
  /** Address. */
  readonly owner: string;
  /** Wei. */
  readonly stake: bigint;
  /** Whether it counts in rounds that open from now on: it has the stake, and does not leave. */
  readonly isEligible: boolean;
  /** From when on its owner takes its stake back, Unix seconds; undefined unless it has asked for its exit. */
  readonly withdrawableAt: bigint | undefined;
}

/** A prover by what events tell. */
type KnownProver = Omit<L1Prover, "isEligible">;

/** Heights whose scores the rollup remembers: older ones cannot be charged for. */
const RING = 1_024;

/** Paid blocks that are remembered for redemption: slash windows of usual length end within them. */
const MAX_KEPT = 64;

/** An event of the rollup, the registry or the court, with its arguments by name. */
export interface L1Event {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A commit, and the proposalId that its reveal has shown. */
interface KnownCommit {
  readonly commitment: Commitment;
  proposalId: bigint | undefined;
}

/** What events tell, and L1's storage does not. Begins empty, at the block of the deployment. */
export class L1History {
  readonly #profile: Profile;
  /** Not settled, or of an open round. */
  #commits: KnownCommit[] = [];
  readonly revealed = new Map<bigint, L1Reveal>();
  readonly candidates = new Map<bigint, L1Candidate>();
  readonly handedIn = new Map<bigint, Flags>();
  readonly paid = new Map<bigint, PaidBlock>();
  kept: readonly KeptBlock[] = [];
  #debts: readonly Debt[] = [];
  /** In the order of their indexes, from 1. */
  readonly provers: KnownProver[] = [];
  /** By prover index, of those that have promised something. */
  readonly records = new Map<number, DeliveryRecord>();
  /** Rounds in which a prover was slashed and that are still remembered: `index height`. */
  readonly #missed = new Set<string>();
  readonly seats = new Map<string, number>();
  readonly deposits = new Map<string, Deposits>();
  finalProposal = 0n;
  /** Seat of its proposer. */
  #finalSeat: number | undefined;
  /** The same of earlier final blocks, by height, as long as commits on them are there. */
  readonly #winners = new Map<number, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  get commits(): readonly Commitment[] {
    return this.#commits.map(({ commitment }) => commitment);
  }

  /** What may still be charged, as far as {@link forgive} was told what may not. */
  get debts(): readonly Debt[] {
    return this.#debts;
  }

  /** What is owed for a block can no longer be charged. */
  forgive(proposalId: bigint): void {
    this.#debts = this.#debts.filter((debt) => debt.proposalId !== proposalId);
  }

  /**
   * Whether a commit, or another branch on its deposit, was paid or was proven with a vote of every prover that it
   * names, so that there is nothing to settle.
   */
  isSettled(settled: Commitment): boolean {
    return this.#commits.some(
      ({ commitment, proposalId }) =>
        isOfLane(commitment, settled) && proposalId !== undefined && this.candidates.get(proposalId)?.silent === 0,
    );
  }

  /**
   * Of a deposit's commits to a height the one that has to be opened to settle them: that on the block that won, or
   * else the first. All of them where it is not known which one has won.
   */
  isOpening(commitment: Commitment): boolean {
    const winner = this.#winners.get(roundOf(commitment.terms.roundId).height - 1);
    if (winner === undefined) return true;
    const branches = this.commits.filter((commit) => isOfLane(commitment, commit));
    return commitment === (branches.find(({ terms }) => terms.parentRef === winner) ?? branches[0]);
  }

  /** @param event in the order in which L1 has them */
  apply({ name, args }: L1Event): void {
    switch (name) {
      case "Registered":
        this.#onRegistered(args);
        return;
      case "StakeAdded":
        this.#onProver(args["index"], { stake: args["stake"] as bigint });
        return;
      case "Slashed":
        // Court and registry both have an event of this name.
        if ("proposalId" in args) this.#onCharged(args["proposalId"] as bigint, Number(args["proverIndex"]));
        else this.#onProver(args["index"], { stake: args["stake"] as bigint });
        return;
      case "ExitRequested":
        this.#onProver(args["index"], { withdrawableAt: args["withdrawableAt"] as bigint });
        return;
      case "Redeemed":
        this.#onRedeemed(args["proposalId"] as bigint, Number(args["proverIndex"]), Number(args["misses"]));
        return;
      case "SeatTaken":
        this.seats.set(args["proposer"] as string, Number(args["seat"]));
        return;
      case "Deposited":
      case "Withdrawn":
        // Rollup and registry both have an event of this name.
        if ("lane" in args) this.#onDeposit(args);
        else this.#onProver(args["index"], { stake: 0n });
        return;
      case "Committed":
        this.#commits.push({ commitment: commitmentOf(args), proposalId: undefined });
        return;
      case "Revealed":
        this.#onRevealed(args);
        return;
      case "CandidateProven":
        this.#onProven(args);
        return;
      case "HandedIn":
        this.#onHandedIn(args["proposalId"] as bigint, args["slots"] as readonly bigint[]);
        return;
      case "VotesKept":
        this.#keep(args["proposalId"] as bigint, (word) =>
          BigInt(word) === args["word"] ? (args["votes"] as bigint) : 0n,
        );
        return;
      case "Settled":
        this.#commits = this.#commits.filter(
          ({ commitment: { proposer, terms } }) => proposer !== args["proposer"] || terms.roundId !== args["roundId"],
        );
        return;
      case "CandidatePaid":
        this.#onPaid(args["proposalId"] as bigint);
        return;
      case "Advanced":
        this.#onAdvanced(args);
        return;
      case "ProverClaimed":
        this.#onClaimed(args["proposalId"] as bigint, (args["slots"] as readonly bigint[]).map(Number));
    }
  }

  /** The transcript of a revealed proposal. */
  #commitOf(id: bigint): Commitment | undefined {
    return this.#commits.find((known) => known.proposalId === id)?.commitment;
  }

  #onRegistered(args: L1Event["args"]): void {
    const { key, owner, stake } = args as { key: bigint; owner: string; stake: bigint };
    this.provers.push({ index: Number(args["index"]), key, owner, stake, withdrawableAt: undefined });
  }

  #onProver(index: unknown, change: Partial<KnownProver>): void {
    const at = Number(index) - 1;
    this.provers[at] = { ...this.provers[at]!, ...change };
  }

  #onDeposit(args: L1Event["args"]): void {
    const proposer = args["proposer"] as string;
    const balance = args["balance"] as bigint;
    const [even, odd] = this.deposits.get(proposer) ?? [0n, 0n];
    this.deposits.set(proposer, args["lane"] === 0n ? [balance, odd] : [even, balance]);
  }

  #onRevealed(args: L1Event["args"]): void {
    const id = args["proposalId"] as bigint;
    this.revealed.set(id, {
      txsRoot: args["txsRoot"] as bigint,
      txCount: args["txCount"] as bigint,
      blobHashes: [...(args["blobHashes"] as readonly string[])],
    });
    for (const known of this.#commits) {
      const { proposer, terms } = known.commitment;
      // Of several branches the one lives whose parent has won.
      const isLive = terms.parentRef === 0 || terms.parentRef === this.#finalSeat;
      if (isLive && proposer === args["proposer"] && terms.roundId === args["roundId"]) known.proposalId = id;
    }
  }

  #onProven(args: L1Event["args"]): void {
    const id = args["proposalId"] as bigint;
    const before = this.candidates.get(id);
    const flags = (args["flags"] as readonly bigint[]).map((word, i) => word | (before?.flags[i] ?? 0n));
    const score = args["score"] as bigint;
    this.candidates.set(id, {
      flags,
      score: before === undefined || score > before.score ? score : before.score,
      silent: Number(args["silent"]),
    });
  }

  /** Of a candidate, what is proven after it says more: votes that nodes show, too. */
  #onHandedIn(id: bigint, slots: readonly bigint[]): void {
    const flags = packFlags(slotCount(this.#profile), { delivered: (slot) => slots.includes(BigInt(slot)) });
    if (!this.candidates.has(id)) this.#keep(id, (word) => flags[word]!);
  }

  #keep(id: bigint, more: (word: number) => bigint): void {
    const before = this.handedIn.get(id) ?? emptyFlags(slotCount(this.#profile));
    this.handedIn.set(
      id,
      before.map((word, i) => word | more(i)),
    );
  }

  #onPaid(id: bigint): void {
    const commit = this.#commitOf(id);
    const candidate = this.candidates.get(id);
    const flags = candidate?.flags ?? emptyFlags(slotCount(this.#profile));
    // The payment settles it.
    if (candidate !== undefined) this.candidates.set(id, { ...candidate, silent: 0 });
    if (commit === undefined) return;
    const { transcript, terms } = commit;
    this.paid.set(id, { proposalId: id, height: roundOf(terms.roundId).height, transcript, flags, claimed: [] });
    this.kept = [...this.kept, { proposalId: id, transcript, flags, redeemed: [] }].slice(-MAX_KEPT);
  }

  #onRedeemed(proposalId: bigint, index: number, misses: number): void {
    this.#onMisses(index, misses);
    this.kept = this.kept.map((block) =>
      block.proposalId === proposalId ? { ...block, redeemed: [...block.redeemed, index] } : block,
    );
  }

  #onMisses(index: number, misses: number): void {
    this.records.set(index, { ...(this.records.get(index) ?? NEW_RECORD), misses });
  }

  #onCharged(proposalId: bigint, proverIndex: number): void {
    const debt = this.#debts.find((each) => each.proposalId === proposalId && each.proverIndex === proverIndex);
    const miss = `${proverIndex} ${debt?.height}`;
    if (debt !== undefined && !this.#missed.has(miss)) {
      this.#missed.add(miss);
      this.#onMisses(proverIndex, (this.records.get(proverIndex) ?? NEW_RECORD).misses + 1);
    }
    this.#debts = this.#debts.filter((debt) => debt.proposalId !== proposalId || debt.proverIndex !== proverIndex);
  }

  /** Who has promised something in a proven block of a round, and not delivered it. */
  #debtsOf(round: bigint, height: number): Debt[] {
    return [...this.candidates].flatMap(([proposalId, { flags }]) => {
      const commit = this.#commitOf(proposalId);
      if (commit?.terms.roundId !== round) return [];
      const { transcript } = commit;
      const indexes = decodeTranscript(this.#profile, transcript);
      const isOwed = (slot: number): boolean => hasFlag(flags, "voted", slot) && !hasFlag(flags, "delivered", slot);
      const debtors = new Set(indexes.filter((_, slot) => isOwed(slot)).sort((a, b) => a - b));
      return [...debtors].map((proverIndex) => ({ proposalId, proverIndex, transcript, height }));
    });
  }

  /** What each prover has kept of its word in the proven blocks of a round. */
  #deliveriesOf(round: bigint): ReadonlyMap<number, Delivery> {
    const deliveries = new Map<number, Delivery>();
    for (const [proposalId, { flags }] of this.candidates) {
      const commit = this.#commitOf(proposalId);
      if (commit?.terms.roundId !== round) continue;
      decodeTranscript(this.#profile, commit.transcript).forEach((index, slot) => {
        if (index === 0 || !hasFlag(flags, "voted", slot)) return;
        const { voted, delivered } = deliveries.get(index) ?? { voted: 0, delivered: 0 };
        const isDelivered = hasFlag(flags, "delivered", slot);
        deliveries.set(index, { voted: voted + 1, delivered: delivered + (isDelivered ? 1 : 0) });
      });
    }
    return deliveries;
  }

  #record(round: bigint): void {
    const deliveries = this.#deliveriesOf(round);
    for (const index of new Set([...this.records.keys(), ...deliveries.keys()]))
      this.records.set(index, afterRound(this.records.get(index) ?? NEW_RECORD, deliveries.get(index)));
  }

  /** The round is over: what was proven is nobody's debt, and candidates of it are history. */
  #onAdvanced(args: L1Event["args"]): void {
    this.finalProposal = args["proposalId"] as bigint;
    const winner = this.#commitOf(this.finalProposal);
    this.#finalSeat = winner && this.seats.get(winner.proposer);
    const { height } = roundOf(args["roundId"] as bigint);
    if (this.#finalSeat !== undefined) this.#winners.set(height, this.#finalSeat);
    this.#record(args["roundId"] as bigint);
    const remembered = this.#debts.filter((debt) => debt.height > height - RING);
    for (const miss of this.#missed) if (Number(miss.split(" ")[1]) <= height - RING) this.#missed.delete(miss);
    this.#debts = [...remembered, ...this.#debtsOf(args["roundId"] as bigint, height)];
    this.#commits = this.#commits.filter(
      ({ commitment }) => roundOf(commitment.terms.roundId).height > height || !this.isSettled(commitment),
    );
    const earliest = Math.min(height, ...this.commits.map(({ terms }) => roundOf(terms.roundId).height - 1));
    for (const decided of [...this.#winners.keys()]) if (decided < earliest) this.#winners.delete(decided);
    for (const id of [...this.revealed.keys()]) if (this.#commitOf(id) === undefined) this.revealed.delete(id);
    for (const id of [...this.candidates.keys()]) if (this.#commitOf(id) === undefined) this.candidates.delete(id);
    for (const id of [...this.handedIn.keys()]) if (this.#commitOf(id) === undefined) this.handedIn.delete(id);
  }

  #onClaimed(id: bigint, slots: readonly number[]): void {
    const block = this.paid.get(id);
    if (block === undefined) return;
    const claimed = [...block.claimed, ...slots];
    const earned = fulfilledSlots(block);
    if (earned.every((slot) => claimed.includes(slot))) this.paid.delete(id);
    else this.paid.set(id, { ...block, claimed });
  }
}

/** Slots of a block that were voted and delivered. */
export function fulfilledSlots({ transcript, flags }: Pick<PaidBlock, "transcript" | "flags">): number[] {
  const slots = (transcript.length - 2) / 4;
  return Array.from({ length: slots }, (_, slot) => slot).filter((slot) => isFulfilled(flags, slot));
}

/** Whether two commits are on the same deposit, to the same height: then they are branches. */
const isOfLane = (a: Commitment, b: Commitment): boolean =>
  a.proposer === b.proposer && a.terms.roundId === b.terms.roundId;

function commitmentOf(args: L1Event["args"]): Commitment {
  return {
    proposer: args["proposer"] as string,
    terms: unpackTerms(args["terms"] as bigint),
    orderCommitment: args["orderCommitment"] as string,
    transcript: args["transcript"] as string,
    committedAt: args["committedAt"] as bigint,
  };
}

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
      reveal: history.revealed.get(id),
      candidate: history.candidates.get(id),
      handedIn: history.handedIn.get(id) ?? emptyFlags(slotCount(profile)),
    };
  };

  const openId = roundId(round.round);
  const nextId = roundId({ height: round.round.height + 1, attempt: 1 });
  // A commit of a pipelined round was made while the round before was open.
  const isOfOpen = ({ terms, committedAt }: Commitment): boolean =>
    !isOver && terms.roundId === openId && committedAt >= round.opens;
  const isOfNext = ({ terms, committedAt }: Commitment): boolean =>
    IN_ACCEPTANCE.includes(round.phase) && terms.roundId === nextId && committedAt >= round.proposalEnds;

  const open = history.commits
    .filter((commit) => isOfOpen(commit) && commit.terms.parentRef === round.parentRef)
    .map((commit) => commitView(commit, round.parent));
  const bySeat = new Map(open.map((commit) => [history.seats.get(commit.commitment.proposer), commit]));
  const next = history.commits.filter(isOfNext).flatMap((commit) => {
    const parent = bySeat.get(commit.terms.parentRef);
    return parent === undefined ? [] : [commitView(commit, parent.proposalId)];
  });
  const unsettled = history.commits.filter(
    (commit) =>
      !history.isSettled(commit) &&
      // L1 settles a deposit's commits to a height at once, and none of them while one may still win.
      !open.some(({ commitment }) => isOfLane(commit, commitment)) &&
      !isOfNext(commit) &&
      (round.phase === "Frozen" || history.isOpening(commit)),
  );
  const { paid, kept, debts, finalProposal, provers, seats, deposits } = history;
  return {
    ...{ block, now, round, open, next, unsettled, operations, maxSlotsPerProver },
    ...{ paid: [...paid.values()], kept, debts, finalProposal, seats: new Map(seats) },
    provers: provers.map((prover) => ({
      ...prover,
      isEligible: prover.withdrawableAt === undefined && prover.stake >= eligibleStake,
    })),
    records: new Map(history.records),
    deposits: new Map(deposits),
  };
}

/** The open round's commits that may still win, best first: what is proven before what is only promised. */
export function ranking({ round, open }: Pick<L1View, "round" | "open">): readonly L1Commit[] {
  const canWin = ({ reveal, candidate }: L1Commit): boolean =>
    candidate !== undefined ||
    (round.phase === "Proposing" || round.phase === "Revealing"
      ? true
      : round.phase === "Proving" && reveal !== undefined);
  const potential = ({ provers, commitment }: L1Commit): bigint => score(provers, commitment.terms.burnBid);
  const order = (a: L1Commit, b: L1Commit): number => {
    if ((a.candidate === undefined) !== (b.candidate === undefined)) return a.candidate === undefined ? 1 : -1;
    const [x, y] = [a.candidate?.score ?? potential(a), b.candidate?.score ?? potential(b)];
    if (x !== y) return x > y ? -1 : 1;
    return a.commitment.committedAt < b.commitment.committedAt ? -1 : 1;
  };
  return open.filter(canWin).sort(order);
}

/**
 * How a commit that is sent now names the block that it builds on: by the seat of its proposer while it is not decided,
 * and 0 once it is. What was meant for the one may have to be sent for the other: the window may end in between.
 * @param parent proposalId
 */
export function parentRefOf({ round, open, seats }: Pick<L1View, "round" | "open" | "seats">, parent: bigint): number {
  if (!isAccepting(round.phase)) return 0;
  const commit = open.find(({ proposalId }) => proposalId === parent);
  return (commit && seats.get(commit.commitment.proposer)) ?? 0;
}
