import { setTimeout as sleep } from "node:timers/promises";
import { type ChainClient, depositAsset } from "../chain/index.ts";
import { signTransfer, type SignedTransfer } from "../protocol/transfer.ts";
import type { User } from "../sim/cast.ts";
import { Random } from "../sim/random.ts";

/** What the node that takes the transfers knows of an account. */
export interface TrafficAccount {
  /** Of its next transfer, after those that wait. */
  readonly nextNonce: bigint;
  /** Transfers that wait for a block. */
  readonly waiting: number;
}

export interface TrafficPorts {
  readonly client: ChainClient;
  /** Hands a transfer to a node. @returns why it is refused; undefined if it is taken */
  readonly send: (transfer: SignedTransfer, signal: AbortSignal) => Promise<string | undefined>;
  readonly account: (index: number, signal: AbortSignal) => Promise<TrafficAccount>;
  readonly log: (line: string) => void;
}

export interface TrafficOptions {
  readonly seed: string;
  /** With accounts. */
  readonly users: readonly User[];
  /** Whose deposits open accounts; they may spend the asset on L1. */
  readonly newcomers: readonly User[];
  readonly transferEverySeconds: number;
  readonly depositEverySeconds: number;
}

/** What was done. */
export interface TrafficFigures {
  readonly transfers: number;
  readonly exits: number;
  readonly deposits: number;
  readonly refused: number;
}

const TOKEN = 10n ** 18n;
const CENT = TOKEN / 100n;

/** One transfer in so many leaves the L2. */
const EXIT_EVERY = 8;

/** Who has so many transfers waiting sends no more. */
const MAX_WAITING = 4;

/** Users who pay each other, leave, and pay in, until the signal is aborted. What they do follows from the seed. */
export class Traffic {
  readonly #options: TrafficOptions;
  readonly #ports: TrafficPorts;
  readonly #random: Random;
  #figures: TrafficFigures = { transfers: 0, exits: 0, deposits: 0, refused: 0 };

  constructor(options: TrafficOptions, ports: TrafficPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#random = new Random(`${options.seed}/traffic`);
  }

  get figures(): TrafficFigures {
    return this.#figures;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { transferEverySeconds, depositEverySeconds } = this.#options;
    await Promise.all([
      this.#repeat(transferEverySeconds, signal, async () => this.#transfer(signal)),
      this.#repeat(depositEverySeconds, signal, async () => this.#deposit()),
    ]);
  }

  /** What fails is said and tried again: nodes restart, and L1 may be away. */
  async #repeat(seconds: number, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      await act().catch((error: unknown) => {
        if (!signal.aborted) this.#ports.log(`traffic: ${(error as Error).message}`);
      });
      await sleep(seconds * 1_000, undefined, { signal }).catch(() => undefined);
    }
  }

  async #transfer(signal: AbortSignal): Promise<void> {
    const { users } = this.#options;
    const { client, send, account } = this.#ports;
    const [from, to] = [this.#pick(users), this.#pick(users)];
    const isExit = this.#random.index(EXIT_EVERY) === 0;
    const transfer = {
      from: from.account,
      to: isExit ? 0 : to.account,
      amount: BigInt(1 + this.#random.index(50)) * (TOKEN / 10n),
      fee: BigInt(1 + this.#random.index(20)) * CENT,
    };
    const { nextNonce, waiting } = await account(from.account, signal);
    if (waiting >= MAX_WAITING) return;
    const signed = signTransfer(from.secret, client.deployment.domain, transfer, nextNonce);
    const refusal = await send(signed, signal);
    if (refusal !== undefined) {
      this.#ports.log(`traffic: a transfer of account ${from.account} is refused: ${refusal}`);
      this.#count({ refused: 1 });
    } else this.#count(isExit ? { exits: 1 } : { transfers: 1 });
  }

  /** Newcomers first, each once; users after that. */
  async #deposit(): Promise<void> {
    const { users, newcomers } = this.#options;
    const { client } = this.#ports;
    const user = newcomers[this.#figures.deposits] ?? this.#pick(users);
    await depositAsset(client, user.signer, {
      to: user.account,
      amount: BigInt(1 + this.#random.index(9)) * TOKEN,
      key: user.key,
      l1Owner: user.address,
    });
    this.#count({ deposits: 1 });
  }

  #pick(users: readonly User[]): User {
    return users[this.#random.index(users.length)]!;
  }

  #count(done: Partial<TrafficFigures>): void {
    const { transfers = 0, exits = 0, deposits = 0, refused = 0 } = done;
    const before = this.#figures;
    this.#figures = {
      transfers: before.transfers + transfers,
      exits: before.exits + exits,
      deposits: before.deposits + deposits,
      refused: before.refused + refused,
    };
  }
}
