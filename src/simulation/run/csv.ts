import type { SummaryRow, Value } from "../scenario.ts";
import type { Row } from "./summary.ts";

/** Comma-separated values with a header; one row a record, columns in the order in which records first have them. */
export function toCsv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => columns.map((name) => cell(row[name])).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

export const summaryRecords = (rows: readonly SummaryRow[]): Row[] =>
  rows.map(({ place, ...rest }) => ({ ...place, ...rest }));

function cell(value: Value | undefined): string {
  if (value === undefined) return "";
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
