import { DEPLOYED } from "../exact/mechanism.ts";
import { earnedBy } from "../exact/payment.ts";
import { tokensOf } from "../fast/rules.ts";
import { PRESETS } from "../presets.ts";
import { PART, whole } from "../range.ts";
import { defineScenario, rowsOfAll } from "../scenario.ts";
import { Play } from "../search/play.ts";
import type { Stream } from "../stream.ts";

const OTHERS = [1, 2, 3, 4, 5, 6];
const PROVER = 7;
const LAST_SLOT = 6;
const BLOCKS = 4;
const PRICE = 40;
const SHARE = 0.5;

interface Round {
  readonly votes: number;
  readonly capacity: number;
  readonly bids: readonly number[];
  /** Blocks, from 0, in the order in which they ask the prover for its vote. */
  readonly order: readonly number[];
}

/** A round with four blocks, in which one prover votes for some and delivers to the best of those that it can prove. */
function playRound({ votes, capacity, bids, order }: Round): { earned: number; slashed: number; proofs: number } {
  const play = new Play({ rules: PRESETS.small, mechanism: DEPLOYED, seats: BLOCKS, provers: PROVER });
  const asked = new Set(order.slice(0, votes));
  const blocks = bids.map((bid, i) =>
    play.commit(i + 1, { bid, share: SHARE, team: [...OTHERS, asked.has(i) ? PROVER : 0] }),
  );
  play.reveal(...blocks);
  // What each promises is on L1 by now; of two that promise alike the earlier one leads.
  const promised = blocks
    .filter((_, i) => asked.has(i))
    .sort((a, b) => Number(b.burnBid - a.burnBid) || Number(a.id - b.id));
  const proven = new Set(promised.slice(0, capacity));
  for (const block of blocks)
    play.prove(block, asked.has(blocks.indexOf(block)) && !proven.has(block) ? { withheld: [LAST_SLOT] } : {});
  play.until("acceptanceEnds");
  play.game.advance();
  const { registry } = play.game;
  const before = registry.stakeOf(PROVER);
  play.judge(play.game.blocks);
  const earned = blocks.reduce((sum, block) => sum + earnedBy(play.game.rules, block, PROVER), 0n);
  return {
    earned: tokensOf(earned),
    slashed: tokensOf(before - registry.stakeOf(PROVER)),
    proofs: proven.size,
  };
}

function shuffled(stream: Stream): number[] {
  const order = Array.from({ length: BLOCKS }, (_, i) => i);
  for (let i = BLOCKS - 1; i > 0; i--) {
    const j = stream.index(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

export const votesAndCapacity = defineScenario({
  number: 17,
  name: "votes-and-capacity",
  question: "For how many blocks of a round should a prover vote?",
  proposal: "Phase 2: intents for different blocks; is a prover slashed for a block that does not win?",
  agents:
    "Four blocks of six other provers each, and one prover that votes for some of them before it knows who bids " +
    "most. When it knows, it proves the best of those, as many as it can in time; the others of its votes it " +
    "breaks. A round charges it once, for the largest slash. Deployed rules, to the last wei.",
  expected: "As many as it can prove: one vote too many costs a first miss whenever that block is paid.",
  parameters: {
    votes: { what: "blocks that it votes for", base: 1, sweep: [1, 2, 3, 4], range: whole(1, BLOCKS) },
    capacity: { what: "blocks that it can prove in time", base: 1, sweep: [1, 2, 3, 4], range: whole(1, BLOCKS) },
    spread: { what: "deviation of the logarithm of bids", base: 0.2, sweep: [0.05, 0.2, 0.5], range: PART },
  },
  metrics: {
    earned: "a round, tokens",
    slashed: "a round, tokens, each a first miss",
    net: "of both",
    missed: "part of the rounds with a slash",
    proofs: "blocks that it proves",
  },
  runs: 400,
  *simulate({ votes, capacity, spread }, streams) {
    const bids = streams.of("bids");
    const round = {
      ...{ votes, capacity, order: shuffled(streams.of("order")) },
      bids: Array.from({ length: BLOCKS }, () => PRICE * bids.logNormal(spread)),
    };
    const { earned, slashed, proofs } = playRound(round);
    yield { earned, slashed, net: earned - slashed, missed: Number(slashed > 0), proofs };
  },
  isShown: ({ spread }) => spread === 0.2,
  figures: [
    {
      name: "votes-and-capacity",
      title: "What does a prover earn that votes for so many blocks and can prove so many?",
      data: (rows) => rowsOfAll(["net"])(rows).filter(({ spread }) => spread === 0.2),
      spec: {
        width: 300,
        height: 240,
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "votes", type: "ordinal", title: "blocks that it votes for", axis: { labelAngle: 0 } },
          y: { field: "value", type: "quantitative", title: "a round brings, tokens" },
          color: { field: "capacity", type: "ordinal", title: "can prove", scale: { scheme: "viridis" } },
          shape: { field: "capacity", type: "ordinal", title: "can prove" },
        },
      },
    },
  ],
});
