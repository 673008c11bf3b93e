import type { Block } from "../exact/block.ts";
import { bySpeed, type Luck, NO_LUCK, oddsOf } from "./luck.ts";
import { MOST_DECOYS, type Plan } from "./plan.ts";
import { type Offer, Play } from "./play.ts";
import { answer, PRICE, type Rivals } from "./rivals.ts";
import { type Setting, spread } from "./settings.ts";

const SHARE = 0.5;
const [ALICE, BOB, CAROL, FIRST_EVIL] = [1, 2, 3, 4];
const SEATS = FIRST_EVIL + MOST_DECOYS;

/** Whether the second height is committed to before the first is decided, or after everybody was judged. */
export type Timing = "pipelined" | "fresh";

/** Who meets whom, and when. */
export interface Encounter {
  readonly setting: Setting;
  readonly timing: Timing;
  readonly rivals: Rivals;
}

/** What the outsider has in the end, tokens. Honest proposers bid {@link PRICE} and pay half to provers. */
export function playOutsider({ setting, timing, rivals }: Encounter, plan: Plan, luck: Luck = NO_LUCK): number {
  return new OutsiderGame(setting, rivals, plan, luck).play(timing);
}

class OutsiderGame {
  readonly #setting: Setting;
  readonly #rivals: Rivals;
  readonly #plan: Plan;
  readonly #luck: Luck;
  readonly #play: Play;

  constructor(setting: Setting, rivals: Rivals, plan: Plan, luck: Luck) {
    const provers = setting.honest.length + setting.own.length;
    this.#play = new Play({ ...setting, seats: SEATS, provers, luck });
    this.#setting = setting;
    this.#rivals = rivals;
    this.#plan = plan;
    this.#luck = luck;
  }

  play(timing: Timing): number {
    const play = this.#play;
    const own = this.#plan.isEarly ? this.#commitOwn() : [];
    const decoys = Array.from({ length: this.#plan.decoys }, (_, i) => this.#commitDecoy(i));
    const alice = this.#commitAlice([...own, ...decoys]);
    if (!this.#plan.isEarly) own.push(...this.#commitOwn());
    const shown = this.#plan.decoyProof === "never revealed" ? [] : decoys;
    play.reveal(...alice, ...own, ...shown);
    for (const block of alice) play.prove(block, { withheld: this.#plan.isWithheld ? this.#slotsOfPlanted() : [] });
    for (const block of own) play.prove(block);
    for (const decoy of shown) this.#proveDecoy(decoy);
    const candidates = [...alice, ...own, ...shown];
    return timing === "pipelined" && candidates.length > 0 ? this.#pipelined(candidates) : this.#fresh();
  }

  #commitOwn(): Block[] {
    const { bid, hired } = this.#plan;
    return bid > 0 && this.#comesTo(1) ? [this.#play.commit(FIRST_EVIL, this.#block(bid, hired))] : [];
  }

  #commitDecoy(i: number): Block {
    const { decoyBid, decoyOwn } = this.#plan;
    return this.#play.commit(FIRST_EVIL + 1 + i, { bid: decoyBid, share: SHARE, team: this.#namedByDecoys(decoyOwn) });
  }

  #commitAlice(seen: readonly Block[]): Block[] {
    const { honest } = this.#setting;
    const offer = this.#offer([...this.#planted(), ...honest.slice(this.#plan.planted)]);
    const bid = answer(this.#rivals, this.#play, seen, offer);
    return bid === undefined ? [] : [this.#play.commit(ALICE, { ...offer, bid })];
  }

  /** Those that matter most to whoever names them. */
  #planted(): number[] {
    return bySpeed(this.#setting.own, this.#luck[0]!).slice(0, this.#plan.planted);
  }

  #slotsOfPlanted(): number[] {
    const { honest, rules } = this.#setting;
    const planted = this.#planted();
    const team = spread([...planted, ...honest.slice(planted.length)], rules.slots);
    return team.flatMap((prover, slot) => (planted.includes(prover) ? [slot] : []));
  }

  #namedByDecoys(own: number): number[] {
    const { honest, rules } = this.#setting;
    return spread([...this.#setting.own.slice(0, own), ...honest], rules.slots);
  }

  #proveDecoy(decoy: Block): void {
    const { decoyOwn, decoyVotes, decoyProof } = this.#plan;
    const { honest } = this.#setting;
    const team = this.#namedByDecoys(decoyOwn);
    const slotsOf = (provers: readonly number[]): number[] =>
      team.flatMap((prover, slot) => (provers.includes(prover) ? [slot] : []));
    const named = honest.filter((prover) => team.includes(prover));
    const silent = slotsOf(named.slice(decoyVotes));
    this.#play.prove(decoy, { silent, withheld: decoyProof === "proven by strangers" ? slotsOf(honest) : [] });
    this.#play.handIn(decoy, honest);
  }

  #pipelined(candidates: readonly Block[]): number {
    const play = this.#play;
    if (play.game.mechanism.ranksByVotes) play.until("provingEnds");
    const leader = play.leader(candidates)!;
    const winner = candidates.reduce((a, b) => (a.proven!.score >= b.proven!.score ? a : b));
    const { honest } = this.#setting;
    play.commit(BOB, { ...this.#offer(honest), parent: leader });
    play.commit(CAROL, { ...this.#offer(honest), bid: 0.9 * PRICE, parent: leader });
    const { nextBid, nextHired, buildsOnWinner } = this.#plan;
    if (this.#comesTo(leader.height + 1))
      play.commit(FIRST_EVIL, { ...this.#block(nextBid, nextHired), parent: buildsOnWinner ? winner : leader });
    play.until("acceptanceEnds");
    play.game.advance();
    return this.#decide(play.game.blocks.filter((block) => play.game.isLive(block)));
  }

  #fresh(): number {
    const play = this.#play;
    play.until("acceptanceEnds");
    play.game.advance();
    if (this.#plan.judges) play.judge(play.game.blocks);
    // Nobody comes before the first attempt is over: the next one counts who is there then.
    play.until("revealEnds");
    play.game.passTo(play.game.now + 1);
    const { nextBid, nextHired } = this.#plan;
    const theirs = play.commit(BOB, this.#offer(this.#setting.honest));
    const next = this.#comesTo(theirs.height) ? [play.commit(FIRST_EVIL, this.#block(nextBid, nextHired))] : [];
    return this.#decide([theirs, ...next]);
  }

  /** Whether its own provers are fast enough at a height. */
  #comesTo(height: number): boolean {
    const { honest, own } = this.#setting;
    return oddsOf(own, honest.length, this.#luck[height - 1]!) >= this.#plan.leastOdds;
  }

  /** Everybody reveals and proves; the height is decided, judged and settled. */
  #decide(blocks: readonly Block[]): number {
    const play = this.#play;
    if (blocks.length > 0) {
      play.reveal(...blocks);
      for (const block of blocks) play.prove(block);
      play.until("acceptanceEnds");
      play.game.advance();
    } else {
      play.until("revealEnds");
    }
    play.judge(play.game.blocks);
    play.settleAll();
    const seats = Array.from({ length: SEATS - FIRST_EVIL + 1 }, (_, i) => FIRST_EVIL + i);
    return play.wealthOf({ seats, provers: this.#setting.own });
  }

  #offer(provers: readonly number[]): Offer {
    return { bid: PRICE, share: SHARE, team: spread(provers, this.#setting.rules.slots) };
  }

  /** Nobody works for less than the others pay; its own provers keep what there is. */
  #block(bid: number, hired: number): Offer {
    const { honest, own, rules } = this.#setting;
    return { bid, share: SHARE, team: spread([...honest.slice(0, hired), ...own], rules.slots) };
  }
}
