import type { Commitment } from "../chain/index.ts";
import { emptyFlags, type Flags, packFlags } from "../protocol/flags.ts";
import { slotCount } from "../protocol/nodes.ts";
import type { Profile } from "../protocol/profile.ts";
import { roundOf } from "../protocol/round.ts";
import { unpackTerms } from "../protocol/terms.ts";
import {
  type Debt,
  type Deposits,
  isOfLane,
  type KeptBlock,
  type L1Candidate,
  type L1Prover,
  type L1Reveal,
  type PaidBlock,
  unclaimedSlots,
} from "./l1View.ts";
import { debtsOf, deliveriesOf, type ProvenBlock } from "./provenBlocks.ts";
import { afterRound, type DeliveryRecord, NEW_RECORD } from "./records.ts";

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
  readonly #isByHead: boolean;
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

  /** @param isByHead whether a prover is paid once for a block, not for each slot */
  constructor(profile: Profile, isByHead = false) {
    this.#profile = profile;
    this.#isByHead = isByHead;
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
    const { height } = roundOf(terms.roundId);
    this.paid.set(id, { proposalId: id, height, transcript, flags, isByHead: this.#isByHead, claimed: [] });
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

  /** The proven blocks of a round. */
  #provenIn(round: bigint): ProvenBlock[] {
    return [...this.candidates].flatMap(([proposalId, { flags }]) => {
      const commit = this.#commitOf(proposalId);
      return commit?.terms.roundId === round ? [{ proposalId, transcript: commit.transcript, flags }] : [];
    });
  }

  #record(round: bigint): void {
    const deliveries = deliveriesOf(this.#profile, this.#provenIn(round));
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
    this.#debts = [...remembered, ...debtsOf(this.#profile, this.#provenIn(args["roundId"] as bigint), height)];
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
    const before = this.paid.get(id);
    if (before === undefined) return;
    const block = { ...before, claimed: [...before.claimed, ...slots] };
    if (unclaimedSlots(block).length === 0) this.paid.delete(id);
    else this.paid.set(id, block);
  }
}

function commitmentOf(args: L1Event["args"]): Commitment {
  return {
    proposer: args["proposer"] as string,
    terms: unpackTerms(args["terms"] as bigint),
    orderCommitment: args["orderCommitment"] as string,
    transcript: args["transcript"] as string,
    committedAt: args["committedAt"] as bigint,
  };
}
