import type { Block } from "../exact/block.ts";
import { Play, type Regime } from "./play.ts";

/** A proposer with seats and provers of its own, and everything that it may do over two heights. */
export interface Plan {
  /** Tokens; 0: no block of its own at the first height. */
  readonly bid: number;
  /** Honest provers in its block; the other slots are its own provers'. */
  readonly hired: number;
  /** Further commits of its seats, which name all honest provers. */
  readonly decoys: number;
  readonly decoyBid: number;
  /** Of those seven, votes that the decoys' forests show. */
  readonly decoyVotes: number;
  readonly decoyProof: "never revealed" | "proven by strangers" | "proven as promised";
  /** Its provers among those that the honest proposer names. */
  readonly planted: number;
  readonly isWithheld: boolean;
  /** Whether it brings everybody before the court. */
  readonly judges: boolean;
  /** At the second height. */
  readonly nextBid: number;
  readonly nextHired: number;
  /** Whether it builds on the block that it expects to win, and not on the one that all take for the leader. */
  readonly buildsOnWinner: boolean;
}

export const GENES = 12;
/** Of a plan without a deviation: its own blocks, and work for others that its provers do. */
const HONEST_GENES = [0, 1, 6, 9, 10] as const;
export const HONEST_GENE_COUNT = HONEST_GENES.length;

const SLOTS = 7;
const PRICE = 40;
const SHARE = 0.5;
const [ALICE, BOB, CAROL, FIRST_EVIL] = [1, 2, 3, 4];
const MOST_DECOYS = 9;
const SEATS = FIRST_EVIL + MOST_DECOYS;
const HONEST = [1, 2, 3, 4, 5, 6, 7];
const OWN = [8, 9, 10, 11, 12, 13, 14];
const PROOFS = ["never revealed", "proven by strangers", "proven as promised"] as const;

/** None and all are likelier than what is between: a plan is seldom about a number. */
const count = (gene: number, most: number): number =>
  Math.min(most, Math.max(0, Math.round((1.6 * gene - 0.3) * most)));
const tokens = (gene: number): number => Math.round(5 * 40 ** gene * 100) / 100;

/** What genes from 0 to 1 mean. */
export function planOf(genes: readonly number[]): Plan {
  const [bid, hired, decoys, decoyBid, votes, proof, planted, withheld, judges, nextBid, nextHired, builds] =
    genes as unknown as Twelve;
  return {
    bid: bid < 0.1 ? 0 : tokens((bid - 0.1) / 0.9),
    hired: count(hired, SLOTS),
    decoys: count(decoys, MOST_DECOYS),
    decoyBid: tokens(decoyBid),
    decoyVotes: count(votes, SLOTS),
    decoyProof: PROOFS[count(proof, 2)]!,
    planted: count(planted, 3),
    isWithheld: withheld > 0.5,
    judges: judges > 0.5,
    nextBid: tokens(nextBid),
    nextHired: count(nextHired, SLOTS),
    buildsOnWinner: builds > 0.5,
  };
}

type Twelve = [number, number, number, number, number, number, number, number, number, number, number, number];

/** All genes of a plan that keeps to the rules' spirit. */
export function honestGenes(genes: readonly number[]): number[] {
  const all = Array<number>(GENES).fill(0);
  HONEST_GENES.forEach((gene, i) => (all[gene] = genes[i]!));
  return all;
}

/** Whether the second height is committed to before the first is decided, or after everybody was judged. */
export type Timing = "pipelined" | "fresh";

/** What the outsider has in the end, tokens. Honest proposers bid {@link PRICE} and pay half to provers. */
export function playOutsider(regime: Regime, timing: Timing, plan: Plan): number {
  const play = new Play({ ...regime, seats: SEATS, provers: HONEST.length + OWN.length });
  const { game } = play;
  const team = HONEST.map((prover, i) => (i < plan.planted ? OWN[i]! : prover));
  const alice = play.commit(ALICE, { bid: PRICE, share: SHARE, team });
  const own = plan.bid > 0 ? play.commit(FIRST_EVIL, blockOf(plan.bid, plan.hired)) : undefined;
  const decoys = Array.from({ length: plan.decoys }, (_, i) =>
    play.commit(FIRST_EVIL + 1 + i, { bid: plan.decoyBid, share: SHARE, team: HONEST }),
  );
  const shown = plan.decoyProof === "never revealed" ? [] : decoys;
  play.reveal(alice, ...(own ? [own] : []), ...shown);
  play.prove(alice, { withheld: plan.isWithheld ? slotsBelow(plan.planted) : [] });
  if (own) play.prove(own);
  for (const decoy of shown) proveDecoy(play, decoy, plan);
  if (timing === "pipelined") return pipelined(play, plan, { alice, own, shown });

  play.until("acceptanceEnds");
  game.advance();
  if (plan.judges) play.judge(game.blocks);
  // Nobody comes before the first attempt is over: the next one counts who is there then.
  play.until("revealEnds");
  game.passTo(game.now + 1);
  const theirs = play.commit(BOB, { bid: PRICE, share: SHARE, team: HONEST });
  const next = play.commit(FIRST_EVIL, blockOf(plan.nextBid, plan.nextHired));
  return decide(play, [theirs, next]);
}

function pipelined(
  play: Play,
  plan: Plan,
  { alice, own, shown }: { alice: Block; own: Block | undefined; shown: readonly Block[] },
): number {
  const { game } = play;
  const all = [alice, ...(own ? [own] : []), ...shown];
  if (game.mechanism.ranksByVotes) play.until("provingEnds");
  const leader = play.leader(all)!;
  const winner = all.reduce((a, b) => (a.proven!.score >= b.proven!.score ? a : b));
  play.commit(BOB, { bid: PRICE, share: SHARE, team: HONEST, parent: leader });
  play.commit(CAROL, { bid: 0.9 * PRICE, share: SHARE, team: HONEST, parent: leader });
  const parent = plan.buildsOnWinner ? winner : leader;
  play.commit(FIRST_EVIL, { ...blockOf(plan.nextBid, plan.nextHired), parent });
  play.until("acceptanceEnds");
  game.advance();
  const live = game.blocks.filter((block) => game.isLive(block));
  const wealth = decide(play, live);
  return wealth;
}

/** Everybody reveals and proves; the height is decided, judged and settled. */
function decide(play: Play, blocks: readonly Block[]): number {
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
  return play.wealthOf({ seats, provers: OWN });
}

function proveDecoy(play: Play, decoy: Block, { decoyVotes, decoyProof }: Plan): void {
  const silent = [0, 1, 2, 3, 4, 5, 6].slice(decoyVotes);
  const withheld = decoyProof === "proven by strangers" ? slotsBelow(SLOTS) : [];
  play.prove(decoy, { silent, withheld });
  play.handIn(decoy, HONEST);
}

const slotsBelow = (slots: number): number[] => Array.from({ length: slots }, (_, slot) => slot);

/** Nobody works for less than the others pay; its own provers keep what there is. */
const blockOf = (bid: number, hired: number) => ({
  bid,
  share: SHARE,
  team: OWN.map((prover, slot) => (slot < hired ? HONEST[slot]! : prover)),
});
