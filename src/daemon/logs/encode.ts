import { toHex32 } from "../../protocol/hex.ts";
import type { LogFields } from "../../log/index.ts";
import { B52Error } from "../../protocol/errors.ts";

/** How deep causes of an error are told. */
const MAX_CAUSES = 4;

/** Fields of a line as JSON can hold them; a proposal as the read API and explorers write it. */
export function plainFields(fields: LogFields, withStack = false): Record<string, unknown> {
  const { proposal } = fields;
  const shown = { ...fields, ...(proposal !== undefined && { proposal: toHex32(proposal) }) };
  return plain(shown, withStack) as Record<string, unknown>;
}

/** Digits of a number that is not whole. */
const DIGITS = 6;

/**
 * What a log line can hold: bigints as decimal strings, fractions in six digits, errors as what they say, never
 * functions or buffers whole.
 */
function plain(value: unknown, withStack: boolean): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isInteger(value)) return Number(value.toPrecision(DIGITS));
  if (value instanceof Error) return plainError(value, withStack, MAX_CAUSES);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return value.map((each) => plain(each, withStack));
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each, withStack)]));
  return typeof value === "function" || typeof value === "symbol" ? undefined : value;
}

function plainError(error: Error, withStack: boolean, depth: number): unknown {
  const { name, message, stack, cause } = error;
  // A fault of the program needs its place; what can be foreseen says all in its message.
  const isFault = !(error instanceof B52Error);
  return {
    ...{ type: name, message },
    ...(withStack && isFault && stack !== undefined && { stack }),
    ...(cause instanceof Error && depth > 0 && { cause: plainError(cause, withStack, depth - 1) }),
  };
}
