import type { Scenario, SummaryRow, Value } from "../scenario.ts";

/** Rows of a table, at most: the rest is in the CSV beside it. */
const MOST_ROWS = 48;

/** A Markdown table of a scenario's metrics: a row for each case and place. */
export function tableOf({ metrics, isShown }: Scenario, rows: readonly SummaryRow[]): string {
  const names = Object.keys(metrics);
  const places = new Map<string, { place: SummaryRow["place"]; cells: Map<string, SummaryRow> }>();
  for (const row of rows.filter(({ place }) => isShown(place))) {
    const key = JSON.stringify(row.place);
    const own = places.get(key) ?? { place: row.place, cells: new Map<string, SummaryRow>() };
    own.cells.set(row.metric, row);
    places.set(key, own);
  }
  const all = [...places.values()];
  const columns = Object.keys(all[0]?.place ?? {}).filter(
    (name) => new Set(all.map(({ place }) => place[name])).size > 1,
  );
  const shown = all.length <= MOST_ROWS ? all : thin(all);
  const lines = [
    [...columns, ...names],
    [...columns, ...names].map(() => "---"),
    ...shown.map(({ place, cells }) => [
      ...columns.map((name) => String(place[name])),
      ...names.map((name) => cellOf(cells.get(name))),
    ]),
  ];
  const table = lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return shown.length === all.length ? table : `${table}\n\n${shown.length} of ${all.length} rows.`;
}

/** Evenly spread rows, the first and the last among them. */
const thin = <T>(all: readonly T[]): T[] =>
  Array.from({ length: MOST_ROWS }, (_, i) => all[Math.round((i * (all.length - 1)) / (MOST_ROWS - 1))]!);

function cellOf(row: SummaryRow | undefined): string {
  if (row === undefined) return "";
  const half = row.high - row.mean;
  // Sums of equal numbers differ in their last bits.
  return half > 1e-9 * Math.abs(row.mean) ? `${short(row.mean)} ± ${short(half)}` : short(row.mean);
}

/** Four digits that say something. */
export function short(value: Value): string {
  if (typeof value === "string") return value;
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return value.toLocaleString("en");
  const digits = Math.abs(value) >= 1_000 ? 0 : 4;
  return digits === 0 ? Math.round(value).toLocaleString("en") : String(Number(value.toPrecision(digits)));
}
