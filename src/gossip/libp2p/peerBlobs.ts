import type { PeerId } from "@libp2p/interface";
import { getBytes } from "ethers";
import { BlobSourceError, BlobUnavailableError } from "../../blobs/errors.ts";
import { authenticate, type BlobName, type BlobSource } from "../../blobs/source.ts";
import { BoundedMap } from "../bounded.ts";
import { ABSENT, ANSWER_BYTES, BLOB_PROTOCOL, BUSY, HERE } from "./blobProtocol.ts";
import { ExchangeError } from "./errors.ts";
import { MAX_PEERS, type Node } from "./node.ts";
import { readAll, sendAll } from "./streams.ts";

/** What one peer may take for its answer, ms. */
const TIMEOUT_MS = 5_000;

/** How long a peer that gave a wrong blob is not asked, and one that gave no answer is asked last, ms. */
const SHUN_MS = 600_000;
const SLOW_MS = 60_000;

/**
 * Blobs from connected peers, whoever has them: asked one after the other, who has served before first, and last who
 * has let it wait: a few that never answer would use up the time for all others.
 */
export class PeerBlobs implements BlobSource {
  readonly name = "peers";
  readonly #node: Node;
  readonly #timeoutMs: number;
  /** Until when each is asked last, ms of `performance.now`. */
  readonly #slow = new BoundedMap<string, number>(2 * MAX_PEERS);
  /** Blobs that each has given. */
  readonly #given = new BoundedMap<string, number>(2 * MAX_PEERS);
  /** Until when each is not asked, ms of `performance.now`. */
  readonly #shunned = new BoundedMap<string, number>(2 * MAX_PEERS);

  /** @param timeoutMs what one peer may take for its answer */
  constructor(node: Node, timeoutMs = TIMEOUT_MS) {
    this.#node = node;
    this.#timeoutMs = timeoutMs;
  }

  async get({ versionedHash }: BlobName, signal?: AbortSignal): Promise<Uint8Array> {
    const failures: string[] = [];
    for (const peer of this.#peers()) {
      signal?.throwIfAborted();
      try {
        const blob = await this.#askInTime(peer, versionedHash, signal);
        const found = await authenticate(blob, versionedHash, `peer ${String(peer)}`).catch((error: unknown) => {
          this.#shunned.set(peer.toString(), performance.now() + SHUN_MS);
          throw error;
        });
        this.#given.set(peer.toString(), (this.#given.get(peer.toString()) ?? 0) + 1);
        return found;
      } catch (error) {
        signal?.throwIfAborted();
        failures.push(`peer ${String(peer)}: ${(error as Error).message}`);
      }
    }
    throw new BlobUnavailableError(versionedHash, failures.length > 0 ? failures : ["no peers are connected"]);
  }

  check(): Promise<void> {
    if (this.#peers().length > 0) return Promise.resolve();
    return Promise.reject(new BlobSourceError(this.name, "are none", "at least one that is connected"));
  }

  #peers(): PeerId[] {
    const now = performance.now();
    const given = (peer: PeerId): number => this.#given.get(peer.toString()) ?? 0;
    const isSlow = (peer: PeerId): boolean => (this.#slow.get(peer.toString()) ?? 0) > now;
    return this.#node
      .getPeers()
      .filter((peer) => (this.#shunned.get(peer.toString()) ?? 0) < now)
      .map((peer) => [isSlow(peer) ? -1 : given(peer), Math.random(), peer] as const)
      .sort(([a, x], [b, y]) => b - a || x - y)
      .map(([, , peer]) => peer);
  }

  async #askInTime(peer: PeerId, versionedHash: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const limit = AbortSignal.timeout(this.#timeoutMs);
    const limited = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    try {
      return await this.#ask(peer, versionedHash, limited);
    } catch (error) {
      // Also where it is the caller's time that has run out.
      if (limited.aborted) this.#slow.set(peer.toString(), performance.now() + SLOW_MS);
      throw error;
    }
  }

  async #ask(peer: PeerId, versionedHash: string, limited: AbortSignal): Promise<Uint8Array> {
    const connection = this.#node.getConnections(peer)[0];
    if (connection === undefined) throw new ExchangeError("the connection", "closed", "an open one");
    const stream = await connection.newStream(BLOB_PROTOCOL, { signal: limited });
    try {
      await sendAll(stream, getBytes(versionedHash), limited);
      const answer = await readAll(stream, ANSWER_BYTES, limited);
      if (answer[0] === HERE && answer.length === ANSWER_BYTES) return answer.subarray(1);
      if (answer[0] === ABSENT) throw new ExchangeError("the answer", "that it does not have it", "the blob");
      if (answer[0] === BUSY) throw new ExchangeError("the answer", "that it is busy", "the blob");
      throw new ExchangeError("the answer", `${answer.length} bytes`, `${ANSWER_BYTES} bytes, or 1`);
    } catch (error) {
      stream.abort(error as Error);
      throw error;
    }
  }
}
