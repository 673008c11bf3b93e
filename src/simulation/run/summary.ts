import type { Observation, Scenario, SummaryRow, Value } from "../scenario.ts";
import { summarize } from "../statistics.ts";
import type { Plan } from "./plan.ts";
import type { UnitResult } from "./runUnit.ts";

/** An observation with its case. */
export type Row = Readonly<Record<string, Value>>;

/** All observations in the order of the plan. */
export function observationsOf({ units }: Plan, results: readonly UnitResult[]): Row[] {
  return [...results]
    .sort((a, b) => a.unit - b.unit)
    .flatMap(({ unit, observations }) => observations.map((each): Row => ({ ...units[unit]!.point, ...each })));
}

/** Mean, interval and quantiles of each metric over the runs, for each case and place. */
export function summaryOf({ parameters, dimensions, metrics }: Scenario, rows: readonly Row[]): SummaryRow[] {
  const places = new Map<string, { place: Record<string, Value>; rows: Observation[] }>();
  const columns = [...Object.keys(parameters), ...Object.keys(dimensions)];
  for (const row of rows) {
    const place = Object.fromEntries(columns.filter((name) => name in row).map((name) => [name, row[name]!]));
    const key = JSON.stringify(place);
    const own = places.get(key) ?? { place, rows: [] };
    own.rows.push(row);
    places.set(key, own);
  }
  return [...places.values()].flatMap(({ place, rows }) =>
    Object.keys(metrics).flatMap((metric) => {
      const values = rows.map((row) => row[metric]).filter((value) => typeof value === "number");
      return values.length === 0 ? [] : [{ place, metric, ...summarize(values) }];
    }),
  );
}
