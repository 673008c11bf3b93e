import { B52Error } from "../protocol/errors.ts";

/** The address of a node that cannot be used. What was given is not shown: it may hold a password. */
export class NodeAddressError extends B52Error {
  constructor(what: string) {
    super(`${what} is no address of a node, expected http://host:port or https://host/path`, { what });
  }
}

/**
 * An address as people may see it. Its user, password, path and query are left out: providers take keys in all of them.
 */
export function shortUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return "the node";
  const { protocol, host, pathname, search } = parsed;
  return `${protocol}//${host}${pathname.length > 1 || search !== "" ? "/…" : ""}`;
}

/** What HTTP needs to know of an address. */
export interface Endpoint {
  readonly url: string;
  readonly headers: { readonly authorization?: string };
  /** For messages. */
  readonly name: string;
}

/**
 * The endpoint of an address; user and password become a header, as `fetch` takes no address with them.
 * @param what where the address comes from, for the error
 * @throws {NodeAddressError}
 */
export function endpointOf(address: string, what = "what was given"): Endpoint {
  const url = URL.parse(address);
  if (url === null || !["http:", "https:"].includes(url.protocol)) throw new NodeAddressError(what);
  const { username, password } = url;
  url.username = url.password = "";
  return {
    url: url.href,
    headers: username + password === "" ? {} : { authorization: basicAuthorization(username, password) },
    name: shortUrl(address),
  };
}

function basicAuthorization(...credentials: readonly string[]): string {
  return `Basic ${Buffer.from(credentials.map(decode).join(":")).toString("base64")}`;
}

/** A password may have a `%` that stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
