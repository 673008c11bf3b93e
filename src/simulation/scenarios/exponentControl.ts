import { dynamicScore, EXPONENT_ONE } from "../../protocol/policies/index.ts";
import { between, SPREAD, whole } from "../range.ts";
import { defineScenario, rowsOf, type SummaryRow } from "../scenario.ts";

const BLOCKS = 200;
const LOOKS = [1, 2, 5, 10, 15, 20, 30, 40, 60, 100, 150, 200];
const MAX_EXPONENT = 2 ** 16 - 1;

const onlyCensors = (rows: readonly SummaryRow[]): readonly SummaryRow[] =>
  rows.filter(
    ({ place }) =>
      place["behaviour"] === "censor" &&
      place["noise"] === 0 &&
      place["target"] === 100 &&
      place["budget"] === 200 &&
      Number(place["block"]) <= 60,
  );

export const exponentControl = defineScenario({
  number: 4,
  name: "exponent",
  question: "Does a moving exponent hold the number of provers, and does it price a censor out?",
  proposal: "TARGET_PROVERS: the surface is updated per block, as in EIP-1559",
  agents:
    "Proposers who spend the value of a block on provers and burn in the proportion that the score pays for; of the " +
    "provers some may withhold to drive the exponent, or a minority may win every block.",
  expected:
    "It settles in some tens of blocks; who censors with half of the target doubles the exponent about every twelve " +
    "blocks until the cap, and pays a growing multiple.",
  parameters: {
    behaviour: {
      what: "honest, withhold (a part never delivers), or censor (that part wins alone)",
      base: "honest",
      sweep: ["honest", "withhold", "censor"],
    },
    part: { what: "of the provers that deviate", base: 0.3, sweep: [0.1, 0.3, 0.45], range: between(0.01, 0.99) },
    target: { what: "provers", base: 100, sweep: [50, 100], range: whole(1, 2_046) },
    supply: { what: "provers that there are", base: 150, range: whole(1, 2_047) },
    budget: {
      what: "that a block is worth, in costs of a prover",
      base: 200,
      sweep: [100, 200, 400],
      range: between(1, 1e6),
    },
    noise: { what: "deviation of the logarithm of a block's value", base: 0, sweep: [0, 0.3], range: SPREAD },
  },
  dimensions: { block: "blocks so far" },
  metrics: {
    provers: "in the block",
    exponent: "of the score",
    overshoot: "the most provers so far, in targets",
    settled: "1 if within a tenth of the target",
    multiple: "of an honest bid that a censor pays with what it has",
  },
  runs: 10,
  contradiction({ behaviour, part, supply }) {
    if (behaviour === "honest" && part !== 0.3) return `part=${part} needs behaviour=withhold or behaviour=censor`;
    if (Math.round(part * supply) === 0) return `part=${part} of supply=${supply} is no prover`;
    return undefined;
  },
  isShown: ({ block, target, budget, noise, part, behaviour }) =>
    [10, 40, 200].includes(Number(block)) &&
    target === 100 &&
    noise === 0 &&
    (behaviour === "honest" || budget === 200) &&
    (behaviour === "honest" || part !== 0.1),
  *simulate({ behaviour, part, target, supply, budget, noise }, streams) {
    const policy = dynamicScore({
      ...{ slotCount: 2_047, targetProvers: target, initialExponent: 3 * EXPONENT_ONE },
      ...{ minExponent: EXPONENT_ONE, maxExponent: MAX_EXPONENT },
    });
    const stream = streams.of("values");
    let exponent = policy.initialExponent;
    let most = 0;
    for (let block = 1; block <= BLOCKS; block++) {
      const k = exponent / EXPONENT_ONE;
      // The cheapest way to a score spends k / (k + 2) on provers.
      const wanted = Math.round((k / (k + 2)) * budget * stream.logNormal(noise));
      const engaged = Math.max(1, Math.min(supply, wanted));
      const deviating = Math.round(part * supply);
      const honest = Math.max(1, Math.min(engaged, supply - deviating));
      const provers =
        behaviour === "honest"
          ? engaged
          : behaviour === "censor"
            ? deviating
            : Math.max(1, Math.round(engaged * (1 - part)));
      most = Math.max(most, provers);
      if (LOOKS.includes(block))
        yield {
          ...{ block, provers, exponent: k, overshoot: most / target },
          settled: Number(Math.abs(provers - target) <= target / 10),
          multiple: behaviour === "censor" ? (honest / deviating) ** (k / 2) : 1,
        };
      exponent = policy.nextExponent(exponent, provers);
    }
  },
  figures: [
    {
      name: "censor-cost",
      title: "What does a minority that wins every block pay, as blocks go by?",
      data: (rows) => rowsOf("multiple")(onlyCensors(rows)),
      spec: {
        width: 420,
        height: 280,
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "block", type: "quantitative", title: "blocks" },
          y: {
            field: "value",
            type: "quantitative",
            scale: { type: "log" },
            axis: { values: [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8], format: "~s" },
            title: "bid, in bids of the others",
          },
          color: { field: "part", type: "ordinal", title: "censor's provers", scale: { scheme: "viridis" } },
          shape: { field: "part", type: "ordinal", title: "censor's provers" },
        },
      },
    },
  ],
});
