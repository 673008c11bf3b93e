import type { Range } from "./range.ts";
import type { Summary } from "./statistics.ts";
import type { Streams } from "./stream.ts";

export type Value = number | string;

interface ParameterOf<T extends Value> {
  /** What it means, with its unit. */
  readonly what: string;
  readonly base: T;
  /** What a sweep gives it; without it, `base` alone. */
  readonly sweep?: readonly T[];
}

/** A number may be any of its range; a word one of its sweep. */
export type Parameter = (ParameterOf<number> & { readonly range: Range }) | ParameterOf<string>;

/** A case: a value for each parameter. */
export type Case = Readonly<Record<string, Value>>;

/** What a run saw: its metrics, by name, and where it saw them (`dimensions`). */
export type Observation = Readonly<Record<string, Value>>;

/** A row of a summary. */
export interface SummaryRow extends Summary {
  readonly place: Readonly<Record<string, Value>>;
  readonly metric: string;
}

/** A vega-lite specification without data, or with data of its own. */
export type Spec = Readonly<Record<string, unknown>>;

export interface Figure {
  /** Of its files. */
  readonly name: string;
  /** What it answers. */
  readonly title: string;
  /** Rows that it shows, as plain records. */
  readonly data: (rows: readonly SummaryRow[]) => readonly Readonly<Record<string, Value>>[];
  readonly spec: Spec;
}

/** A question of the proposal, and how it is put to the model. */
export interface Scenario {
  readonly number: number;
  readonly name: string;
  readonly question: string;
  /** Where it stands in the proposal. */
  readonly proposal: string;
  readonly agents: string;
  /** What one would expect before looking. */
  readonly expected: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** What each metric means, with its unit. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Columns of observations that say where, not what. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Of each case in the report; 1 where nothing is random. */
  readonly runs: number;
  /** Which of a case's values cannot be together, and why; undefined if they can. */
  readonly contradiction: (point: Case) => string | undefined;
  /** Cases that a sweep has; whoever asks for one case gets any. */
  readonly isSwept: (point: Case) => boolean;
  /** Cases and places that the report's table shows; the CSV has all. */
  readonly isShown: (place: Case) => boolean;
  readonly simulate: (point: Case, streams: Streams) => Iterable<Observation>;
  readonly figures: readonly Figure[];
}

type Point<P extends Readonly<Record<string, Parameter>>> = {
  readonly [K in keyof P]: P[K]["base"] extends number ? number : string;
};

interface Definition<P extends Readonly<Record<string, Parameter>>> extends Omit<
  Scenario,
  "parameters" | "simulate" | "contradiction" | "isSwept" | "isShown" | "dimensions" | "figures" | "runs"
> {
  readonly parameters: P;
  readonly simulate: (point: Point<P>, streams: Streams) => Iterable<Observation>;
  readonly contradiction?: (point: Point<P>) => string | undefined;
  readonly isSwept?: (point: Point<P>) => boolean;
  readonly isShown?: (place: Case) => boolean;
  readonly dimensions?: Scenario["dimensions"];
  readonly figures?: readonly Figure[];
  readonly runs?: number;
}

/** A scenario whose `simulate` knows the types of its parameters. */
export function defineScenario<const P extends Readonly<Record<string, Parameter>>>({
  simulate,
  contradiction = () => undefined,
  isSwept = () => true,
  isShown = () => true,
  dimensions = {},
  figures = [],
  runs = 1,
  ...rest
}: Definition<P>): Scenario {
  return {
    ...{ ...rest, dimensions, figures, runs, isShown },
    simulate: (point, streams) => simulate(point as Point<P>, streams),
    contradiction: (point) => contradiction(point as Point<P>),
    isSwept: (point) => isSwept(point as Point<P>),
  };
}

/** Rows of one metric as flat records for a figure: its place, and `value` with its interval. */
export function rowsOf(metric: string) {
  return (rows: readonly SummaryRow[]): Readonly<Record<string, Value>>[] =>
    rows.filter((row) => row.metric === metric).map(flat);
}

/** The same of several metrics, told apart by `metric`. */
export function rowsOfAll(metrics: readonly string[]) {
  return (rows: readonly SummaryRow[]): Readonly<Record<string, Value>>[] =>
    rows.filter((row) => metrics.includes(row.metric)).map(flat);
}

const flat = ({ place, metric, mean, ...row }: SummaryRow): Readonly<Record<string, Value>> => ({
  ...{ ...place, metric, value: mean },
  ...{ low: row.low, high: row.high, q05: row.q05, q25: row.q25, q50: row.q50, q75: row.q75, q95: row.q95 },
});
