import { portTrouble } from "../../chain/port.ts";
import { B52Error } from "../../protocol/errors.ts";

/** The node cannot be reached where it is to be. */
export class ListenError extends B52Error {
  /** @param failures why it cannot listen, by addresses */
  constructor(failures: readonly (readonly [address: string, reason: string])[], options?: ErrorOptions) {
    const places = failures.map(([address, reason]) => `${address}: ${reason}`).join("; ");
    super(`cannot listen on ${places}, expected a free port of this machine (setting listen)`, { failures }, options);
  }
}

/** A line of libp2p's about an address: `/ip4/127.0.0.1/tcp/9530: Error: listen EADDRINUSE: address already in use`. */
const FAILURE = /^ *(\/\S+): \w*Error: (?:\w+ (E[A-Z]+): )?(.*)$/gm;

export function listenError(addresses: readonly string[], error: unknown): unknown {
  const { message, name } = error as Error;
  if (!/listen/i.test(`${name} ${message}`)) return error;
  const found = [...message.matchAll(FAILURE)].map(
    ([, address, code, text]) => [address!, portTrouble(code, text!)] as const,
  );
  const all = [[addresses.join(", "), message.split("\n", 1)[0]!]] as const;
  return new ListenError(found.length > 0 ? found : all, { cause: error });
}

/** A peer that does not keep to a protocol of request and response. */
export class ExchangeError extends B52Error {
  constructor(what: string, found: string, expected: string) {
    super(`${what} of a peer is ${found}, expected ${expected}`, { what, found, expected });
  }
}
