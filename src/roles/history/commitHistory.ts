import type { Commitment } from "../../chain/index.ts";
import { emptyFlags, type Flags, packFlags } from "../../protocol/flags.ts";
import { slotCount } from "../../protocol/nodes.ts";
import type { Profile } from "../../protocol/profile.ts";
import { roundOf } from "../../protocol/round.ts";
import { unpackTerms } from "../../protocol/terms.ts";
import { isOfLane, type L1Candidate, type L1Reveal } from "../l1View.ts";
import type { ProvenBlock } from "../provenBlocks.ts";
import type { EventArgs } from "./event.ts";

/** A commit, and the proposalId that its reveal has shown. */
interface KnownCommit {
  readonly commitment: Commitment;
  proposalId: bigint | undefined;
}

/** Commits, and what was revealed and proven of them; maps are by proposalId. */
export class CommitHistory {
  readonly revealed = new Map<bigint, L1Reveal>();
  readonly candidates = new Map<bigint, L1Candidate>();
  readonly handedIn = new Map<bigint, Flags>();
  finalProposal = 0n;
  readonly #profile: Profile;
  #commits: KnownCommit[] = [];
  /** Seat of the proposer of the final block. */
  #finalSeat: number | undefined;
  /** The same of earlier final blocks, by height, as long as commits on them are there. */
  readonly #winners = new Map<number, number>();

  constructor(profile: Profile) {
    this.#profile = profile;
  }

  /** Not settled, or of an open round. */
  get all(): readonly Commitment[] {
    return this.#commits.map(({ commitment }) => commitment);
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
    const branches = this.all.filter((commit) => isOfLane(commitment, commit));
    return commitment === (branches.find(({ terms }) => terms.parentRef === winner) ?? branches[0]);
  }

  /** The commit of a revealed proposal. */
  of(proposalId: bigint): Commitment | undefined {
    return this.#commits.find((known) => known.proposalId === proposalId)?.commitment;
  }

  /** What L1 has in a candidate; nothing where there is none. */
  flagsOf(proposalId: bigint): Flags {
    return this.candidates.get(proposalId)?.flags ?? emptyFlags(slotCount(this.#profile));
  }

  /** The proven blocks of a round. */
  provenIn(roundId: bigint): ProvenBlock[] {
    return [...this.candidates].flatMap(([proposalId, { flags }]) => {
      const commit = this.of(proposalId);
      return commit?.terms.roundId === roundId ? [{ proposalId, transcript: commit.transcript, flags }] : [];
    });
  }

  onCommitted(args: EventArgs): void {
    this.#commits.push({ commitment: commitmentOf(args), proposalId: undefined });
  }

  onRevealed(args: EventArgs): void {
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

  onProven(args: EventArgs): void {
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
  onHandedIn(args: EventArgs): void {
    const id = args["proposalId"] as bigint;
    const slots = args["slots"] as readonly bigint[];
    const flags = packFlags(slotCount(this.#profile), { delivered: (slot) => slots.includes(BigInt(slot)) });
    if (!this.candidates.has(id)) this.#keep(id, (word) => flags[word]!);
  }

  onVotesKept(args: EventArgs): void {
    this.#keep(args["proposalId"] as bigint, (word) =>
      BigInt(word) === args["word"] ? (args["votes"] as bigint) : 0n,
    );
  }

  onSettled(args: EventArgs): void {
    this.#commits = this.#commits.filter(
      ({ commitment: { proposer, terms } }) => proposer !== args["proposer"] || terms.roundId !== args["roundId"],
    );
  }

  /** The payment settles it. */
  onPaid(proposalId: bigint): void {
    const candidate = this.candidates.get(proposalId);
    if (candidate !== undefined) this.candidates.set(proposalId, { ...candidate, silent: 0 });
  }

  /** A round is decided: its commits that nobody has to settle are history. @param seats by address */
  onAdvanced(height: number, winner: bigint, seats: ReadonlyMap<string, number>): void {
    this.finalProposal = winner;
    const commit = this.of(winner);
    this.#finalSeat = commit && seats.get(commit.proposer);
    if (this.#finalSeat !== undefined) this.#winners.set(height, this.#finalSeat);
    this.#commits = this.#commits.filter(
      ({ commitment }) => roundOf(commitment.terms.roundId).height > height || !this.isSettled(commitment),
    );
    const earliest = Math.min(height, ...this.all.map(({ terms }) => roundOf(terms.roundId).height - 1));
    for (const decided of [...this.#winners.keys()]) if (decided < earliest) this.#winners.delete(decided);
    for (const known of [this.revealed, this.candidates, this.handedIn] as Map<bigint, unknown>[])
      for (const id of [...known.keys()]) if (this.of(id) === undefined) known.delete(id);
  }

  #keep(id: bigint, more: (word: number) => bigint): void {
    const before = this.handedIn.get(id) ?? emptyFlags(slotCount(this.#profile));
    this.handedIn.set(
      id,
      before.map((word, i) => word | more(i)),
    );
  }
}

function commitmentOf(args: EventArgs): Commitment {
  return {
    proposer: args["proposer"] as string,
    terms: unpackTerms(args["terms"] as bigint),
    orderCommitment: args["orderCommitment"] as string,
    transcript: args["transcript"] as string,
    committedAt: args["committedAt"] as bigint,
  };
}
