import { type LogLine, printable } from "../../log/index.ts";
import { plainFields } from "./encode.ts";

const LONG = 12;

/** Shortens what nobody reads whole: proposalIds, hashes. */
const short = (text: string): string =>
  text.length > 2 * LONG && /^(0x)?[0-9a-f]+$/i.test(text) ? `${text.slice(0, LONG)}…` : text;

function fieldText(value: unknown): string {
  if (typeof value === "string") return /[\s"=]/.test(value) ? JSON.stringify(value) : short(value);
  return JSON.stringify(value);
}

/** A line for people: `15:04:05.678 WARN  put-off  reveal is put off: …  role=proposer height=3`. */
export function textLine({ level, code, message, fields }: LogLine, at: Date): string {
  // The message tells of the error already.
  const { error: _, ...rest } = plainFields(fields);
  const told = Object.entries(rest)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${fieldText(value)}`);
  const time = at.toISOString().slice(11, 23);
  const parts = [`${time} ${level.toUpperCase().padEnd(5)} ${code}`, message];
  if (told.length > 0) parts.push(told.join(" "));
  // Nodes, peers and servers may have said any of it.
  return printable(parts.join("  "));
}
