import { expect } from "chai";
import { FIELD } from "../../src/protocol/field.ts";
import { packFlags } from "../../src/protocol/flags.ts";
import { raceScore, stakeScore } from "../../src/protocol/policies/index.ts";
import { BID_UNIT } from "../../src/protocol/terms.ts";
import { ExactGame } from "../../src/simulation/exact/game.ts";
import { earnedBy } from "../../src/simulation/exact/payment.ts";
import { decideFast, type FastBlock } from "../../src/simulation/fast/contest.ts";
import { beatsRival, fastest } from "../../src/simulation/fast/drift.ts";
import { tokensOf, unitsOf } from "../../src/simulation/fast/rules.ts";
import { FAST, PRESETS } from "../../src/simulation/presets.ts";
import { Stream } from "../../src/simulation/stream.ts";
import { expectNear } from "../support/expectNear.ts";

const seed = "fast";
const START = 1_000_000;
const SLOTS = 7;

describe("the fast path", () => {
  const { rules } = { rules: PRESETS.small };

  /** Blocks of which every named prover has voted; `missing` slots are not delivered. */
  function exact(blocks: readonly (FastBlock & { readonly missing: number })[]) {
    const deposits = blocks.map(() => unitsOf(1_000));
    const game = new ExactGame({ rules, now: START, deposits });
    for (let i = 0; i < SLOTS; i++) game.registry.register(START, rules.economics.minStake);
    game.passTo(START + 2);
    const made = blocks.map(({ bid, share }, i) =>
      game.commit({
        ...{ id: BigInt(i + 1), seat: i + 1, burnBid: unitsOf(bid), shareBps: Math.round(share * 10_000) },
        transcript: [1, 2, 3, 4, 5, 6, 7],
      }),
    );
    game.passTo(game.round.moments.proposalEnds);
    for (const block of made) game.reveal(block);
    for (const [i, block] of made.entries())
      game.submit(block, packFlags(SLOTS, { voted: () => true, delivered: (slot) => slot >= blocks[i]!.missing }));
    game.passTo(game.round.moments.acceptanceEnds);
    game.advance();
    return made.map(({ paid, seat, ...block }) => ({
      place: paid?.place ?? -1,
      burnt: tokensOf((paid?.burnt ?? 0n) * BID_UNIT),
      proposer: tokensOf(game.rewards[seat]! + (paid?.place === 0 ? game.tips : 0n)),
      provers: tokensOf(
        [1, 2, 3, 4, 5, 6, 7].reduce((sum, prover) => sum + earnedBy(rules, { ...block, paid, seat }, prover), 0n),
      ),
    }));
  }

  it("decides random rounds as the exact rules do, to a bid unit", () => {
    console.log(`      seed: ${seed}`);
    const stream = new Stream(seed);
    for (let round = 0; round < 300; round++) {
      const blocks = Array.from({ length: 1 + stream.index(5) }, () => {
        const missing = stream.index(4);
        const bid = Math.round((5 + 95 * stream.uniform()) * 100) / 100;
        return {
          ...{ missing, bid, share: stream.index(10_001) / 10_000 },
          ...{ provers: SLOTS - missing, fulfilled: (SLOTS - missing) / SLOTS },
        };
      });
      const fast = decideFast(FAST.small, blocks);
      for (const [i, pay] of exact(blocks).entries()) {
        expect(fast[i]!.place, `place in round ${round}`).to.equal(pay.place);
        for (const what of ["burnt", "proposer", "provers"] as const)
          expectNear(fast[i]![what], pay[what], 1e-4 + 1e-9 * pay[what]);
      }
    }
  });

  it("ranks stakes as the policy of stakes does", () => {
    const stream = new Stream(`${seed}/stakes`);
    const policy = stakeScore({ stakeUnit: 10n ** 15n });
    const side = () => ({ weight: 1 + stream.index(1_000), speed: 0, bid: 1 + stream.index(1_000) });
    const score = ({ weight, bid }: ReturnType<typeof side>): bigint =>
      policy.score({
        ...{ burnBid: BigInt(bid), provers: 1, txCount: 0, exponent: 0, betas: [] },
        stakes: [BigInt(weight) * 10n ** 15n],
      });
    for (let i = 0; i < 2_000; i++) {
      const [own, rival] = [side(), side()];
      expect(beatsRival("perBlock", own, rival)).to.equal(score(own) > score(rival));
    }
  });

  it("races as the policy of races does: one draw for all provers of a side, or one for each", () => {
    const stream = new Stream(`${seed}/race`);
    const policy = raceScore();
    const stakes = [3, 5, 2, 7, 1, 2];
    const [split, rounds] = [3, 6_000];
    const beta = (): bigint => (FIELD * BigInt(Math.floor(stream.uniform() * 2 ** 52))) / 2n ** 52n + 1n;
    const speedOf = (from: number, to: number, bid: bigint): bigint =>
      policy.score({
        ...{ burnBid: bid, provers: to - from, txCount: 0, exponent: 0 },
        stakes: stakes.slice(from, to).map((stake) => BigInt(stake) * 10n ** 18n),
        betas: stakes.slice(from, to).map(beta),
      });
    let [exactWins, fastWins] = [0, 0];
    for (let i = 0; i < rounds; i++) {
      exactWins += Number(speedOf(0, split, 3n) > speedOf(split, 6, 2n));
      const own = { weight: 10, speed: fastest(10, stream), bid: 3 };
      const rival = { weight: 10, speed: fastest(10, stream), bid: 2 };
      fastWins += Number(beatsRival("race", own, rival));
    }
    // Odds of stake times the square of the bid: 10 * 9 to 10 * 4.
    expectNear(exactWins / rounds, 9 / 13, 0.02);
    expectNear(fastWins / rounds, 9 / 13, 0.02);
  });
});
