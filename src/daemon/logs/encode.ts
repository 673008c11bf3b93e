import { B52Error } from "../../protocol/errors.ts";

/** How deep causes of an error are told. */
const MAX_CAUSES = 4;

/** What a log line can hold: bigints as decimal strings, errors as what they say, never functions or buffers whole. */
export function plain(value: unknown, withStack = false): unknown {
  if (typeof value === "bigint") return value.toString();
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
