import type { Provider } from "ethers";
import { NodeSilentError, reasonOf } from "../errors.ts";
import type { RpcAnswer, RpcCall } from "../transport.ts";
import type { Endpoint } from "../url.ts";
import { TokenBucket } from "./bucket.ts";

/** How a node of a pool is, for people. `unfit`: another chain, or without old logs. */
export type NodeState = "ok" | "resting" | "behind" | "unfit";

export interface NodeStatus {
  /** Its address as people may see it. */
  readonly name: string;
  readonly state: NodeState;
  /** Why it is not asked. */
  readonly reason?: string;
  /** Milliseconds to an answer, a mean of the last few. */
  readonly latencyMs: number;
  /** Since the start. */
  readonly calls: number;
  readonly failures: number;
}

/** What a node must show before it is used. @throws what is wrong with it */
export type Check = (node: Provider) => Promise<void>;

const FIRST_REST_MS = 250;
const LONGEST_REST_MS = 60_000;
/** How long one rests at most while there is no other to ask. */
const LONGEST_ALONE_MS = 2_000;
/** Weight of the latest answer in the mean. */
const LATEST = 0.2;

/** One node of a pool: what is known of it, and how it has done. */
export class Member {
  readonly endpoint: Endpoint;
  readonly bucket: TokenBucket;
  /** Blocks that it is behind the others, when they were compared last. */
  lag = 0;
  /** Of the pool's checks, how many it has passed. */
  passed = 0;
  /** Why it is not used any more. */
  fault: Error | undefined;
  #restsFrom = -Infinity;
  #restsUntil = -Infinity;
  #latencyMs = 0;
  #calls = 0;
  #failures = 0;
  #failuresInRow = 0;
  #reason = "";

  constructor(endpoint: Endpoint, { perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.endpoint = endpoint;
    this.bucket = new TokenBucket(perSecond, burst);
  }

  get isResting(): boolean {
    return performance.now() < this.#restsUntil;
  }

  /** When it may be asked although it rests, because no other is there: as `performance.now()` has it. */
  get alone(): number {
    return Math.min(this.#restsUntil, this.#restsFrom + LONGEST_ALONE_MS);
  }

  /** Lower is better. */
  get score(): number {
    return this.#latencyMs * (1 + this.#failuresInRow);
  }

  async use(calls: readonly RpcCall[], ask: () => Promise<RpcAnswer[]>): Promise<RpcAnswer[]> {
    this.#calls += calls.length;
    const started = performance.now();
    try {
      const answers = await ask();
      const took = performance.now() - started;
      this.#latencyMs = this.#latencyMs === 0 ? took : this.#latencyMs * (1 - LATEST) + took * LATEST;
      this.#failuresInRow = 0;
      // It was asked although it rested, and does well again.
      if (started >= this.#restsFrom) this.#restsUntil = -Infinity;
      return answers;
    } catch (error) {
      // What was asked before that trouble was known tells nothing new.
      if (started >= this.#restsFrom) this.rest(error);
      else this.#failures++;
      throw error;
    }
  }

  /** It is left alone for a while, longer each time in a row. */
  rest(error: unknown): void {
    this.#failures++;
    this.#restsFrom = performance.now();
    this.#restsUntil =
      this.#restsFrom + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(this.#failuresInRow, 16));
    this.#failuresInRow++;
    this.#reason = error instanceof NodeSilentError ? error.reason : reasonOf(error);
  }

  status(maxLag: number): NodeStatus {
    const state = this.fault ? "unfit" : this.isResting ? "resting" : this.lag > maxLag ? "behind" : "ok";
    const reasons = {
      ok: undefined,
      unfit: this.fault?.message,
      resting: this.#reason,
      behind: `${this.lag} blocks behind the others`,
    };
    const reason = reasons[state];
    return {
      ...{ name: this.endpoint.name, state, latencyMs: Math.round(this.#latencyMs) },
      ...{ calls: this.#calls, failures: this.#failures },
      ...(reason !== undefined && { reason }),
    };
  }
}
