import type { kadDHT } from "@libp2p/kad-dht";
import type { PeerId } from "@libp2p/interface";

type Datastore = Parameters<ReturnType<typeof kadDHT>>[0]["datastore"];
type Key = Parameters<Datastore["get"]>[0];
type Query = Parameters<Datastore["query"]>[0];
type KeyQuery = Parameters<Datastore["queryKeys"]>[0];

interface Pair {
  readonly key: Key;
  readonly value: Uint8Array;
}

/** Peers that are remembered: those that are connected, and those of which something was heard last. */
export const MAX_KNOWN_PEERS = 1_024;

/** So many more come before old ones are looked for. */
const SLACK = 128;

/** What is known of a peer is under this name, as libp2p writes it. */
const nameOf = (peer: PeerId): string => `/peers/${peer.toCID().toString()}`;

type KeyClass = new (bytes: Uint8Array, clean: boolean) => Key;

/** The same key, with bytes of its own. */
const ownKey = (key: Key): Key => new (key.constructor as KeyClass)(Uint8Array.from(key.uint8Array()), false);

/**
 * Where libp2p keeps what it knows of peers. The one that it brings along keeps everybody who was ever connected or
 * named by others, and with each a piece of memory of up to 64 KiB of which what is known is a small part.
 */
export class PeerStoreData implements Datastore {
  readonly #lasting: () => readonly PeerId[];
  readonly #limit: number;
  /** From the one that was written first. */
  readonly #pairs = new Map<string, Pair>();

  /** @param lasting peers that are not forgotten: the node itself, and those whose going libp2p is to notice */
  constructor(lasting: () => readonly PeerId[], limit = MAX_KNOWN_PEERS) {
    this.#lasting = lasting;
    this.#limit = limit;
  }

  get size(): number {
    return this.#pairs.size;
  }

  put(key: Key, value: Uint8Array): Key {
    const name = key.toString();
    this.#pairs.delete(name);
    this.#pairs.set(name, { key: ownKey(key), value: Uint8Array.from(value) });
    if (this.#pairs.size > this.#limit + SLACK) this.#forget();
    return key;
  }

  get(key: Key): Uint8Array {
    const pair = this.#pairs.get(key.toString());
    if (pair !== undefined) return pair.value;
    throw Object.assign(new Error(`nothing is known of ${key.toString()}`), { name: "NotFoundError" });
  }

  has(key: Key): boolean {
    return this.#pairs.has(key.toString());
  }

  delete(key: Key): void {
    this.#pairs.delete(key.toString());
  }

  async *putMany(pairs: AsyncIterable<Pair> | Iterable<Pair>): AsyncGenerator<Key> {
    for await (const { key, value } of pairs) yield this.put(key, value);
  }

  async *getMany(keys: AsyncIterable<Key> | Iterable<Key>): AsyncGenerator<Pair> {
    for await (const key of keys) yield { key, value: this.get(key) };
  }

  async *deleteMany(keys: AsyncIterable<Key> | Iterable<Key>): AsyncGenerator<Key> {
    for await (const key of keys) {
      this.delete(key);
      yield key;
    }
  }

  batch(): ReturnType<Datastore["batch"]> {
    const changes: (() => void)[] = [];
    return {
      put: (key, value) => void changes.push(() => this.put(key, value)),
      delete: (key) => void changes.push(() => this.delete(key)),
      commit: () => changes.splice(0).forEach((change) => change()),
    };
  }

  *query({ prefix, filters = [], orders = [], offset = 0, limit }: Query): Generator<Pair> {
    yield* this.#chosen(prefix, offset, limit, (pairs) =>
      orders.reduce(
        (sorted, order) => sorted.sort(order),
        pairs.filter((pair) => filters.every((filter) => filter(pair))),
      ),
    );
  }

  *queryKeys({ prefix, filters = [], orders = [], offset = 0, limit }: KeyQuery): Generator<Key> {
    const chosen = this.#chosen(prefix, offset, limit, (pairs) =>
      orders.reduce(
        (sorted, order) => sorted.sort((a, b) => order(a.key, b.key)),
        pairs.filter(({ key }) => filters.every((filter) => filter(key))),
      ),
    );
    for (const { key } of chosen) yield key;
  }

  #chosen(prefix = "", offset: number, limit: number | undefined, choose: (pairs: Pair[]) => Pair[]): Pair[] {
    const found = [...this.#pairs].flatMap(([name, pair]) => (name.startsWith(prefix) ? [pair] : []));
    return choose(found).slice(offset, limit === undefined ? undefined : offset + limit);
  }

  #forget(): void {
    const lasting = new Set(this.#lasting().map(nameOf));
    for (const name of this.#pairs.keys()) {
      if (this.#pairs.size <= this.#limit) return;
      if (name.startsWith("/peers/") && !lasting.has(name)) this.#pairs.delete(name);
    }
  }
}
