import { getBytes, id } from "ethers";
import {
  encodeMessage,
  type GossipRoute,
  type GossipView,
  type Identity,
  MAX_CERTIFICATE_SECONDS,
  MemoryNetwork,
  NetworkKey,
  type RollupView,
  sealEnvelope,
  signCertificate,
  type Topic,
  type Verdict,
} from "../gossip/index.ts";
import { NodeDatabase } from "../database/index.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { type Log, NO_LOG } from "../log/index.ts";
import {
  type Builder,
  Follower,
  type FollowerOptions,
  gossipView,
  Hearing,
  L1Reader,
  type L1ReaderPorts,
  Ledger,
  Mempool,
  MempoolBuilder,
  type MempoolOptions,
  MovableClock,
  type NodeVerifier,
  nodeVerifier,
  Proposer,
  type ProposerOptions,
  Prover,
  type ProverOptions,
  realClock,
  type SharedClock,
  type TalkingPorts,
  Waker,
} from "../roles/index.ts";
import { MemoryStore, type Store } from "../state/store.ts";
import { rollupName } from "../sync/names.ts";
import { SyncedState } from "../sync/syncedState.ts";
import { accountsOf, type Party, type Proposer as CastProposer, type Prover as CastProver } from "./cast.ts";
import type { World } from "./world.ts";

export interface SwarmOptions {
  /** Network keys and salts follow from it. */
  readonly seed: string;
  /** Hears what roles tell their operators, each with its name as `role`. */
  readonly log?: Log;
  /** See `L1ReaderPorts.onView`. */
  readonly onView?: L1ReaderPorts["onView"];
  /** Every verdict on a message from a peer. */
  readonly onVerdict?: (peer: string, verdict: Verdict, topic: Topic | undefined) => void;
}

/** A role on the network. */
export interface Member<R> {
  readonly role: R;
  /** Leaves the network for good. The role's run is ended by its signal. */
  leave(): Promise<void>;
}

/** How a role is begun. */
export interface Seat {
  /** Keeps what the role must not lose, so that it can be begun again; in memory by default. */
  readonly database?: NodeDatabase;
  /** Keeps the role's L2; in memory by default. */
  readonly store?: Store;
}

/** How a proposer is begun. */
export interface ProposerSeat extends Seat {
  /** Orders its blocks; by fees, from what it hears, by default. */
  readonly builder?: Builder;
  /** Told of each transfer that leaves its mempool. */
  readonly onDrop?: MempoolOptions["onDrop"];
}

/**
 * Roles of a world's cast in one process, over gossip in memory. They share L1's reader and its clock, and know nothing
 * else of each other.
 */
export class Swarm {
  readonly clock: SharedClock;
  /** What all see of L1. */
  readonly reader: L1Reader;
  readonly #world: World;
  readonly #options: SwarmOptions;
  readonly #minBid: bigint;
  readonly #network: MemoryNetwork;
  readonly #route: GossipRoute;
  readonly #verifier: NodeVerifier;
  /** Salts that each proposer has drawn. */
  readonly #salts = new Map<string, number>();

  private constructor(world: World, options: SwarmOptions, minBid: bigint) {
    const { l1, client, prover } = world;
    const { chainId, contracts, domain } = client.deployment;
    this.#world = world;
    this.#options = options;
    this.#minBid = minBid;
    this.#route = { chainId, rollup: contracts.rollup, domain };
    this.#verifier = nodeVerifier(prover.keys);
    this.clock = l1.canTravel ? new MovableClock(l1.clock) : realClock(l1.clock);
    this.reader = new L1Reader({ client, ...(options.onView && { onView: options.onView }) });
    this.#network = new MemoryNetwork({ busy: () => this.clock.busy() });
  }

  static async create(world: World, options: SwarmOptions): Promise<Swarm> {
    return new Swarm(world, options, await world.client.rollup.minBid());
  }

  async follower(options: FollowerOptions, { signer }: Pick<Party, "signer">): Promise<Follower> {
    const { client } = this.#world;
    const { clock, reader } = this;
    const log = this.#log(options.name);
    const ledger = this.#ledger(await this.#synced());
    return new Follower(options, { client, clock, reader, signer, log, ledger });
  }

  async proposer(
    options: Omit<ProposerOptions, "name" | "rules">,
    { name, revealer, ...party }: CastProposer,
    seat: ProposerSeat = {},
  ): Promise<Member<Proposer>> {
    const ports = await this.#talk({ name, ...party }, seat);
    const mempool = new Mempool({ ...(seat.onDrop && { onDrop: seat.onDrop }) });
    const builder = seat.builder ?? new MempoolBuilder(mempool);
    const salt = (): string => {
      const drawn = this.#salts.get(name) ?? 0;
      this.#salts.set(name, drawn + 1);
      return id(`${this.#options.seed}/salt/${name}/${drawn}`);
    };
    const { rules } = this.#world;
    const role = new Proposer(
      { ...options, name, rules },
      { ...ports, revealer, mempool, builder, salt, verifier: this.#verifier },
    );
    return { role, leave: () => ports.gossip.close() };
  }

  async prover(
    options: Omit<ProverOptions, "name" | "rules" | "index" | "secret">,
    { name, index, secret, ...party }: CastProver,
    seat: Seat = {},
  ): Promise<Member<Prover>> {
    const ports = await this.#talk({ name, ...party }, seat);
    const { rules, prover } = this.#world;
    const role = new Prover(
      { isAlone: true, ...options, name, index, secret, rules },
      { ...ports, prover, verifier: this.#verifier },
    );
    return { role, leave: () => ports.gossip.close() };
  }

  /** A node on the network, for a role that is made elsewhere, or for what is no role. */
  async node(party: Party): Promise<TalkingPorts & { readonly synced: SyncedState }> {
    return this.#talk(party);
  }

  /** Somebody who only sends transfers. Settles when all have heard of them. */
  async sender(party: Party): Promise<(transfers: readonly SignedTransfer[]) => Promise<void>> {
    const { gossip, identity, hearing } = await this.#talk(party);
    // Whoever hears no proposals cannot pass on the votes for them.
    hearing.listen(gossip, ["proposals"], () => undefined);
    return async (transfers) => {
      for (const transfer of transfers) {
        const body = encodeMessage("transactions", transfer);
        await gossip.publish("transactions", sealEnvelope(identity, "transactions", body));
      }
      await this.#network.idle();
    };
  }

  /** Settles when no message is on its way any more. */
  async idle(): Promise<void> {
    await this.#network.idle();
  }

  #log(role: string): Log {
    return (this.#options.log ?? NO_LOG).with({ role });
  }

  async #talk({ name, signer }: Party, seat: Seat = {}): Promise<TalkingPorts & { synced: SyncedState }> {
    const { client, blobs } = this.#world;
    const database = seat.database ?? (await NodeDatabase.inMemory(rollupName(client.deployment)));
    const { clock, reader } = this;
    const { profile } = client.deployment;
    const synced = await this.#synced(seat.store);
    const ledger = this.#ledger(synced);
    const hearing = new Hearing();
    const rollup: RollupView = { ...this.#route, profile, minBid: this.#minBid };
    const view = async (): Promise<GossipView> =>
      gossipView(await reader.read(), hearing.proposals, rollup, () => ledger.state);
    const gossip = this.#network.join({
      ...{ name, view },
      route: this.#route,
      onVerdict: (verdict, topic) => this.#options.onVerdict?.(name, verdict, topic),
    });
    return {
      ...{ client, clock, reader, signer, database, store: database.store(name), synced, ledger, hearing },
      ...{ gossip, blobs },
      log: this.#log(name),
      identity: await this.#identity(name, signer),
      waker: new Waker(),
    };
  }

  async #synced(store: Store = new MemoryStore()): Promise<SyncedState> {
    const { client, cast } = this.#world;
    const accounts = accountsOf(cast.users);
    return SyncedState.open(store, client.deployment, () => Promise.resolve(accounts));
  }

  #ledger(synced: SyncedState): Ledger {
    const { client, rules, blobs } = this.#world;
    return new Ledger(rules, { client, synced, blobs });
  }

  async #identity(name: string, signer: Party["signer"]): Promise<Identity> {
    const key = new NetworkKey(getBytes(id(`${this.#options.seed}/network/${name}`)));
    // An hour less than the longest: whoever is behind by less takes it, too.
    const expiry = (await this.clock.now()) + MAX_CERTIFICATE_SECONDS - 3_600n;
    const certificate = await signCertificate(signer, this.#route, { networkKey: key.publicKey, expiry });
    return { key, certificate, domain: this.#route.domain };
  }
}
