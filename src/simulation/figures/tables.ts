import type { Scenario, SummaryRow, Value } from "../scenario.ts";

/** Rows of a table, at most: the rest is in the CSV beside it. */
const MOST_ROWS = 48;

/** A Markdown table of what the report shows of a scenario: a row for each case and place. */
export function tableOf(scenario: Scenario, rows: readonly SummaryRow[]): string {
  const { all, columns } = placesOf(rows.filter(({ place }) => scenario.isShown(place)));
  const shown = all.length <= MOST_ROWS ? all : thin(all);
  const table = toTable(scenario, columns, shown);
  return shown.length === all.length ? table : `${table}\n\n${shown.length} of ${all.length} rows.`;
}

/** The same of everything that was simulated. */
export function wholeTableOf(scenario: Scenario, rows: readonly SummaryRow[]): string {
  const { all, columns } = placesOf(rows);
  return toTable(scenario, columns, all);
}

interface PlaceRow {
  readonly place: SummaryRow["place"];
  readonly cells: Map<string, SummaryRow>;
}

/** Rows of a table, and what tells them apart: columns that are not the same in all of them. */
export function placesOf(rows: readonly SummaryRow[]): { all: readonly PlaceRow[]; columns: readonly string[] } {
  const places = new Map<string, PlaceRow>();
  for (const row of rows) {
    const key = JSON.stringify(row.place);
    const own = places.get(key) ?? { place: row.place, cells: new Map<string, SummaryRow>() };
    own.cells.set(row.metric, row);
    places.set(key, own);
  }
  const all = [...places.values()];
  const columns = Object.keys(all[0]?.place ?? {}).filter(
    (name) => new Set(all.map(({ place }) => place[name])).size > 1,
  );
  return { all, columns };
}

function toTable({ metrics }: Scenario, columns: readonly string[], rows: readonly PlaceRow[]): string {
  const names = Object.keys(metrics);
  const lines = [
    [...columns, ...names],
    [...columns, ...names].map(() => "---"),
    ...rows.map(({ place, cells }) => [
      ...columns.map((name) => String(place[name])),
      ...names.map((name) => cellOf(cells.get(name))),
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
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
