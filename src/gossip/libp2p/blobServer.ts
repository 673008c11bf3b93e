import type { Connection, Stream } from "@libp2p/interface";
import { hexlify } from "ethers";
import { BlobUnavailableError, WrongBlobError } from "../../blobs/errors.ts";
import type { BlobStore } from "../../blobs/source.ts";
import { BoundedMap } from "../bounded.ts";
import { ABSENT, BLOB_PROTOCOL, BUSY, HASH_BYTES, HERE } from "./blobProtocol.ts";
import { ExchangeError } from "./errors.ts";
import { MAX_PEERS, type Node } from "./node.ts";
import { readAll, sendAll } from "./streams.ts";
import { Tokens } from "./tokens.ts";

/** Blobs that are sent at the same time: in all, and to one peer, which may be slow to take them. */
const MAX_SENDING = 8;
const MAX_SENDING_TO_ONE = 4;

/** What one exchange may take, ms. */
const TIMEOUT_MS = 10_000;

/** Blobs that are kept in memory after they were sent: 2 MiB. Reading one from the store checks it anew. */
const MAX_RECENT = 16;

export interface BlobServerStats {
  readonly served: number;
  readonly absent: number;
  readonly refused: number;
}

/** Gives peers the blobs that this node has. */
export class BlobServer {
  readonly #node: Node;
  readonly #store: BlobStore;
  readonly #tokens = new Tokens({ burst: 24, perSecond: 2, names: 2 * MAX_PEERS });
  readonly #recent = new BoundedMap<string, Uint8Array>(MAX_RECENT);
  readonly #stop = new AbortController();
  readonly #stats = { served: 0, absent: 0, refused: 0 };
  /** Peers that blobs are on their way to, once for each. Who has not said yet what it wants takes up no place. */
  readonly #sending: string[] = [];

  /** @param store this node's own, which asks nobody else */
  constructor(node: Node, store: BlobStore) {
    this.#node = node;
    this.#store = store;
  }

  async open(): Promise<void> {
    const onStream = (stream: Stream, connection: Connection): void => void this.#serve(stream, connection);
    await this.#node.handle(BLOB_PROTOCOL, onStream, { maxInboundStreams: MAX_SENDING });
  }

  async close(): Promise<void> {
    this.#stop.abort(new ExchangeError("the exchange", "ended by this node", "none any more"));
    await this.#node.unhandle(BLOB_PROTOCOL);
  }

  stats(): BlobServerStats {
    return { ...this.#stats };
  }

  async #serve(stream: Stream, { remotePeer }: Connection): Promise<void> {
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const hash = await readAll(stream, HASH_BYTES, signal);
      if (hash.length !== HASH_BYTES) throw new ExchangeError("a request", `${hash.length} bytes`, `${HASH_BYTES}`);
      await this.#send(stream, hexlify(hash), remotePeer.toString(), signal);
    } catch (error) {
      stream.abort(error as Error);
    }
  }

  async #send(stream: Stream, versionedHash: string, peer: string, signal: AbortSignal): Promise<void> {
    const toPeer = this.#sending.filter((one) => one === peer).length;
    if (this.#sending.length >= MAX_SENDING || toPeer >= MAX_SENDING_TO_ONE || !this.#tokens.take(peer)) {
      this.#stats.refused++;
      return sendAll(stream, Uint8Array.of(BUSY), signal);
    }
    this.#sending.push(peer);
    try {
      await sendAll(stream, await this.#answer(versionedHash), signal);
    } finally {
      this.#sending.splice(this.#sending.indexOf(peer), 1);
    }
  }

  async #answer(versionedHash: string): Promise<Uint8Array> {
    const blob = await this.#find(versionedHash);
    if (blob === undefined) {
      this.#stats.absent++;
      return Uint8Array.of(ABSENT);
    }
    this.#stats.served++;
    return Buffer.concat([Uint8Array.of(HERE), blob]);
  }

  async #find(versionedHash: string): Promise<Uint8Array | undefined> {
    const recent = this.#recent.get(versionedHash);
    if (recent !== undefined) return recent;
    try {
      const blob = await this.#store.get({ versionedHash, notBefore: 0n, notAfter: 0n }, this.#stop.signal);
      this.#recent.set(versionedHash, blob);
      return blob;
    } catch (error) {
      if (error instanceof BlobUnavailableError || error instanceof WrongBlobError) return undefined;
      throw error;
    }
  }
}
