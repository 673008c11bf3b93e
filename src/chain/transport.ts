import { setTimeout as sleep } from "node:timers/promises";
import { keccak256, Transaction } from "ethers";
import { NodeSilentError, NodeUnusableError, reasonOf } from "./errors.ts";
import type { Endpoint } from "./url.ts";
import type { Waiting } from "./waiting.ts";

/** One call of JSON-RPC. */
export interface RpcCall {
  readonly id: number;
  readonly method: string;
  readonly params: unknown;
}

export interface RpcError {
  readonly code?: number;
  readonly message: string;
  readonly data?: unknown;
}

/** What a node answers to one call. */
export type RpcAnswer =
  { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: RpcError };

export interface ExchangeOptions {
  readonly waiting: Waiting;
  /** What all attempts of a call may take together. */
  readonly timeoutMs: number;
  readonly attempts?: number;
}

/** Seconds that a call may take, where the user does not say. */
const TIMEOUT_S = 60;
const MAX_TIMEOUT_S = 3_600;
/** An answer that has not come in this part of the time is asked for again. */
const ATTEMPT_SHARE = 1 / 3;
const MAX_ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;

/** The environment variable that says how many seconds a call may take. */
export const TIMEOUT_ENV = "B52_RPC_TIMEOUT";

/** What all attempts of a call may take together. @throws {NodeUnusableError} */
export function callTimeoutMs(env: Readonly<Record<string, string | undefined>> = process.env): number {
  const text = env[TIMEOUT_ENV] ?? String(TIMEOUT_S);
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0 || seconds > MAX_TIMEOUT_S)
    throw new NodeUnusableError(TIMEOUT_ENV, `is ${text}`, `seconds, more than 0 and at most ${MAX_TIMEOUT_S}`);
  return seconds * 1_000;
}

/** Why a call is tried again. */
class Transient {
  readonly reason: string;
  /** Whether the node may have acted on it all the same. */
  readonly isAmbiguous: boolean;
  readonly pauseMs: number | undefined;
  readonly cause: unknown;

  constructor(reason: string, isAmbiguous: boolean, { pauseMs, cause }: { pauseMs?: number; cause?: unknown } = {}) {
    this.reason = reason;
    this.isAmbiguous = isAmbiguous;
    this.pauseMs = pauseMs;
    this.cause = cause;
  }
}

/** What a node says, in the answer to a single call, when it only wants to be asked later. */
const ASK_LATER = /indexing is in progress|rate limit|too many requests|compute units|request capacity/i;
/** It says that it has failed, and nothing of the call. A revert comes with data, or says so. */
const INTERNAL = /^internal (server |json-rpc )?error\.?$/i;

const isAskLater = (answer: RpcAnswer, calls: readonly RpcCall[]): boolean => {
  if (!("error" in answer)) return false;
  const { code, message, data } = answer.error;
  if (code === 429 || ASK_LATER.test(message)) return true;
  const isRead = calls.some(({ id, method }) => id === answer.id && !method.startsWith("eth_send"));
  return isRead && code === -32_603 && data === undefined && INTERNAL.test(message);
};

const KNOWN = /already known|known transaction|already imported|nonce (is )?too low|nonce has already been used/i;

/**
 * Asks a node, and asks again where that may help: when it is gone, silent, busy, or says "later". All of that is
 * bounded, ends at once on a signal, and is said while it lasts.
 *
 * What the node signs itself (`eth_sendTransaction`) is not sent again where it may have arrived: it would be another
 * transaction. A signed one is the same one.
 *
 * @returns the answers in the order of the calls
 * @throws {NodeSilentError} @throws {NodeUnusableError} @throws the signal's reason
 */
export async function exchange(
  endpoint: Endpoint,
  calls: readonly RpcCall[],
  { waiting, timeoutMs, attempts = MAX_ATTEMPTS }: ExchangeOptions,
): Promise<RpcAnswer[]> {
  const started = performance.now();
  const answers = new Map<number, RpcAnswer>();
  let pending = calls;
  let trouble: Transient | undefined;
  const what = (): string => {
    const others = pending.length === 1 ? "" : ` and ${pending.length - 1} more`;
    return `${pending[0]!.method}${others} from ${endpoint.name}${trouble ? `: ${trouble.reason}` : ""}`;
  };
  const run = async (): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      const left = timeoutMs - (performance.now() - started);
      const outcome = await post(endpoint, pending, Math.min(left, timeoutMs * ATTEMPT_SHARE), waiting.signal);
      if (outcome instanceof Transient) {
        trouble = outcome;
      } else {
        const later = outcome.find((answer) => isAskLater(answer, calls));
        trouble = later && new Transient((later as { error: RpcError }).error.message, false);
        for (const answer of outcome) if (!isAskLater(answer, calls)) answers.set(answer.id, answer);
        pending = pending.filter(({ id }) => !answers.has(id));
      }
      if (trouble === undefined) break;
      const pause = trouble.pauseMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
      const isLast = attempt === attempts || performance.now() - started + pause >= timeoutMs;
      const isUnrepeatable = trouble.isAmbiguous && pending.some(({ method }) => method === "eth_sendTransaction");
      if (isLast || isUnrepeatable)
        throw new NodeSilentError(endpoint.name, pending[0]!.method, trouble.reason, {
          attempts: attempt,
          seconds: (performance.now() - started) / 1_000,
          isAmbiguous: trouble.isAmbiguous,
          cause: trouble.cause,
        });
      await sleep(pause, undefined, { ...(waiting.signal && { signal: waiting.signal }) });
    }
  };
  await waiting.until(run(), what);
  return Promise.all(calls.map(async (call) => sentBefore(endpoint, call, answers.get(call.id)!, waiting, timeoutMs)));
}

/** A signed transaction that was sent again is refused if it had arrived the first time: then it is sent. */
async function sentBefore(
  endpoint: Endpoint,
  { id, method, params }: RpcCall,
  answer: RpcAnswer,
  waiting: Waiting,
  timeoutMs: number,
): Promise<RpcAnswer> {
  if (method !== "eth_sendRawTransaction" || !("error" in answer) || !KNOWN.test(answer.error.message)) return answer;
  const hash = hashOf((params as [string])[0]);
  const call = { id, method: "eth_getTransactionByHash", params: [hash] };
  const [found] = await exchange(endpoint, [call], { waiting, timeoutMs });
  return found && "result" in found && found.result !== null ? { id, result: hash } : answer;
}

const BLOB_TRANSACTION = "0x03";

/** Of a signed transaction as it is sent. Blobs go along with theirs, and are no part of what is hashed. */
const hashOf = (raw: string): string =>
  raw.startsWith(BLOB_TRANSACTION) ? Transaction.from(raw).hash! : keccak256(raw);

/** One attempt. @throws {NodeUnusableError} @throws the signal's reason */
async function post(
  { url, headers, name }: Endpoint,
  calls: readonly RpcCall[],
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<RpcAnswer[] | Transient> {
  const body = calls.map((call) => ({ jsonrpc: "2.0", ...call }));
  const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
  let response: Response;
  let text: string | undefined;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body.length === 1 ? body[0] : body),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await textOf(response);
  } catch (cause) {
    signal?.throwIfAborted();
    if (timeout.aborted) return new Transient(`no answer in ${(timeoutMs / 1_000).toFixed(1)} s`, true, { cause });
    return new Transient(reasonOf(cause), codeOf(cause) !== "ECONNREFUSED", { cause });
  }
  if (text === undefined) return calls.map(({ id }) => ({ id, error: TOO_LONG }));
  const answers = answersIn(text, calls);
  const status = `HTTP ${response.status} ${response.statusText}`.trimEnd();
  if (response.status === 429) return new Transient(status, false, { ...pauseIn(response) });
  if (answers !== undefined) return answers;
  if (response.status >= 500) return new Transient(status, true);
  if (response.ok) throw new NodeUnusableError(name, "does not speak JSON-RPC", "an Ethereum node");
  throw new NodeUnusableError(name, `answers ${status}`, EXPECTED[response.status] ?? "an Ethereum node");
}

/**
 * The longest answer that is read, bytes: as many logs as no node gives at once. Who asks for logs asks for fewer then;
 * without a limit a node could fill this machine's memory, and so could whoever makes the logs.
 */
export const MAX_ANSWER_BYTES = 64 * 2 ** 20;
const TOO_LONG: RpcError = { code: -32_005, message: `the answer has more than ${MAX_ANSWER_BYTES} bytes` };

/** Undefined for one that is too long. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += (part as Uint8Array).length;
    // To leave the loop ends the connection.
    if (length > MAX_ANSWER_BYTES) return undefined;
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString("utf8");
}

const CREDENTIALS = "user and password, or the key, in the address (https://user:password@host or https://host/key)";
const EXPECTED: Readonly<Record<number, string>> = { 401: CREDENTIALS, 403: CREDENTIALS };

/** Seconds that the node asks for. */
function pauseIn(response: Response): { pauseMs?: number } {
  const seconds = /^\d+$/.exec(response.headers.get("retry-after") ?? "")?.[0];
  return seconds === undefined ? {} : { pauseMs: Number(seconds) * 1_000 };
}

/** Undefined unless it is JSON-RPC. */
function answersIn(text: string, calls: readonly RpcCall[]): RpcAnswer[] | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = (Array.isArray(json) ? json : [json]).map(withoutNull);
  if (!list.every(isAnswer)) return undefined;
  const [only] = list;
  // A node that refuses a batch answers once, and names no call.
  if (only && list.length === 1 && (calls.length === 1 || "error" in only))
    return calls.map(({ id }) => ({ ...only, id }));
  const byId = new Map(list.map((answer) => [answer.id, answer]));
  const found = calls.flatMap(({ id }) => byId.get(id) ?? []);
  return found.length === calls.length ? found : undefined;
}

/** Some nodes say `error: null` beside a result, as JSON-RPC 1.0 does. */
function withoutNull(value: unknown): unknown {
  if (typeof value !== "object" || value === null || (value as { error?: unknown }).error !== null) return value;
  const { error: _error, ...rest } = value as { error: null };
  return rest;
}

function isAnswer(value: unknown): value is RpcAnswer {
  if (typeof value !== "object" || value === null) return false;
  if (!("error" in value)) return "result" in value;
  const { error } = value as { error: { message?: unknown } | undefined };
  return typeof error?.message === "string";
}

const codeOf = (error: unknown): string | undefined =>
  ((error as { cause?: NodeJS.ErrnoException }).cause ?? (error as NodeJS.ErrnoException)).code;
