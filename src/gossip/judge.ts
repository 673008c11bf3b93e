import { setImmediate as nextTurn } from "node:timers/promises";
import { decodeFloat, FEE_MANTISSA_BITS } from "../protocol/float.ts";
import { Early } from "./early.ts";
import type { Gate, Judgement, Sifted } from "./gate.ts";
import { BATCH, type InnerChecker } from "./innerChecker.ts";
import { Shares } from "./shares.ts";
import { type Topic, TOPICS } from "./topics.ts";
import { ignore, type Refused } from "./verdict.ts";
import type { GossipView } from "./view.ts";
import type { Views } from "./views.ts";
import { Waiting } from "./waiting.ts";

/** A message that comes from somewhere. */
export interface Arrival {
  readonly topic: Topic;
  /** Its body, as far as anybody has looked at it. */
  readonly body: Uint8Array;
  /** Who passed it on. */
  readonly from: string;
  /** Whose certificate it names, unchecked: 20 bytes as hexadecimal. */
  readonly owner: string;
  /** Judges all but what is inside. */
  readonly sift: (view: GossipView) => Sifted | Refused;
  /** Takes the judgement, once. */
  readonly decide: (judgement: Judgement) => void;
}

export interface JudgePorts {
  readonly gate: Gate;
  readonly views: Views;
  readonly checker: InnerChecker;
  /** Whether nobody would take one more message of the topic. */
  readonly isOverloaded: (topic: Topic) => boolean;
  /** Whether nothing that a peer passes on is worth a look any more. */
  readonly isShunned: (peer: string) => boolean;
  /** Told when a check itself fails: no message is to blame. */
  readonly onFailure: (error: unknown) => void;
}

/** What waits for a judgement. */
export interface JudgeStats {
  readonly waiting: Readonly<Record<Topic, number>>;
  /** Those whose inside is checked, or waits for it. */
  readonly inner: number;
  readonly early: number;
}

interface Case extends Arrival {
  /** Milliseconds of `performance.now`. */
  readonly since: number;
}

interface InnerCase extends Case {
  readonly sifted: Sifted;
}

/** How long messages are judged before others have their turn in the event loop, ms. */
const SLICE_MS = 5;

/** Messages under check at once: a batch in hand and one that waits. What waits here can still be overtaken. */
const MAX_CHECKING = 2 * BATCH;

/** Of so many messages one is taken from those whose senders mostly send what is ignored, while others wait, too. */
const SHARES = 8;

/** How often early messages are tried again, ms. */
const RETRY_MS = 250;

const OVERLOAD = ignore("own overload");
const FAILURE = ignore("own check has failed");
const SHUNNED = ignore("peer is not listened to");

/**
 * Judges what peers pass on, each message once: in slices, so that the event loop goes on; what is inside by threads;
 * what comes too early again a little later. What is too much for it is nobody's offence.
 */
export class Judge {
  readonly #ports: JudgePorts;
  readonly #waiting = new Waiting<Case>(feeOf);
  /** Of those whose senders mostly send what is ignored. */
  readonly #behind = new Waiting<Case>(feeOf, SHARES);
  readonly #shares = new Shares();
  #taken = 0;
  readonly #inner = new Waiting<InnerCase>(feeOf);
  readonly #early = new Early<Case>();
  #checking = 0;
  #judging: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastView: GossipView | undefined;
  #closed = false;

  constructor(ports: JudgePorts) {
    this.#ports = ports;
  }

  add(arrival: Arrival): void {
    const { topic, decide } = arrival;
    if (this.#closed || this.#ports.isOverloaded(topic)) return decide(OVERLOAD);
    this.#enqueue({ ...arrival, since: performance.now() });
  }

  stats(): JudgeStats {
    return {
      waiting: Object.fromEntries(
        TOPICS.map((topic) => [topic, this.#waiting.lengthOf(topic) + this.#behind.lengthOf(topic)]),
      ) as Record<Topic, number>,
      inner: this.#inner.length + this.#checking,
      early: this.#early.size,
    };
  }

  /** What still waits is not judged. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#judging;
  }

  #enqueue(one: Case): void {
    (this.#shares.isWasteful(one) ? this.#behind : this.#waiting).add(one)?.decide(OVERLOAD);
    this.#begin();
  }

  #begin(): void {
    this.#judging ??= this.#judge().finally(() => {
      this.#judging = undefined;
      // What has come since the last look.
      if (this.#length > 0 && !this.#closed) this.#begin();
    });
  }

  async #judge(): Promise<void> {
    // Messages of one packet are judged together.
    await nextTurn();
    while (this.#length > 0 && !this.#closed) {
      const view = await this.#ports.views.get().catch(() => undefined);
      const end = performance.now() + SLICE_MS;
      for (let next = this.#take(); next !== undefined; next = this.#take()) {
        this.#judgeOne(next, view);
        if (performance.now() > end) break;
      }
      this.#check();
      await nextTurn();
    }
  }

  get #length(): number {
    return this.#waiting.length + this.#behind.length;
  }

  #take(): Case | undefined {
    const [first, second] =
      ++this.#taken % SHARES === 0 ? [this.#behind, this.#waiting] : [this.#waiting, this.#behind];
    return first.take() ?? second.take();
  }

  /** A message that this node fails on must not end it: everybody would send it. */
  #judgeOne(one: Case, view: GossipView | undefined): void {
    try {
      this.#sift(one, view);
    } catch (error) {
      this.#ports.onFailure(error);
      one.decide(FAILURE);
    }
  }

  #sift(one: Case, view: GossipView | undefined): void {
    const { gate, isShunned } = this.#ports;
    if (view === undefined) return one.decide(ignore("own view is not to be had"));
    this.#lastView = view;
    if (isShunned(one.from)) return one.decide(SHUNNED);
    const sifted = one.sift(view);
    if (sifted.verdict !== "SIFTED") return this.#refuse(one, sifted);
    if (sifted.inner === undefined) return this.#settle(one, gate.settle(sifted, undefined, view));
    const out = this.#inner.add({ ...one, sifted });
    if (out === undefined) return;
    gate.letGo(out.sifted);
    out.decide(OVERLOAD);
  }

  #refuse(one: Case, refused: Refused): void {
    if (!refused.isEarly || !this.#early.add(one)) return this.#settle(one, refused);
    this.#timer ??= setTimeout(() => void this.#retry(), RETRY_MS);
  }

  /** What was looked at, whatever came of it. */
  #settle(one: Case, judgement: Judgement): void {
    this.#shares.note(one, judgement.verdict !== "ACCEPT");
    one.decide(judgement);
  }

  async #retry(): Promise<void> {
    const before = this.#lastView;
    const view = await this.#ports.views.get().catch(() => undefined);
    this.#timer = undefined;
    if (this.#closed) return;
    for (const one of view === before ? this.#early.takeOverdue() : this.#early.takeAll()) this.#enqueue(one);
    if (this.#early.size > 0) this.#timer = setTimeout(() => void this.#retry(), RETRY_MS);
  }

  /** Hands to the checker what it has room for. */
  #check(): void {
    const batch: InnerCase[] = [];
    while (this.#checking + batch.length < MAX_CHECKING) {
      const next = this.#inner.take();
      if (next === undefined) break;
      batch.push(next);
    }
    if (batch.length > 0) void this.#checkBatch(batch);
  }

  async #checkBatch(batch: readonly InnerCase[]): Promise<void> {
    const { gate, checker } = this.#ports;
    this.#checking += batch.length;
    try {
      const faults = await checker.check(batch.map(({ sifted }) => sifted.inner!));
      batch.forEach((one, i) => this.#settle(one, gate.settle(one.sifted, faults[i], this.#lastView!)));
    } catch (error) {
      if (!this.#closed) this.#ports.onFailure(error);
      for (const { sifted, decide } of batch) {
        gate.letGo(sifted);
        decide(FAILURE);
      }
    } finally {
      this.#checking -= batch.length;
      if (!this.#closed) this.#check();
    }
  }
}

/** How dear a transaction says it is: its last two bytes. Others have no fee. */
function feeOf({ topic, body }: Arrival): number {
  if (topic !== "transactions") return 0;
  const [high = 0, low = 0] = body.subarray(8, 10);
  return Number(decodeFloat(BigInt((high << 8) | low), FEE_MANTISSA_BITS));
}
