import { type Advance, advance, advanceIn, settle } from "../../chain/index.ts";
import type { Wait } from "../action.ts";
import { type Drive, drive, Waker } from "../loop.ts";
import type { RolePorts } from "../ports.ts";
import { type FollowerAction, type FollowerPolicy, nextFollower } from "./next.ts";

export interface FollowerOptions {
  readonly name: string;
  readonly policy: FollowerPolicy;
  /** Decides instead of `nextFollower`. */
  readonly next?: typeof nextFollower;
  /** Told of each action that is done; `advanced` is what it has made final, `forfeited` in BID_UNIT. */
  readonly onDone?: (action: FollowerAction, result: FollowerResult) => void;
}

export interface FollowerResult {
  readonly advanced?: Advance | undefined;
  readonly forfeited?: bigint;
}

/** Keeps the L2 as L1 decides it, makes decided blocks final, and settles what proposers leave. */
export class Follower implements Drive<FollowerAction> {
  readonly name: string;
  readonly #options: FollowerOptions;
  readonly #ports: RolePorts;
  readonly #waker = new Waker();

  constructor(options: FollowerOptions, ports: RolePorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, reader, log, maxSleep } = this.#ports;
    await drive(this, { clock, reader, waker: this.#waker, log, ...(maxSleep !== undefined && { maxSleep }) }, signal);
  }

  async next(refused: ReadonlySet<string>): Promise<FollowerAction | Wait> {
    const { reader, ledger } = this.#ports;
    const { next = nextFollower, policy } = this.#options;
    return next({ l1: await reader.read(), head: ledger.head, refused }, policy);
  }

  async perform(action: FollowerAction, signal: AbortSignal): Promise<void> {
    const result = await this.#do(action, signal);
    this.#options.onDone?.(action, result);
  }

  async #do(action: FollowerAction, signal: AbortSignal): Promise<FollowerResult> {
    const { client, signer, ledger } = this.#ports;
    switch (action.kind) {
      case "sync":
        await ledger.sync(signal);
        return {};
      case "advance":
        return { advanced: await advance(client, signer) };
      case "settle": {
        const { receipt, forfeited } = await settle(client, signer, action.commitment);
        return { advanced: advanceIn(client, receipt), forfeited };
      }
    }
  }
}
