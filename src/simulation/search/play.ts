import { hasFlag, packFlags } from "../../protocol/flags.ts";
import { distinctProvers } from "../../protocol/holdings.ts";
import { BID_UNIT } from "../../protocol/terms.ts";
import type { Block } from "../exact/block.ts";
import { asPromised, noFlags, scoreOf } from "../exact/count.ts";
import { Court } from "../exact/court.ts";
import { ExactGame } from "../exact/game.ts";
import type { Mechanism } from "../exact/mechanism.ts";
import { earnedBy } from "../exact/payment.ts";
import type { GameRules } from "../exact/rules.ts";
import { tokensOf, unitsOf } from "../fast/rules.ts";
import { type Luck, NO_LUCK } from "./luck.ts";

/** Rules, and how they blame. */
export interface Regime {
  readonly rules: GameRules;
  readonly mechanism: Mechanism;
}

export interface PlayOptions extends Regime {
  readonly seats: number;
  /** Registered with the least stake, indexes from 1. */
  readonly provers: number;
  /** What a race draws. */
  readonly luck?: Luck;
}

export interface Offer {
  /** Tokens. */
  readonly bid: number;
  /** Of the reward, for provers. */
  readonly share: number;
  /** Provers in slot order. */
  readonly team: readonly number[];
  readonly parent?: Block | undefined;
}

/** Slots of a forest that are not as promised. */
export interface Missing {
  readonly silent?: readonly number[];
  readonly withheld?: readonly number[];
}

/** What somebody has. */
export interface Wealth {
  readonly seats: readonly number[];
  readonly provers: readonly number[];
}

const START = 1_000_000;
const DEPOSIT = unitsOf(1_000);

/** A game on the exact rules whose verbs are those of a story. */
export class Play {
  readonly game: ExactGame;
  readonly court: Court;
  readonly #luck: Luck;
  #ids = 0n;

  constructor({ rules, mechanism, seats, provers, luck = NO_LUCK }: PlayOptions) {
    this.#luck = luck;
    const deposits = Array<bigint>(seats).fill(DEPOSIT);
    this.game = new ExactGame({ rules, mechanism, now: START, deposits });
    for (let i = 0; i < provers; i++) this.game.registry.register(START, rules.economics.minStake);
    this.game.passTo(START + 2);
    this.court = new Court(this.game);
  }

  commit(seat: number, offer: Offer): Block {
    const { bid, share, parent } = offer;
    return this.game.commit({
      ...{ id: ++this.#ids, seat, burnBid: unitsOf(bid), shareBps: Math.round(share * 10_000) },
      transcript: this.transcriptOf(offer),
      ...(parent && { parent }),
    });
  }

  transcriptOf({ team }: Offer): number[] {
    return Array.from({ length: this.game.rules.slots }, (_, slot) => team[slot] ?? 0);
  }

  until(boundary: "proposalEnds" | "revealEnds" | "provingEnds" | "acceptanceEnds"): void {
    this.game.passTo(Math.max(this.game.now, this.game.round.moments[boundary]));
  }

  reveal(...blocks: readonly Block[]): void {
    this.until("proposalEnds");
    for (const block of blocks) this.game.reveal(block, this.#luck[block.height - 1]);
  }

  prove(block: Block, { silent = [], withheld = [] }: Missing = {}): void {
    const voted = (slot: number): boolean => !silent.includes(slot);
    const delivered = (slot: number): boolean => voted(slot) && !withheld.includes(slot);
    this.game.submit(block, packFlags(this.game.rules.slots, { voted, delivered }));
  }

  /** Provers bring what a forest leaves out, votes and proofs, where they can prove at all. */
  handIn(block: Block, provers: readonly number[]): void {
    if (!this.game.mechanism.isWitnessPublic) return;
    const isTheirs = (slot: number): boolean => provers.includes(block.held[slot] ?? 0);
    const promised = (slot: number): boolean => isTheirs(slot) && hasFlag(block.proven!.flags, "voted", slot);
    this.game.handIn(block, packFlags(this.game.rules.slots, { voted: promised, delivered: promised }));
  }

  /** The most that a revealed block can still score, as everybody sees it; under a race what is proven of it. */
  potential(block: Block): bigint {
    const { rules, registry, mechanism } = this.game;
    if (rules.policy.usesBetas) return block.proven?.score ?? 0n;
    const named = packFlags(rules.slots, { voted: (slot) => block.held[slot] !== 0 });
    const known = mechanism.ranksByVotes ? (block.proven?.flags ?? noFlags(rules)) : named;
    return scoreOf(rules, registry, block, asPromised(known, rules.slots), noFlags(rules));
  }

  /** The block that everybody takes for the next winner. */
  leader(blocks: readonly Block[]): Block | undefined {
    return blocks
      .filter(({ isRevealed }) => isRevealed)
      .reduce<Block | undefined>((a, b) => (a && this.potential(a) >= this.potential(b) ? a : b), undefined);
  }

  /** Has every prover charged for what it owes in the blocks. */
  judge(blocks: readonly Block[]): void {
    for (const block of blocks) {
      const { flags } = block.proven ?? { flags: noFlags(this.game.rules) };
      const isOwed = (slot: number): boolean => hasFlag(flags, "voted", slot) && !hasFlag(flags, "delivered", slot);
      for (const prover of distinctProvers(block.held, isOwed)) this.court.slash(block, prover);
    }
  }

  settleAll(): void {
    for (const { seat, height } of this.game.blocks) this.game.settle(seat, height);
  }

  /** Deposits, stakes and earnings, tokens. */
  wealthOf({ seats, provers }: Wealth): number {
    const { registry, rewards, blocks, rules } = this.game;
    const deposits = seats.flatMap((seat) => [0, 1].map((height) => this.game.laneOf(seat, height).deposit));
    const earned = blocks.flatMap((block) => provers.map((prover) => earnedBy(rules, block, prover)));
    const wei = [
      ...deposits.map((deposit) => deposit * BID_UNIT),
      ...seats.map((seat) => rewards[seat]!),
      ...provers.map((prover) => registry.stakeOf(prover)),
      ...earned,
    ];
    return tokensOf(wei.reduce((sum, amount) => sum + amount, 0n));
  }
}
