import { setTimeout as sleep } from "node:timers/promises";
import type { Network } from "ethers";
import { NodeSilentError, NodeTooEarlyError, NodeUnusableError } from "../errors.ts";
import { NodeProvider } from "../provider.ts";
import { exchange, type RpcAnswer, type RpcCall } from "../transport.ts";
import type { Endpoint } from "../url.ts";
import type { Waiting } from "../waiting.ts";
import { type Check, Member, type NodeStatus } from "./member.ts";

export interface PoolOptions {
  readonly waiting: Waiting;
  /** What all attempts of a call may take together. */
  readonly timeoutMs: number;
  /** Calls that each node is given a second, and at once. */
  readonly perSecond?: number;
  readonly burst?: number;
}

export interface PoolStatus {
  /** `degraded`: some nodes are not asked; `down`: none is. */
  readonly state: "ok" | "degraded" | "down";
  readonly nodes: readonly NodeStatus[];
}

const PER_SECOND = 50;
const BURST = 200;

/** A node that is silent for so long is passed over at first. */
const FIRST_PATIENCE_MS = 5_000;
/** Then each gets this part of the time. */
const ATTEMPT_SHARE = 1 / 3;
const PAUSE_MS = 250;

/** A node that is busy for a moment does not fail a check. */
const CHECK_ATTEMPTS = 4;

/** More blocks behind the others, and a node is not asked. */
const MAX_LAG = 1;
/** How often nodes are compared, at most. */
const COMPARE_MS = 12_000;

/** What a node says that does not have what another one may have. */
const ELSEWHERE = /header not found|unknown block|block not found|missing trie node|pruned|state (is )?not available/i;

/**
 * Several nodes of one chain behind one way to ask. One of them is asked as long as it does well, so that answers fit
 * each other; when it does not, the next best. A node that is silent or busy rests, one that is behind waits until it
 * has caught up, one of another chain or without old logs is not used. Signed transactions go to all.
 */
export class NodePool {
  readonly #members: readonly Member[];
  readonly #options: PoolOptions;
  readonly #checks: Check[] = [];
  #network: Network | undefined;
  #favourite: Member | undefined;
  #comparedAt = -Infinity;
  /** Number of the latest block that any has told. */
  #best = 0;
  #nextId = 1;

  constructor(endpoints: readonly Endpoint[], options: PoolOptions) {
    const { perSecond = PER_SECOND, burst = BURST } = options;
    this.#members = endpoints.map((endpoint) => new Member(endpoint, { perSecond, burst }));
    this.#options = options;
  }

  get name(): string {
    return this.#members.map(({ endpoint }) => endpoint.name).join(", ");
  }

  status(): PoolStatus {
    const nodes = this.#members.map((member) => member.status(MAX_LAG));
    const ok = nodes.filter(({ state }) => state === "ok").length;
    return { state: ok === nodes.length ? "ok" : ok === 0 ? "down" : "degraded", nodes };
  }

  /**
   * From now on a node is used only if it passes the check; one that is silent now is checked when it answers.
   * @throws what is wrong with the first one, if none passes
   */
  async require(check: Check, network: Network): Promise<void> {
    this.#network = network;
    this.#checks.push(check);
    const failures = await Promise.all(this.#members.map(async (member) => this.#failureOf(member)));
    if (failures.every((failure) => failure !== undefined)) throw failures[0]!;
  }

  /** @throws {NodeSilentError} when no node answers in time @throws the signal's reason */
  async ask(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const { timeoutMs, waiting } = this.#options;
    const end = performance.now() + timeoutMs;
    let trouble: Error | undefined;
    let unable: RpcAnswer[] | undefined;
    for (let round = 0; ; round++) {
      for (const member of this.#candidates()) {
        const left = end - performance.now();
        if (left <= 0) break;
        const patience = round === 0 ? Math.min(FIRST_PATIENCE_MS, timeoutMs) : timeoutMs * ATTEMPT_SHARE;
        const failure = await this.#failureOf(member);
        if (failure !== undefined) trouble = failure;
        if (failure !== undefined || !member.bucket.take(calls.length)) continue;
        try {
          const answers = await this.#askOne(member, calls, Math.min(left, patience));
          if (await this.#isBehind(member, calls, answers)) continue;
          this.#favourite = member;
          this.#copySends(member, calls);
          if (!answers.some(isElsewhere)) return answers;
          unable = answers;
        } catch (error) {
          waiting.signal?.throwIfAborted();
          if (!isOfNode(error)) throw error;
          trouble = error as Error;
          // What the node signs itself may have arrived.
          if (calls.some(({ method }) => method === "eth_sendTransaction")) throw error;
        }
      }
      // All have been asked, and each lacks it.
      if (unable !== undefined) return unable;
      // Those that are left out may have caught up, and the one that was ahead may be gone.
      if (this.#members.some(({ lag }) => lag > MAX_LAG)) await this.#compare();
      if (performance.now() + PAUSE_MS > end) throw trouble ?? this.#silence(calls);
      await sleep(Math.min(PAUSE_MS * 2 ** round, 4 * PAUSE_MS), undefined, {
        ...(waiting.signal && { signal: waiting.signal }),
      });
    }
  }

  /** The favourite first, the others by how they have done; those that rest only if there is nobody else. */
  #candidates(): Member[] {
    const fit = this.#members.filter(({ fault, lag }) => fault === undefined && lag <= MAX_LAG);
    const awake = fit.filter(({ isResting }) => !isResting);
    const order = (member: Member): number => (member === this.#favourite ? -1 : member.score);
    if (awake.length > 0) return awake.sort((a, b) => order(a) - order(b));
    const soonest = fit.sort((a, b) => a.alone - b.alone)[0];
    return soonest !== undefined && soonest.alone - performance.now() < PAUSE_MS ? [soonest] : [];
  }

  #askOne(member: Member, calls: readonly RpcCall[], timeoutMs: number, attempts = 1): Promise<RpcAnswer[]> {
    const { waiting } = this.#options;
    return member.use(calls, () => exchange(member.endpoint, calls, { waiting, timeoutMs, attempts }));
  }

  /** Puts a node to the checks that it has not passed yet. @returns what is wrong with it */
  async #failureOf(member: Member): Promise<Error | undefined> {
    if (member.fault !== undefined || member.passed === this.#checks.length) return member.fault;
    const { waiting, timeoutMs } = this.#options;
    const patience = Math.min(FIRST_PATIENCE_MS, timeoutMs);
    const ask = (calls: readonly RpcCall[]) => this.#askOne(member, calls, patience, CHECK_ATTEMPTS);
    const node = new NodeProvider({ name: member.endpoint.name, ask }, this.#network!, waiting);
    try {
      for (const check of this.#checks.slice(member.passed)) {
        await check(node);
        member.passed++;
      }
    } catch (error) {
      waiting.signal?.throwIfAborted();
      if (error instanceof NodeTooEarlyError) member.rest(error);
      else if (!isOfNode(error)) member.fault = error as Error;
      return error as Error;
    } finally {
      node.destroy();
    }
    return undefined;
  }

  /** Compares nodes now and then, and at once when one tells of an older block than is known. */
  async #isBehind(member: Member, calls: readonly RpcCall[], answers: readonly RpcAnswer[]): Promise<boolean> {
    const told = latestIn(calls, answers);
    if (told === undefined || this.#members.length === 1) return false;
    const isOlder = told < this.#best - MAX_LAG;
    this.#best = Math.max(this.#best, told);
    if (isOlder) await this.#compare();
    else if (performance.now() - this.#comparedAt >= COMPARE_MS) void this.#compare().catch(() => undefined);
    return isOlder && member.lag > MAX_LAG;
  }

  async #compare(): Promise<void> {
    this.#comparedAt = performance.now();
    const asked = this.#members.filter(({ fault, isResting }) => fault === undefined && !isResting);
    const heads = await Promise.all(
      asked.map(async (member) => {
        const calls = [{ id: this.#nextId++, method: "eth_blockNumber", params: [] }];
        const answers = await this.#askOne(member, calls, FIRST_PATIENCE_MS).catch(() => []);
        return latestIn(calls, answers);
      }),
    );
    const known = heads.filter((head) => head !== undefined);
    if (known.length === 0) return;
    this.#best = Math.max(...known);
    for (const member of this.#members) member.lag = 0;
    for (const [i, head] of heads.entries()) if (head !== undefined) asked[i]!.lag = this.#best - head;
  }

  /** One node may take a transaction and pass it on to nobody. */
  #copySends(taken: Member, calls: readonly RpcCall[]): void {
    const sends = calls.filter(({ method }) => method === "eth_sendRawTransaction");
    if (sends.length === 0) return;
    for (const member of this.#candidates())
      if (member !== taken) void this.#askOne(member, sends, FIRST_PATIENCE_MS).catch(() => undefined);
  }

  #silence([call]: readonly RpcCall[]): NodeSilentError {
    const { timeoutMs } = this.#options;
    const reason = "all of them rest, are behind, or are busy";
    return new NodeSilentError(this.name, call?.method ?? "", reason, {
      ...{ attempts: this.#members.length, seconds: timeoutMs / 1_000, isAmbiguous: false, cause: undefined },
    });
  }
}

/** Whether it says more of the node than of the question. */
const isOfNode = (error: unknown): boolean =>
  error instanceof NodeSilentError || error instanceof NodeUnusableError || error instanceof NodeTooEarlyError;

const isElsewhere = (answer: RpcAnswer): boolean => "error" in answer && ELSEWHERE.test(answer.error.message);

/** The number of the latest block, where a node was asked for it. */
function latestIn(calls: readonly RpcCall[], answers: readonly RpcAnswer[]): number | undefined {
  for (const { id, method, params } of calls) {
    const answer = answers.find((one) => one.id === id);
    if (answer === undefined || !("result" in answer)) continue;
    if (method === "eth_blockNumber") return blockNumber(answer.result);
    if (method === "eth_getBlockByNumber" && (params as unknown[])[0] === "latest")
      return blockNumber((answer.result as { number?: unknown } | null)?.number);
  }
  return undefined;
}

/** Undefined for what is no number: all nodes would be behind it for good. */
function blockNumber(told: unknown): number | undefined {
  const number = typeof told === "string" ? Number(told) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}
