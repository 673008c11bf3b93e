import { table } from "./document.ts";
import type { Growth } from "./growth.ts";
import type { ScaleReport } from "./scale.ts";

/** What `bench scale` says to people. */
export function describeScale(report: ScaleReport): string {
  const { provers, register, slots, commit, resolve, count, part, mergePart, submission, largestTransaction, whole } =
    report;
  const growths: readonly [what: string, unit: string, growth: Growth][] = [
    ["commit (fresh lane)", "slot", commit.small],
    ["the same, where its calldata alone decide (EIP-7623)", "slot", commit.large],
    ["a part of base nodes", "proof", part],
    ["a part of merges, their children elsewhere", "proof", mergePart],
    ["submission that names its cuts", "slot", submission],
    ["of that: resolving the transcript to keys", "slot", resolve],
    ["of that: counting and scoring", "slot", count],
  ];
  const lines = table(
    ["what", "gas by size", "fixed", "marginal", "largest deviation"],
    growths.map(([what, unit, { bySize, fixed, marginal, largestDeviation, largestDeviationRatio }]) => [
      what,
      Object.entries(bySize)
        .map(([size, gas]) => `${Number(size).toLocaleString("en")}: ${gas.toLocaleString("en")}`)
        .join(", "),
      fixed,
      `${marginal.toLocaleString("en")} a ${unit}`,
      `${largestDeviation.toLocaleString("en")} (${(100 * largestDeviationRatio).toFixed(3)} %)`,
    ]),
  );
  const { transfers, parts, reveals, total, perProof, perTransfer } = whole;
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const block = table(
    ["transaction", "number", "gas"],
    [
      ["commit", 1, whole.commit],
      ["reveal of up to six blobs", reveals.length, sum(reveals)],
      ["part of the forest", parts.length, sum(parts)],
      ["submission", 1, whole.submission],
      ["all", 2 + reveals.length + parts.length, total],
    ],
  );
  return `A block of ${transfers.toLocaleString("en")} transfers under
${slots.toLocaleString("en")} proofs (arity 2), every slot with a prover of its own out of
${provers.toLocaleString("en")}. Everything below was sent to Hardhat's EVM, including every registration (the last one:
${register.toLocaleString("en")} gas); proofs are simulated with a known trapdoor, as above.

${block}

${perProof.toLocaleString("en")} gas a proof; a transfer costs
${perTransfer.total.toLocaleString("en")}:
${perTransfer.proof.toLocaleString("en")} for proofs and
${perTransfer.data.toLocaleString("en")} to reveal its block, blobs not counted. The dearest transaction takes
${largestTransaction.gas.toLocaleString("en")} of the
${largestTransaction.cap.toLocaleString("en")} gas that one may use.

Straight lines through what was measured at several sizes:

${lines}`;
}
