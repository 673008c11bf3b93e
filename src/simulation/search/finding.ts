import type { Plan } from "./plan.ts";

/** The best that an adversary has found. */
export interface Finding {
  readonly game: string;
  /** What it has with the best plan without a deviation, and with the best of all, tokens. */
  readonly honest: number;
  readonly best: number;
  readonly gain: number;
  /** Half of the 95 % interval of the gain, tokens; 0 where nothing is drawn. */
  readonly spread: number;
  /** What is known by another name; undefined if nothing pays. */
  readonly name: string | undefined;
  /** Of its plan, what the gain hangs on: everything else is as in the best honest one. */
  readonly plan: Readonly<Record<string, unknown>>;
  readonly evaluations: number;
}

/** The name that an outsider's plan has in the list of attacks. */
export function nameOf({ decoys, decoyProof, judges, isWithheld, buildsOnWinner }: Plan): string {
  if (decoys > 0 && decoyProof === "never revealed") return "phantom leader";
  if (decoys > 0 && judges) return "registry emptied";
  if (decoys > 0 && buildsOnWinner) return "bluff proven with nobody";
  if (decoys > 0) return "decoys";
  if (isWithheld) return "sleeper";
  return judges || buildsOnWinner ? "another parent, or the court" : "honest work";
}

/** A Markdown table of what was found. */
export function describeSearch(findings: readonly Finding[]): string {
  return [
    "| game | honest | best | gain | what pays | how |",
    "| --- | --- | --- | --- | --- | --- |",
    ...findings.map(
      ({ game, honest, best, gain, spread, name = "nothing", plan }) =>
        `| ${game} | ${honest.toFixed(2)} | ${best.toFixed(2)} | ${gainText(gain, spread)} ` +
        `| ${name} | ${planText(plan)} |`,
    ),
  ].join("\n");
}

const gainText = (gain: number, spread: number): string =>
  spread === 0 ? gain.toFixed(2) : `${gain.toFixed(2)} ± ${spread.toFixed(2)}`;

const planText = (plan: Readonly<Record<string, unknown>>): string =>
  Object.entries(plan)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
