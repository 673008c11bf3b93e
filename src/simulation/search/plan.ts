import type { Theme } from "./crossEntropy.ts";
import { PRICE } from "./rivals.ts";
import type { Setting } from "./settings.ts";

/** A proposer with seats and provers of its own, and everything that it may do over two heights. */
export interface Plan {
  /** Tokens; 0: no block of its own at the first height. */
  readonly bid: number;
  /** Honest provers in its block; the other slots are its own provers'. */
  readonly hired: number;
  /** Whether rivals see its commit before they make theirs. */
  readonly isEarly: boolean;
  /** Under a race: it brings a block if its fastest prover beats all honest ones with this probability. */
  readonly leastOdds: number;
  /** At the second height. */
  readonly nextBid: number;
  readonly nextHired: number;
  /** Its provers among those that the honest proposer names. */
  readonly planted: number;
  readonly isWithheld: boolean;
  /** Further commits of its seats before everybody else's, which name strangers. */
  readonly decoys: number;
  readonly decoyBid: number;
  /** Its own provers among those whom the decoys name. */
  readonly decoyOwn: number;
  /** Of the strangers, votes that the decoys' forests show. */
  readonly decoyVotes: number;
  readonly decoyProof: "never revealed" | "proven by strangers" | "proven as promised";
  /** Whether it brings everybody before the court. */
  readonly judges: boolean;
  /** Whether it builds on the block that it expects to win, and not on the one that all take for the leader. */
  readonly buildsOnWinner: boolean;
}

/** The first ones say what blocks of its own it brings, and which work its provers do for others. */
export const HONEST_GENES = 7;
export const GENES = 15;
export const MOST_DECOYS = 9;

/** What is no honest work, by name: the genes of each move. The search can do without any of them. */
export const MOVES = {
  "withholding provers": [7],
  "decoys in others' names": [8, 9, 10, 11, 12],
  "calls to the court": [13],
  "a parent that does not lead": [14],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type Move = keyof typeof MOVES;
export const MOVE_NAMES = Object.keys(MOVES) as Move[];

const PROOFS = ["never revealed", "proven by strangers", "proven as promised"] as const;
/** Decoys that a plan has mostly: one, so many that no stake survives them all, or as many as there are seats. */
const DECOYS = [0, 1, 2, 4, 8, MOST_DECOYS];
const decoysGene = (decoys: number): number => DECOYS.indexOf(decoys) / (DECOYS.length - 1);

/** Kinds of plans that the search goes through one by one: none, one or many decoys, how they are proven, the court. */
export const THEMES: readonly Theme[] = [
  { 8: 0, 13: 0 },
  ...[0, 0.5, 1].flatMap((proof) => [0, 1].map((court) => ({ 8: decoysGene(1), 12: proof, 13: court }))),
  ...[0.5, 1].map((proof) => ({ 8: decoysGene(8), 12: proof, 13: 1 })),
];

const MOST_PLANTED = 3;

/** None and all are likelier than what is between: a plan is seldom about a number. */
const count = (gene: number, most: number): number =>
  Math.min(most, Math.max(0, Math.round((1.6 * gene - 0.3) * most)));

/** The least bid, tokens. */
const LEAST = 5;
/** Bids that mean something, in steps from the least one to what is enough, and in multiples of that. */
const STEPS_BELOW = 3;
const MULTIPLES = [1.5, 2.5, 5];
/** So much more than what is enough to tie, tokens. */
const TICK = 0.01;
/** How far around a landmark a gene means that very bid, in distances between two landmarks. */
const PLATEAU = 0.3;

/**
 * A landmark, or what lies between two of them on a scale of logarithms.
 * @param enough to tie with the others, tokens
 */
function tokens(gene: number, enough: number): number {
  const below = Array.from({ length: STEPS_BELOW }, (_, i) => LEAST * (enough / LEAST) ** (i / STEPS_BELOW));
  const landmarks = [...below, enough + TICK, ...MULTIPLES.map((multiple) => multiple * enough)];
  const place = gene * (landmarks.length - 1);
  const first = Math.min(Math.floor(place), landmarks.length - 2);
  const part = Math.min(1, Math.max(0, (place - first - PLATEAU) / (1 - 2 * PLATEAU)));
  const [from, to] = [landmarks[first]!, landmarks[first + 1]!];
  return Math.ceil(from * (to / from) ** part * 100 - 1e-6) / 100;
}

/** What genes from 0 to 1 mean. */
export function planOf({ rules, honest, own }: Setting, genes: readonly number[]): Plan {
  const gene = (i: number): number => genes[i] ?? 0;
  const isRace = rules.policy.usesBetas;
  const named = (provers: number): number => Math.min(rules.slots, provers);
  // With as many names as the plan has, what ties with the others' bid.
  const enough = (provers: number): number => (isRace ? PRICE : PRICE * (named(honest.length) / named(provers)) ** 1.5);
  const [hired, nextHired] = [count(gene(1), honest.length), count(gene(5), honest.length)];
  const decoyOwn = count(gene(10), own.length);
  return {
    bid: gene(0) < 0.15 ? 0 : tokens((gene(0) - 0.15) / 0.85, enough(hired + own.length)),
    hired,
    isEarly: gene(2) > 0.5,
    leastOdds: isRace ? count(gene(3), 20) / 20 : 0,
    nextBid: tokens(gene(4), enough(nextHired + own.length)),
    nextHired,
    planted: count(gene(6), MOST_PLANTED),
    isWithheld: gene(7) > 0.5,
    decoys: DECOYS[Math.round(gene(8) * (DECOYS.length - 1))]!,
    decoyBid: tokens(gene(9), enough(honest.length + decoyOwn)),
    decoyOwn,
    decoyVotes: count(gene(11), honest.length),
    decoyProof: PROOFS[count(gene(12), 2)]!,
    judges: gene(13) > 0.5,
    buildsOnWinner: gene(14) > 0.5,
  };
}

/** The same plan without some moves. */
export function without(genes: readonly number[], moves: readonly Move[]): number[] {
  const forbidden = new Set<number>(moves.flatMap((move) => [...MOVES[move]]));
  return Array.from({ length: GENES }, (_, i) => (forbidden.has(i) ? 0 : (genes[i] ?? 0)));
}
