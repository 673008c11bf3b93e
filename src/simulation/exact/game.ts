import type { Flags } from "../../protocol/flags.ts";
import { heldSlots } from "../../protocol/holdings.ts";
import { IllegalMoveError } from "../errors.ts";
import type { Block, Commit } from "./block.ts";
import { noFlags, onHeldSlots, provenBy, unite, withoutNewVotes } from "./count.ts";
import { emptyLane, type Fate, fateOf, type Lane } from "./lane.ts";
import { DEPLOYED, type Mechanism } from "./mechanism.ts";
import { payRound, type Decided } from "./payment.ts";
import { Registry } from "./registry.ts";
import { endsOf, openRound, type Round, Seeds } from "./round.ts";
import type { GameRules } from "./rules.ts";

export interface GameOptions {
  readonly rules: GameRules;
  readonly mechanism?: Mechanism;
  /** Unix seconds. */
  readonly now: number;
  /** Of each seat, from 1, in both lanes, BID_UNIT. */
  readonly deposits: readonly bigint[];
}

/**
 * The contest of a deployment, move by move, to the last wei. Its rules are those of `src/protocol`; what is here is
 * who may do what when, as the contracts have it.
 */
export class ExactGame {
  readonly rules: GameRules;
  readonly mechanism: Mechanism;
  readonly registry: Registry;
  readonly blocks: Block[] = [];
  readonly decided: Decided[] = [];
  /** Wei, by seat; index 0 is nobody's. */
  readonly rewards: bigint[];
  /** What builders of L1 blocks were tipped, wei. */
  tips = 0n;
  /** BID_UNIT: of bids. */
  burnt = 0n;
  #now: number;
  #round: Round;
  readonly #lanes: readonly (readonly [even: Lane, odd: Lane])[];
  readonly #seeds: Seeds | undefined;
  readonly #winners = new Map<number, Block>();

  constructor({ rules, mechanism = DEPLOYED, now, deposits }: GameOptions) {
    this.rules = rules;
    this.mechanism = mechanism;
    this.registry = new Registry(rules.economics.eligibleStake);
    this.#now = now;
    this.#lanes = [0n, ...deposits].map((deposit) => [emptyLane(deposit), emptyLane(deposit)]);
    this.rewards = this.#lanes.map(() => 0n);
    this.#seeds = rules.policy.usesBetas ? new Seeds(rules.economics) : undefined;
    const exponent = rules.policy.initialExponent;
    // Long over: the first commit opens the first attempt.
    const start = { height: 1, attempt: 0, roundNumber: 0, isPipelined: false, exponent, opens: 0, now: 0 };
    this.#round = openRound(start, rules.economics, undefined);
  }

  get now(): number {
    return this.#now;
  }

  get round(): Round {
    return this.#round;
  }

  get isOver(): boolean {
    return this.#now >= endsOf(this.#round);
  }

  passTo(time: number): void {
    if (time < this.#now) throw new IllegalMoveError("pass", `to ${time}`, `${this.#now} or later`);
    this.#now = time;
  }

  laneOf(seat: number, height: number): Lane {
    return this.#lanes[seat]![(height & 1) as 0 | 1];
  }

  commit({ parent, ...commit }: Commit): Block {
    this.advance();
    if (this.#now >= this.#round.moments.proposalEnds && this.isOver) this.#openNextAttempt();
    const isAhead = this.#now >= this.#round.moments.proposalEnds;
    if (isAhead !== (parent !== undefined))
      throw new IllegalMoveError("commit", parent ? "a parent" : "no parent", isAhead ? "one" : "none");
    const height = this.#round.height + Number(isAhead);
    const roundNumber = this.#round.roundNumber + Number(isAhead);
    const lane = this.laneOf(commit.seat, height);
    const isBranch = lane.commits[0]?.roundNumber === roundNumber;
    if (!isBranch && !lane.isSettled) throw new IllegalMoveError("commit", "an unsettled lane", "a settled one");
    if (isBranch && lane.commits.some(({ parentRef }) => parentRef === parent?.seat))
      throw new IllegalMoveError("commit", "a commit on the same parent", "another parent");
    if (commit.burnBid > lane.deposit || commit.burnBid < this.rules.economics.minBid)
      throw new IllegalMoveError("commit", `a bid of ${commit.burnBid}`, `minBid to ${lane.deposit}`);
    if (isAhead) this.#round.hasNext = true;
    const block = this.#createBlock(commit, { height, roundNumber, parentRef: parent?.seat ?? 0 });
    lane.commits = isBranch ? [...lane.commits, block] : [block];
    lane.isSettled = false;
    this.blocks.push(block);
    return block;
  }

  /** @param betas of the round, by prover, where the policy uses them */
  reveal(block: Block, betas: ReadonlyMap<number, bigint> = new Map()): void {
    this.advance();
    const { proposalEnds, revealEnds, acceptanceEnds } = this.#round.moments;
    if (!this.isLive(block)) throw new IllegalMoveError("reveal", "a dead commit", "one of the open round");
    if (this.#now < proposalEnds || this.#now >= revealEnds)
      throw new IllegalMoveError("reveal", `${this.#now}`, `${proposalEnds} to ${revealEnds}`);
    const { eligibleAt, exponent } = this.#round;
    const { maxSlotsPerProver } = this.rules.economics;
    const isEligible = (prover: number): boolean => this.registry.isEligible(prover, eligibleAt);
    Object.assign(block, {
      ...{ isRevealed: true, eligibleAt, exponent, acceptanceEnds, betas },
      held: heldSlots(block.transcript, maxSlotsPerProver, isEligible),
    });
    this.#round.isRevealed = true;
  }

  /** Brings a whole forest with these votes and deliveries. @returns whether it adds to what is known */
  submit(block: Block, flags: Flags): boolean {
    this.#requireProvable(block, "submit");
    return this.#improve(block, flags);
  }

  /** Brings single nodes. */
  handIn(block: Block, flags: Flags): boolean {
    this.#requireProvable(block, "hand in");
    if (block.proven !== undefined) return this.#improve(block, flags);
    block.kept = unite(block.kept, onHeldSlots(flags, block));
    return true;
  }

  /** Makes the leading candidate final if its height is decided. */
  advance(): Decided | undefined {
    const { candidates, moments, height, roundNumber, hasNext, exponent } = this.#round;
    if (candidates.length === 0 || this.#now < moments.acceptanceEnds) return undefined;
    const decided = payRound(this, this.#round);
    this.decided.push(decided);
    const winner = decided.paid[0]!;
    this.#winners.set(roundNumber, winner);
    const opens = hasNext ? moments.proposalEnds : this.#now;
    this.#open({
      ...{ height: height + 1, attempt: 1, roundNumber: roundNumber + 1, isPipelined: hasNext, opens },
      exponent: exponent === 0 ? 0 : this.rules.policy.nextExponent(exponent, winner.proven!.provers),
    });
    return decided;
  }

  /** Whether the parent of a commit of the open round won. */
  isLive({ roundNumber, parentRef }: Block): boolean {
    const parent = this.#winners.get(this.#round.roundNumber - 1);
    return roundNumber === this.#round.roundNumber && parentRef === (this.#round.isPipelined ? parent!.seat : 0);
  }

  /** What is known of a lane's unsettled commits. */
  fate(seat: number, height: number): Fate {
    return fateOf(this.laneOf(seat, height), {
      roundNumber: this.#round.roundNumber,
      isOver: this.isOver,
      winnerOf: (roundNumber) => this.#winners.get(roundNumber),
    });
  }

  /** Accounts for a lane's commits. @returns BID_UNITs forfeited; undefined if there is nothing to settle yet */
  settle(seat: number, height: number): bigint | undefined {
    this.advance();
    const lane = this.laneOf(seat, height);
    if (lane.isSettled) return undefined;
    const { isOpen, live } = this.fate(seat, height);
    if (isOpen) return undefined;
    const forfeited = live === undefined ? 0n : this.mechanism.forfeit(this.rules, live);
    this.burnBid(lane, forfeited);
    Object.assign(lane, { commits: [], isSettled: true });
    return forfeited;
  }

  /** @param amount BID_UNIT */
  burnBid(lane: Lane, amount: bigint): void {
    lane.deposit -= amount;
    this.burnt += amount;
  }

  #createBlock(commit: Omit<Commit, "parent">, place: Pick<Block, "height" | "roundNumber" | "parentRef">): Block {
    return {
      ...{ ...commit, ...place, committedAt: this.#now, isRevealed: false, proven: undefined, paid: undefined },
      ...{ held: [], eligibleAt: 0, exponent: 0, acceptanceEnds: 0, betas: new Map(), kept: noFlags(this.rules) },
      ...{ slashed: new Set(), redeemed: new Set() },
    };
  }

  #requireProvable(block: Block, move: string): void {
    this.advance();
    const { moments } = this.#round;
    const until = block.proven ? moments.acceptanceEnds : this.mechanism.firstProofUntil(moments);
    if (!this.isLive(block) || !block.isRevealed)
      throw new IllegalMoveError(move, "a block that is not revealed", "one of the open round that is");
    if (this.#now < moments.proposalEnds || this.#now >= until)
      throw new IllegalMoveError(move, `${this.#now}`, `${moments.proposalEnds} to ${until}`);
  }

  #improve(block: Block, submitted: Flags): boolean {
    const { rules, mechanism } = this;
    const shown = onHeldSlots(submitted, block);
    const known = block.proven?.flags ?? block.kept;
    const takesVotes = this.#now < mechanism.firstProofUntil(this.#round.moments);
    const flags = unite(known, takesVotes ? shown : withoutNewVotes(shown, known, rules.slots));
    const after = provenBy(rules, this.registry, block, flags, shown, block.proven);
    if (block.proven && flags.every((word, i) => word === known[i]) && after.score === block.proven.score) return false;
    const isFirst = block.proven === undefined;
    block.proven = after;
    const lane = this.laneOf(block.seat, block.height);
    if (isFirst) {
      this.#round.candidates.push(block);
      this.burnBid(lane, mechanism.burnAtProof(rules, block));
    }
    if (mechanism.isSettledByProof(rules, block)) lane.isSettled = true;
    return true;
  }

  #openNextAttempt(): void {
    const { height, attempt, roundNumber, exponent } = this.#round;
    const next = { height, attempt: attempt + 1, roundNumber: roundNumber + 2, isPipelined: false, exponent };
    this.#open({ ...next, opens: this.#now });
  }

  #open(round: Omit<Parameters<typeof openRound>[0], "now">): void {
    this.#round = openRound({ ...round, now: this.#now }, this.rules.economics, this.#seeds);
  }
}
