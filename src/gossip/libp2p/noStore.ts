import type { kadDHT } from "@libp2p/kad-dht";

type DhtComponents = Parameters<ReturnType<typeof kadDHT>>[0];
type Datastore = DhtComponents["datastore"];

/**
 * Where a DHT keeps records that peers ask it to keep: nowhere. Nodes find each other by it and nothing else, and
 * libp2p would hold as many records in memory as anybody sends, for two days.
 */
const NO_STORE: Datastore = {
  put: (key) => key,
  get: (key) => {
    throw Object.assign(new Error(`nothing is kept of ${key.toString()}, expected no question`), {
      name: "NotFoundError",
    });
  },
  has: () => false,
  delete: () => undefined,
  async *putMany(pairs) {
    for await (const { key } of pairs) yield key;
  },
  async *getMany() {
    // Nothing is there.
  },
  async *deleteMany(keys) {
    yield* keys;
  },
  batch: () => ({ put: () => undefined, delete: () => undefined, commit: () => undefined }),
  *query() {
    // Nothing is there.
  },
  *queryKeys() {
    // Nothing is there.
  },
};

/** The components of a node, with a store that keeps nothing: its own peers stay where they are. */
export const withoutStore = (components: DhtComponents): DhtComponents =>
  Object.create(components, { datastore: { value: NO_STORE } }) as DhtComponents;
