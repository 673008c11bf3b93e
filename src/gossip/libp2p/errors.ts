import { B52Error } from "../../protocol/errors.ts";

/** The node cannot be reached where it is to be. */
export class ListenError extends B52Error {
  /** @param found what the system says */
  constructor(addresses: readonly string[], found: string, options?: ErrorOptions) {
    super(
      `cannot listen on ${addresses.join(", ")}: ${found}, expected a free port of this machine: stop the other ` +
        "program, or set another address (--listen)",
      { addresses, found },
      options,
    );
  }
}

export function listenError(addresses: readonly string[], error: unknown): unknown {
  const { message, name } = error as Error;
  if (!/listen/i.test(`${name} ${message}`)) return error;
  return new ListenError(addresses, message.match(/E[A-Z]{4,}[^\n]*/)?.[0].trim() ?? message, { cause: error });
}

/** A peer that does not keep to a protocol of request and response. */
export class ExchangeError extends B52Error {
  constructor(what: string, found: string, expected: string) {
    super(`${what} of a peer is ${found}, expected ${expected}`, { what, found, expected });
  }
}
