import { packFlags } from "../../protocol/flags.ts";
import type { Block } from "../exact/block.ts";
import { GAS } from "../gas.ts";
import type { Play } from "../search/play.ts";

export const HONEST = [1, 2, 3, 4, 5, 6, 7];
/** The attacker's prover. */
export const OWN = 8;
const EVERY_SLOT = [0, 1, 2, 3, 4, 5, 6];
export const [ALICE, BOB, EVE] = [1, 2, 3];
/** Seats of the attacker's beside EVE. */
export const FURTHER = [4, 5, 6, 7, 8, 9, 10, 11];
const MORE_TRAPS = FURTHER.length - 1;
const FLOOD = 100;

const BINARY = 2;
/** Gas of what a deviation may send. */
const TRANSACTION_GAS = {
  commit: GAS.commit,
  reveal: GAS.revealOfOneBlob,
  forest: GAS.submission[BINARY]! + EVERY_SLOT.length * GAS.proof,
  handIn: GAS.handIn,
  slash: GAS.slash,
};

type Transactions = Readonly<Partial<Record<keyof typeof TRANSACTION_GAS, number>>>;

export const gasOf = (transactions: Transactions = {}): number =>
  Object.entries(transactions).reduce(
    (sum, [name, count]) => sum + count * TRANSACTION_GAS[name as keyof Transactions],
    0,
  );

/** Somebody may deviate; what both lines have in common is played in both. */
export interface Story {
  /** Whose wealth is the attacker's. */
  readonly side: "eve" | "provers";
  /** Transactions that the deviation takes more than keeping one's word does, and those of everybody else. */
  readonly extra?: Transactions;
  readonly extraOfOthers?: Transactions;
  readonly play: (play: Play, isDeviation: boolean, bid: number) => void;
}

/** What of its votes binds a prover by its slash alone: the others are bound by bids, or by whom they cannot hurt. */
export const BINDING = ["leave the leader", "sleeper", "sleepers in two blocks"] as const;

export const STORIES: Readonly<Record<string, Story>> = {
  // All who voted for a leader that pays little leave it for the second, that pays much.
  "leave the leader": {
    side: "provers",
    play(play, isDeviation, bid) {
      const leader = play.commit(ALICE, { bid, share: 0.1, team: HONEST });
      const second = play.commit(BOB, { bid: 0.95 * bid, share: 0.9, team: HONEST });
      play.reveal(leader, second);
      play.prove(leader, isDeviation ? { withheld: EVERY_SLOT } : {});
      play.prove(second);
      end(play);
    },
  },
  // One prover in a rival's block is the attacker's, and withholds so that the attacker's block wins.
  sleeper: {
    side: "eve",
    play(play, isDeviation, bid) {
      const rival = play.commit(ALICE, { bid, share: 0.5, team: [OWN, ...HONEST.slice(1)] });
      const own = play.commit(EVE, { bid: 0.95 * bid, share: 0.5, team: HONEST });
      play.reveal(rival, own);
      play.prove(rival, isDeviation ? { withheld: [0] } : {});
      play.prove(own);
      end(play);
    },
  },
  // The same prover has voted for both rivals of the attacker's block, and pays once.
  "sleepers in two blocks": {
    side: "eve",
    play(play, isDeviation, bid) {
      const team = [OWN, ...HONEST.slice(1)];
      const rivals = [
        play.commit(ALICE, { bid, share: 0.5, team }),
        play.commit(BOB, { bid: 0.98 * bid, share: 0.5, team }),
      ];
      const own = play.commit(EVE, { bid: 0.95 * bid, share: 0.5, team: HONEST });
      play.reveal(...rivals, own);
      for (const rival of rivals) play.prove(rival, isDeviation ? { withheld: [0] } : {});
      play.prove(own);
      end(play);
    },
  },
  // A prover withholds for nothing but the harm: somebody else fills its slot in nobody's name.
  "withheld proof": {
    side: "eve",
    play(play, isDeviation, bid) {
      const rival = play.commit(ALICE, { bid, share: 0.5, team: [OWN, ...HONEST.slice(1)] });
      play.reveal(rival);
      play.prove(rival, isDeviation ? { withheld: [0] } : {});
      end(play);
    },
  },
  // A bid that leads and is never revealed, so that the second wins.
  "no reveal": {
    side: "eve",
    play(play, isDeviation, bid) {
      const second = play.commit(ALICE, { bid: 0.95 * bid, share: 0.5, team: HONEST });
      const own = play.commit(EVE, { bid, share: 0.5, team: HONEST });
      play.reveal(second, ...(isDeviation ? [] : [own]));
      play.prove(second);
      if (!isDeviation) play.prove(own);
      end(play);
    },
  },
  // The only block of the round is never revealed: the height takes another attempt, with another seat.
  "no reveal of an only block": {
    side: "eve",
    extra: { commit: 1 },
    play(play, isDeviation, bid) {
      let block = play.commit(EVE, { bid, share: 0.5, team: HONEST });
      if (isDeviation) {
        play.until("revealEnds");
        play.game.passTo(play.game.now + 1);
        block = play.commit(FURTHER[0]!, { bid, share: 0.5, team: HONEST });
      }
      play.reveal(block);
      play.prove(block);
      end(play);
    },
  },
  // A bid that leads, with names of provers who have never heard of it, proven without a vote.
  bluff: {
    side: "eve",
    extra: { commit: 1, reveal: 1, forest: 1 },
    play(play, isDeviation, bid) {
      const rival = play.commit(ALICE, { bid, share: 0.5, team: HONEST });
      const bluff = isDeviation ? play.commit(EVE, { bid: 1.2 * bid, share: 0.5, team: HONEST }) : undefined;
      play.reveal(rival, ...(bluff ? [bluff] : []));
      play.prove(rival);
      if (bluff) play.prove(bluff, { silent: EVERY_SLOT });
      end(play);
    },
  },
  // Eight seats, not one, collect everybody's votes and prove it all with a private pool's keys, for the slashes.
  "private pool": {
    side: "eve",
    extra: { commit: MORE_TRAPS, reveal: MORE_TRAPS, forest: MORE_TRAPS, slash: FURTHER.length * HONEST.length },
    extraOfOthers: { handIn: FURTHER.length * HONEST.length },
    play(play, isDeviation, bid) {
      const rival = play.commit(ALICE, { bid, share: 0.5, team: HONEST });
      const seats = isDeviation ? FURTHER : FURTHER.slice(0, 1);
      const blocks = seats.map((seat) => play.commit(seat, { bid: 1.2 * bid, share: 0.5, team: HONEST }));
      play.reveal(rival, ...blocks);
      play.prove(rival);
      for (const block of blocks) {
        play.prove(block, isDeviation ? { withheld: EVERY_SLOT } : {});
        play.handIn(block, HONEST);
      }
      end(play);
    },
  },
  // The winner's proposer leaves one prover's proof out, fills the slot itself and has the prover charged.
  "proof left out": {
    side: "eve",
    extra: { slash: 1 },
    extraOfOthers: { handIn: 1 },
    play(play, isDeviation, bid) {
      const own = play.commit(EVE, { bid, share: 0.5, team: HONEST });
      play.reveal(own);
      play.prove(own, isDeviation ? { withheld: [0] } : {});
      if (isDeviation) bring(play, own, [0]);
      end(play);
    },
  },
  // It leaves the vote out as well, so that the prover is not even known to have promised anything.
  "vote left out": {
    side: "eve",
    extraOfOthers: { handIn: 1 },
    play(play, isDeviation, bid) {
      const own = play.commit(EVE, { bid, share: 0.9, team: HONEST });
      play.reveal(own);
      play.prove(own, isDeviation ? { silent: [0] } : {});
      if (isDeviation) bring(play, own, [0]);
      end(play);
    },
  },
  // Somebody brings a rival's proofs to L1 again and again.
  "flood of hand-ins": {
    side: "eve",
    extra: { handIn: FLOOD },
    play(play, isDeviation, bid) {
      const rival = play.commit(ALICE, { bid, share: 0.5, team: HONEST });
      play.reveal(rival);
      play.prove(rival);
      if (isDeviation) for (let i = 0; i < FLOOD; i++) bring(play, rival, EVERY_SLOT);
      end(play);
    },
  },
};

/** Whoever has the proofs of some slots and the votes in them brings both, before the last quarter. */
function bring({ game }: Play, block: Block, slots: readonly number[]): void {
  const isTheirs = (slot: number): boolean => slots.includes(slot);
  game.handIn(block, packFlags(game.rules.slots, { voted: isTheirs, delivered: isTheirs }));
}

function end(play: Play): void {
  play.until("acceptanceEnds");
  play.game.advance();
  play.judge(play.game.blocks);
  play.settleAll();
}
