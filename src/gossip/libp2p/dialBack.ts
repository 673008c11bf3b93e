import { lookup } from "node:dns/promises";
import { isIPv4 } from "node:net";
import type { Connection, PeerId, Stream } from "@libp2p/interface";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { printable } from "../../log/index.ts";
import { ExchangeError } from "./errors.ts";
import { MAX_PEERS, type Node } from "./node.ts";
import { readAll, sendAll } from "./streams.ts";
import { Tokens } from "./tokens.ts";

/**
 * Asks a peer to connect to an address that the asking node says is its own. The request is the multiaddr as text; the
 * answer is empty if the node is there, else a few words that say what is.
 */
export const DIAL_BACK_PROTOCOL = "/b52/dial-back/1";

const MAX_REQUEST_BYTES = 256;
const MAX_ANSWER_BYTES = 256;

/** What a dial may take, and what the whole exchange may, ms. */
const DIAL_MS = 4_000;
const EXCHANGE_MS = 8_000;

/** Dials back for peers, to where they are seen and nowhere else: nobody is to be bothered by way of this node. */
export class DialBackServer {
  readonly #node: Node;
  readonly #tokens = new Tokens({ burst: 4, perSecond: 4 / 60, names: 2 * MAX_PEERS });
  readonly #stop = new AbortController();

  constructor(node: Node) {
    this.#node = node;
  }

  async open(): Promise<void> {
    const onStream = (stream: Stream, connection: Connection): void => void this.#serve(stream, connection);
    await this.#node.handle(DIAL_BACK_PROTOCOL, onStream, { maxInboundStreams: 1 });
  }

  async close(): Promise<void> {
    this.#stop.abort(new ExchangeError("the exchange", "ended by this node", "none any more"));
    await this.#node.unhandle(DIAL_BACK_PROTOCOL);
  }

  async #serve(stream: Stream, connection: Connection): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(EXCHANGE_MS)]);
    try {
      const request = new TextDecoder().decode(await readAll(stream, MAX_REQUEST_BYTES, signal));
      const answer = await this.#try(request, connection, signal);
      await sendAll(stream, new TextEncoder().encode(answer).subarray(0, MAX_ANSWER_BYTES), signal);
    } catch (error) {
      stream.abort(error as Error);
    }
  }

  async #try(request: string, { remotePeer, remoteAddr }: Connection, signal: AbortSignal): Promise<string> {
    if (!this.#tokens.take(remotePeer.toString())) return "the peer has tried often enough for now";
    let address: Multiaddr;
    try {
      address = multiaddr(request);
    } catch {
      return "it is no multiaddr";
    }
    const [seen, meant] = [hostOf(remoteAddr), await resolve(address)];
    if (meant === undefined) return `its name ${hostOf(address)} has no address`;
    if (seen !== meant) return `it is ${meant}, while peers see this node at ${seen}`;
    const target = dialBackTarget(address, meant, remotePeer.toString());
    if (target === undefined) return "it is no address of TCP";
    return this.#dial(target, AbortSignal.any([signal, AbortSignal.timeout(DIAL_MS)]));
  }

  async #dial(target: Multiaddr, signal: AbortSignal): Promise<string> {
    try {
      const connection = await this.#node.dial(target, { force: true, signal });
      await connection.close();
      return "";
    } catch (error) {
      return describe(error as Error, signal);
    }
  }
}

/**
 * Has a peer try an address of this node's.
 * @returns what is wrong with it in the peer's words; undefined if this node was reached there
 * @throws {ExchangeError} if the peer does not answer
 */
export async function askDialBack(
  node: Node,
  peer: PeerId,
  address: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(EXCHANGE_MS)]);
  const connection = node.getConnections(peer)[0];
  if (connection === undefined) throw new ExchangeError("the connection", "closed", "an open one");
  const stream = await connection.newStream(DIAL_BACK_PROTOCOL, { signal: limited });
  try {
    await sendAll(stream, new TextEncoder().encode(address), limited);
    const answer = new TextDecoder().decode(await readAll(stream, MAX_ANSWER_BYTES, limited));
    return answer === "" ? undefined : printable(answer);
  } catch (error) {
    stream.abort(error as Error);
    throw error;
  }
}

/**
 * Where to dial: the IP address that was compared, never the name that it is of. Whoever owns the name may have it mean
 * another machine a moment later.
 * @param host IP address @returns undefined unless the multiaddr is a host with a port of TCP, and nothing more
 */
export function dialBackTarget(address: Multiaddr, host: string, peer: string): Multiaddr | undefined {
  const port = /^\/[^/]+\/[^/]+\/tcp\/(\d+)(\/p2p\/[^/]+)?$/.exec(address.toString())?.[1];
  if (port === undefined) return undefined;
  return multiaddr(`/${isIPv4(host) ? "ip4" : "ip6"}/${host}/tcp/${port}/p2p/${peer}`);
}

/** The IP address or name in a multiaddr; the empty string if there is none. */
function hostOf(address: Multiaddr): string {
  const [, kind, host] = address.toString().split("/");
  return /^(ip4|ip6|dns|dns4|dns6)$/.test(kind ?? "") ? host! : "";
}

/** Families of IP addresses that names of a kind stand for; others for any. */
const FAMILIES: Readonly<Record<string, 4 | 6>> = { dns4: 4, dns6: 6 };

/** @returns undefined for a name that nobody knows */
async function resolve(multiaddress: Multiaddr): Promise<string | undefined> {
  const host = hostOf(multiaddress);
  if (isIPv4(host) || host.includes(":")) return host;
  return lookup(host, { family: FAMILIES[multiaddress.toString().split("/")[1] ?? ""] ?? 0 }).then(
    ({ address }) => address,
    () => undefined,
  );
}

function describe(error: Error, signal: AbortSignal): string {
  const parts = error instanceof AggregateError ? error.errors.map(String) : [];
  const text = [error.name, error.message, ...parts].join(" ");
  if (/UnexpectedPeer|did not match|Payload identity key/i.test(text)) return "another node answers there";
  if (/ECONNREFUSED/.test(text)) return "nobody listens there";
  if (signal.aborted || /timeout|aborted/i.test(text)) return `nobody answers there in ${DIAL_MS / 1_000} s`;
  return error.message.split("\n")[0]!;
}
