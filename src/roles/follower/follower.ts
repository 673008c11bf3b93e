import { ContractError } from "../../chain/errors.ts";
import { type Advance, advance, advanceIn, settle, slash } from "../../chain/index.ts";
import { actionKey, type Wait } from "../action.ts";
import { type Drive, drive, NeedlessActionError, Waker } from "../loop.ts";
import type { RolePorts } from "../ports.ts";
import { type FollowerAction, type FollowerPolicy, nextFollower } from "./next.ts";

export interface FollowerOptions {
  readonly name: string;
  readonly policy: FollowerPolicy;
  /** Decides instead of `nextFollower`. */
  readonly next?: typeof nextFollower;
  /**
   * Told of each action that is done; `advanced` is what it has made final, `forfeited` in BID_UNIT, `burnt` of a stake
   * in wei.
   */
  readonly onDone?: (action: FollowerAction, result: FollowerResult) => void;
}

export interface FollowerResult {
  readonly advanced?: Advance | undefined;
  readonly forfeited?: bigint;
  readonly burnt?: bigint;
}

/** What the court says of a slash that it will not let through later, either. */
const NEVER = ["NotLiable", "NothingOwed", "AlreadySlashed", "SlashClosed"];

/** Keeps the L2 as L1 decides it, makes decided blocks final, and holds proposers and provers to their word. */
export class Follower implements Drive<FollowerAction> {
  readonly name: string;
  readonly #options: FollowerOptions;
  readonly #ports: RolePorts;
  readonly #waker = new Waker();
  readonly #dropped = new Set<string>();

  constructor(options: FollowerOptions, ports: RolePorts) {
    this.name = options.name;
    this.#options = options;
    this.#ports = ports;
  }

  /** Runs until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    await drive(this, { ...this.#ports, waker: this.#waker }, signal);
  }

  async next(refused: ReadonlySet<string>): Promise<FollowerAction | Wait> {
    const { reader, ledger } = this.#ports;
    const { next = nextFollower, policy } = this.#options;
    return next({ l1: await reader.read(), head: ledger.head, dropped: this.#dropped, refused }, policy);
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
      case "slash":
        try {
          return { burnt: (await slash(client, signer, action)).burnt };
        } catch (error) {
          if (!(error instanceof ContractError) || !NEVER.includes(error.error)) throw error;
          this.#dropped.add(actionKey(action));
          throw new NeedlessActionError(error);
        }
    }
  }
}
