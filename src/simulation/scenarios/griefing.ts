import type { Economics } from "../../deploy/economics.ts";
import { DEPLOYED } from "../exact/mechanism.ts";
import { gameRules } from "../exact/rules.ts";
import { PRESETS } from "../presets.ts";
import { Play } from "../search/play.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";

const HONEST = [1, 2, 3, 4, 5, 6, 7];
/** Of the attacker: eight and more. */
const OWN = 8;
const EVERY_SLOT = [0, 1, 2, 3, 4, 5, 6];
const [ALICE, BOB, EVE] = [1, 2, 3];

interface Sides {
  readonly attacker: number;
  readonly others: number;
}

interface Story {
  /** Whose wealth is the attacker's. */
  readonly side: "eve" | "provers";
  readonly play: (play: Play, isDeviation: boolean, bid: number) => void;
}

/** Stories in which somebody may deviate; what both lines have in common is played in both. */
const STORIES: Readonly<Record<string, Story>> = {
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
  // A bid that leads, with names of provers who have never heard of it.
  bluff: {
    side: "eve",
    play(play, isDeviation, bid) {
      const rival = play.commit(ALICE, { bid, share: 0.5, team: HONEST });
      const bluff = isDeviation ? play.commit(EVE, { bid: 1.2 * bid, share: 0.5, team: HONEST }) : undefined;
      play.reveal(rival, ...(bluff ? [bluff] : []));
      play.prove(rival);
      if (bluff) play.prove(bluff, { silent: EVERY_SLOT });
      end(play);
    },
  },
};

function end(play: Play): void {
  play.until("acceptanceEnds");
  play.game.advance();
  play.judge(play.game.blocks);
  play.settleAll();
}

/** The shipped rules with another price of a first miss. */
function rulesWith(slash: number) {
  const { profile, economics } = PRESETS.small;
  const eligible = Number(economics.eligibleStake / 10n ** 18n);
  const changed: Economics = { ...economics, baseRateBps: Math.round((slash / eligible) * 10_000), minBid: 1n };
  return gameRules(profile, changed);
}

function outcome(story: Story, slash: number, bid: number, isDeviation: boolean): Sides {
  const play = new Play({ rules: rulesWith(slash), mechanism: DEPLOYED, seats: 3, provers: OWN });
  story.play(play, isDeviation, bid);
  const eve = { seats: [EVE], provers: [OWN] };
  const [attacker, others] =
    story.side === "eve"
      ? [eve, { seats: [ALICE, BOB], provers: HONEST }]
      : [
          { seats: [], provers: HONEST },
          { seats: [ALICE, BOB, EVE], provers: [OWN] },
        ];
  return { attacker: play.wealthOf(attacker), others: play.wealthOf(others) };
}

const onlyBinding = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => place["story"] === "leave the leader" || place["story"] === "sleeper");

export const griefing = defineScenario({
  number: 10,
  name: "griefing",
  question: "What does a broken promise cost, and which slash makes a vote bind?",
  proposal: "Slashing; a prover that DDOSes a proposer; a proposer that does not reveal, or leaves proofs out",
  agents: "Stories with one deviation each, on the deployed rules to the last wei.",
  expected: "A vote binds once a miss costs what the best rival could pay for it: a block reward.",
  parameters: {
    story: { what: "who deviates", base: "sleeper", sweep: Object.keys(STORIES) },
    slash: {
      what: "of a first miss, tokens; the presets have 100",
      base: 100,
      sweep: [1, 5, 10, 15, 20, 30, 50, 75, 100, 150],
    },
    bid: { what: "of the leader, tokens", base: 40, sweep: [5, 40, 90] },
  },
  metrics: {
    gain: "of whoever deviates, against keeping its word, tokens; below 0 it costs",
    damage: "of everybody else, tokens",
  },
  isShown: ({ slash }) => [1, 10, 15, 50, 100].includes(Number(slash)),
  *simulate({ story, slash, bid }) {
    const honest = outcome(STORIES[story]!, slash, bid, false);
    const deviation = outcome(STORIES[story]!, slash, bid, true);
    yield { gain: deviation.attacker - honest.attacker, damage: honest.others - deviation.others };
  },
  figures: [
    {
      name: "attack-cost",
      title: "Which slash makes a vote bind?",
      data: (rows) => rowsOf("gain")(onlyBinding(rows)),
      spec: {
        facet: { column: { field: "story", type: "nominal", title: null } },
        spec: {
          width: 260,
          height: 240,
          encoding: {
            x: { field: "slash", type: "quantitative", title: "a first miss costs, tokens" },
            y: {
              ...{ field: "value", type: "quantitative", title: "breaking the word gains, tokens" },
              ...{
                scale: { type: "symlog", constant: 10 },
                axis: { values: [-1_000, -300, -100, -30, -10, 0, 10, 30, 100] },
              },
            },
          },
          layer: [
            { mark: { type: "rule", color: "#888" }, encoding: { y: { datum: 0 }, x: null } },
            {
              mark: { type: "line", point: true },
              encoding: {
                color: { field: "bid", type: "ordinal", title: "leader's bid", scale: { scheme: "viridis" } },
                shape: { field: "bid", type: "ordinal", title: "leader's bid" },
              },
            },
          ],
        },
      },
    },
  ],
});
