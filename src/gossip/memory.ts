import { MalformedError } from "../protocol/errors.ts";
import { Gate } from "./gate.ts";
import { type Gossip, RefusedMessageError } from "./gossip.ts";
import type { PeerOptions } from "./peerOptions.ts";
import { Subscribers } from "./subscribers.ts";
import type { Subscription } from "./subscription.ts";
import { type Topic, TOPICS } from "./topics.ts";
import { ignore } from "./verdict.ts";

export interface MemoryNetworkOptions {
  /** Who is connected with whom; everybody with everybody by default. */
  readonly isConnected?: (a: string, b: string) => boolean;
  /** Says that messages are on their way until the function that it returns is called, see `Clock.busy`. */
  readonly busy?: () => () => void;
}

interface Delivery {
  readonly to: MemoryGossip;
  readonly bytes: Uint8Array;
}

/**
 * Gossip inside one process. Messages are delivered one after the other in the order in which they were sent, to peers
 * in the order in which they joined: a run can be repeated. A node judges each message once, by the rules of the real
 * network, and passes on only what it has accepted.
 */
export class MemoryNetwork {
  readonly #isConnected: (a: string, b: string) => boolean;
  readonly #busy: () => () => void;
  readonly #peers: MemoryGossip[] = [];
  readonly #deliveries: Delivery[] = [];
  #delivering: Promise<void> | undefined;

  constructor({ isConnected = () => true, busy = () => () => undefined }: MemoryNetworkOptions = {}) {
    this.#isConnected = isConnected;
    this.#busy = busy;
  }

  join(options: PeerOptions): MemoryGossip {
    const peer = new MemoryGossip(
      options,
      (from, bytes) => this.#send(from, bytes),
      (left) => this.#leave(left),
    );
    this.#peers.push(peer);
    return peer;
  }

  /** Settles when nothing is on its way any more. */
  async idle(): Promise<void> {
    while (this.#delivering !== undefined) await this.#delivering;
  }

  #send(from: MemoryGossip, bytes: Uint8Array): void {
    for (const to of this.#peers) {
      if (to !== from && this.#isConnected(from.name, to.name)) this.#deliveries.push({ to, bytes });
    }
    this.#delivering ??= this.#deliver().finally(() => (this.#delivering = undefined));
  }

  async #deliver(): Promise<void> {
    const done = this.#busy();
    try {
      for (let next = this.#deliveries.shift(); next !== undefined; next = this.#deliveries.shift()) {
        await next.to.receive(next.bytes);
      }
    } finally {
      done();
    }
  }

  #leave(peer: MemoryGossip): void {
    const at = this.#peers.indexOf(peer);
    if (at >= 0) this.#peers.splice(at, 1);
  }
}

/** One node's end of a {@link MemoryNetwork}. */
export class MemoryGossip implements Gossip {
  readonly name: string;
  readonly #options: PeerOptions;
  readonly #gate: Gate;
  readonly #send: (from: MemoryGossip, bytes: Uint8Array) => void;
  readonly #leave: (peer: MemoryGossip) => void;
  readonly #subscribers = new Subscribers();

  constructor(
    options: PeerOptions,
    send: (from: MemoryGossip, bytes: Uint8Array) => void,
    leave: (peer: MemoryGossip) => void,
  ) {
    this.name = options.name;
    this.#options = options;
    this.#gate = new Gate(options.route, options);
    this.#send = send;
    this.#leave = leave;
  }

  async publish<T extends Topic>(topic: T, envelope: Uint8Array): Promise<void> {
    this.#subscribers.assertOpen();
    if (TOPICS[envelope[1] ?? -1] !== topic)
      throw new MalformedError("topic of an envelope", TOPICS[envelope[1] ?? -1], topic);
    const judgement = this.#gate.judge(envelope, await this.#options.view());
    // What was sent before may be sent again: peers that could not make use of it yet get another chance.
    if (judgement.verdict !== "ACCEPT" && judgement.reason !== "duplicate")
      throw new RefusedMessageError(topic, judgement);
    this.#send(this, envelope);
  }

  subscribe<T extends Topic>(topic: T): Subscription<T> {
    return this.#subscribers.add(topic);
  }

  /** A message from a peer. */
  async receive(bytes: Uint8Array): Promise<void> {
    if (this.#subscribers.isClosed) return;
    const { onVerdict = () => undefined } = this.#options;
    const topic = TOPICS[bytes[1] ?? -1];
    if (this.#subscribers.isOverloaded(topic)) return onVerdict(ignore("own overload"), topic);
    const judgement = this.#gate.judge(bytes, await this.#options.view());
    onVerdict(judgement, topic);
    if (judgement.verdict !== "ACCEPT") return;
    this.#subscribers.hand(judgement.received);
    this.#send(this, bytes);
  }

  close(): Promise<void> {
    this.#leave(this);
    this.#subscribers.close();
    return Promise.resolve();
  }
}
