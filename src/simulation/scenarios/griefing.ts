import type { Economics } from "../../deploy/economics.ts";
import { DEPLOYED } from "../exact/mechanism.ts";
import { gameRules } from "../exact/rules.ts";
import { PRESETS } from "../presets.ts";
import { Play } from "../search/play.ts";
import { between } from "../range.ts";
import { type Case, defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";
import { ALICE, BINDING, BOB, EVE, FURTHER, gasOf, HONEST, OWN, STORIES, type Story } from "./griefingStories.ts";

const SEATS = EVE + FURTHER.length;
/** At 10 gwei. */
const ETHER_OF_GAS = 1e-8;

interface Sides {
  readonly attacker: number;
  readonly others: number;
  /** When the height was decided. */
  readonly decidedAt: number;
}

/** The shipped rules with another price of a first miss. */
function rulesWith(slash: number) {
  const { profile, economics } = PRESETS.small;
  const eligible = Number(economics.eligibleStake / 10n ** 18n);
  const changed: Economics = { ...economics, baseRateBps: Math.round((slash / eligible) * 10_000), minBid: 1n };
  return gameRules(profile, changed);
}

function outcome(story: Story, slash: number, bid: number, isDeviation: boolean): Sides {
  const play = new Play({ rules: rulesWith(slash), mechanism: DEPLOYED, seats: SEATS, provers: OWN });
  story.play(play, isDeviation, bid);
  const eve = { seats: [EVE, ...FURTHER], provers: [OWN] };
  const [attacker, others] =
    story.side === "eve"
      ? [eve, { seats: [ALICE, BOB], provers: HONEST }]
      : [
          { seats: [], provers: HONEST },
          { seats: [ALICE, BOB, ...eve.seats], provers: [OWN] },
        ];
  const decidedAt = play.game.decided[0]!.paid[0]!.acceptanceEnds;
  return { attacker: play.wealthOf(attacker), others: play.wealthOf(others), decidedAt };
}

function compare(story: Story, slash: number, bid: number): { gain: number; damage: number; delay: number } {
  const honest = outcome(story, slash, bid, false);
  const deviation = outcome(story, slash, bid, true);
  return {
    gain: deviation.attacker - honest.attacker,
    damage: honest.others - deviation.others,
    delay: deviation.decidedAt - honest.decidedAt,
  };
}

const DEAREST = 200;
const STEPS = 12;

/** The least price of a first miss at which deviating gains nothing, tokens; undefined if none does that. */
function bindingSlash(story: Story, bid: number): number | undefined {
  if (compare(story, DEAREST, bid).gain > 0) return undefined;
  let [low, high] = [0, DEAREST];
  for (let i = 0; i < STEPS; i++) {
    const middle = (low + high) / 2;
    if (compare(story, middle, bid).gain > 0) low = middle;
    else high = middle;
  }
  return low === 0 ? 0 : high;
}

const isBinding = (place: Case): boolean => (BINDING as readonly unknown[]).includes(place["story"]);
const onlyBinding = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(({ place }) => isBinding(place));

export const griefing = defineScenario({
  number: 10,
  name: "griefing",
  question: "What does a broken promise cost, and which slash makes a vote bind?",
  proposal: "Slashing; a prover that DDOSes a proposer; a proposer that does not reveal, or leaves proofs out",
  agents:
    "Stories with one deviation each, on the deployed rules to the last wei. There are no appeals: whoever has a " +
    "proof brings it to L1, and nobody has to be accused before that.",
  expected: "A vote binds once a miss costs what the best rival could pay for it: a block reward.",
  parameters: {
    story: { what: "who deviates", base: "sleeper", sweep: Object.keys(STORIES) },
    slash: {
      what: "of a first miss, tokens; the presets have 100",
      base: 100,
      sweep: [1, 5, 10, 15, 20, 30, 50, 75, 100, 150],
      range: between(1, DEAREST),
    },
    bid: { what: "of the leader, tokens", base: 40, sweep: [5, 40, 90], range: between(1, 100) },
  },
  metrics: {
    gain: "of whoever deviates, against keeping its word, tokens; below 0 it costs",
    damage: "of everybody else, tokens",
    factor: "damage over what it costs, where it does both",
    binding: "least first miss with which it gains nothing, tokens",
    delay: "of the height's decision, seconds",
    ether: "that its further transactions cost at 10 gwei, at most",
    others: "ether that everybody else's further transactions cost, at most",
  },
  isSwept: (point) => isBinding(point) || point.slash === 100,
  isShown: (place) => (isBinding(place) ? [1, 10, 50, 100].includes(Number(place["slash"])) : place["bid"] === 40),
  *simulate({ story: name, slash, bid }) {
    const story = STORIES[name]!;
    const { gain, damage, delay } = compare(story, slash, bid);
    const binding = bindingSlash(story, bid);
    yield {
      ...{ gain, damage, delay },
      ...{ ether: gasOf(story.extra) * ETHER_OF_GAS, others: gasOf(story.extraOfOthers) * ETHER_OF_GAS },
      ...(gain < 0 && damage > 0 && { factor: damage / -gain }),
      ...(binding !== undefined && { binding }),
    };
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
