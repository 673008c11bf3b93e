import { isError } from "ethers";
import { B52Error } from "../protocol/errors.ts";

/** Nothing that speaks Ethereum's JSON-RPC answers at the address. */
export class ChainUnreachableError extends B52Error {
  /** @param node its address as people may see it */
  constructor(node: string, reason: string, cause: unknown) {
    super(
      `no Ethereum node answers at ${node}: ${reason}; expected one that runs (is it started, is the port right?)`,
      { node, reason },
      { cause },
    );
  }
}

/** A node has stopped answering, or keeps saying that it cannot now. */
export class NodeSilentError extends B52Error {
  /** Of the last attempt. */
  readonly reason: string;

  constructor(
    node: string,
    method: string,
    reason: string,
    {
      attempts,
      seconds,
      isAmbiguous,
      cause,
    }: { attempts: number; seconds: number; isAmbiguous: boolean; cause: unknown },
  ) {
    const tried = `tried ${attempts === 1 ? "once" : `${attempts} times`} in ${seconds.toFixed(0)} s`;
    const sent =
      isAmbiguous && method === "eth_sendTransaction" ? "; the transaction may have been sent all the same" : "";
    super(
      `${node} does not answer ${method}: ${reason} (${tried})${sent}; ` +
        "expected an answer: use another node (option rpc), or give it longer (B52_RPC_TIMEOUT, in seconds)",
      { node, method, reason, attempts, seconds },
      { cause },
    );
    this.reason = reason;
  }
}

/** What answers is no node that can be used, or does not let us. */
export class NodeUnusableError extends B52Error {
  constructor(node: string, fault: string, expected: string) {
    super(`${node} ${fault}, expected ${expected}`, { node, fault, expected });
  }
}

/** The node follows another chain than the contracts are on, or a development chain that was restarted. */
export class WrongChainError extends B52Error {
  /** @param what e.g. `chain id` */
  constructor(what: string, value: bigint | string, expected: bigint | string) {
    super(
      `${what} of the node is ${value}, expected ${expected}: it follows another chain, or a development chain ` +
        "that was restarted (use the node of the deployment, or deploy again: b52 deploy)",
      { what, value, expected },
    );
  }
}

/** A node that has not come as far as the deployment. */
export class NodeTooEarlyError extends B52Error {
  constructor(latest: number, deployedAt: number) {
    super(
      `the latest block of the node is ${latest}, expected at least ${deployedAt}, in which the rollup was started: ` +
        "it is behind (ask again later, or another one), or a development chain that was restarted (b52 deploy)",
      { latest, deployedAt },
    );
  }
}

/** A node that has dropped old logs. */
export class PrunedNodeError extends B52Error {
  constructor(block: number) {
    super(
      `the node has no logs of block ${block}, in which the rollup was started, expected all since then: ` +
        "it drops old ones, use a node that keeps them (option rpc)",
      { block },
    );
  }
}

/** A node lacks a block that its logs or other answers have told of, or has none at all. */
export class MissingBlockError extends B52Error {
  /** @param latest number of the latest block that it has; undefined: none */
  constructor(node: string, block: number | "latest", latest: number | undefined) {
    const asked = block === "latest" ? "no latest block" : `no block ${block}`;
    super(
      `${node} has ${asked} of L1${latest === undefined ? "" : `, its latest is ${latest}`}; expected all that it ` +
        "tells of: it is behind, or has dropped it (ask it again, or use another one: option rpc)",
      { node, block, latest },
    );
  }
}

/** The chain has no code where a contract should be. */
export class NoContractError extends B52Error {
  constructor(name: string, address: string, chainId: bigint) {
    super(`there is no ${name} at ${address} on chain ${chainId}`, { name, address, chainId });
  }
}

/** A contract is there but is another one than the deployment describes. */
export class WrongContractError extends B52Error {
  constructor(what: string, value: unknown, expected: unknown) {
    super(
      `${what} on the chain is ${String(value)}, expected ${String(expected)}: the deployment file does not fit ` +
        "the chain",
      {
        what,
        value,
        expected,
      },
    );
  }
}

/** A deployment file that is missing, damaged or of another version. */
export class DeploymentFileError extends B52Error {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} is not a usable deployment file: ${reason}`, { path, reason }, options);
  }
}

/** A contract refused a call, with one of its named errors. */
export class ContractError extends B52Error {
  /** What was called, e.g. `commit`. */
  readonly call: string;
  /** The Solidity error, e.g. `BidTooLow`. */
  readonly error: string;
  /** Its arguments by name. */
  readonly args: Readonly<Record<string, unknown>>;

  constructor(
    call: string,
    error: string,
    args: Readonly<Record<string, unknown>>,
    description: string,
    options?: ErrorOptions,
  ) {
    super(`${call} was refused: ${description}`, { call, error, args }, options);
    this.call = call;
    this.error = error;
    this.args = args;
  }
}

/** A transaction that could not be sent, or was not mined in time. */
export class TransactionError extends B52Error {
  constructor(call: string, sender: string, reason: string, options?: ErrorOptions) {
    super(`${call} by ${sender} failed: ${reason}`, { call, sender, reason }, options);
  }
}

/** A transaction that was not mined before L1's clock came to its deadline. */
export class TransactionExpiredError extends TransactionError {
  constructor(call: string, sender: string, deadline: bigint, now: bigint) {
    super(
      call,
      sender,
      `L1's time is ${now}, and expected it mined before ${deadline}, its deadline: its nonce goes to another`,
    );
  }
}

/** A transaction that a node has, and no block. */
export class NotMinedError extends B52Error {
  /** @param what its hash, or why it has none */
  constructor(what: string, seconds: number) {
    super(`${what} was not mined in ${seconds} s, expected a node that makes blocks: it may still be mined`, {
      what,
      seconds,
    });
  }
}

/** A node gives no logs of a single block: there is nothing smaller to ask for. */
export class RefusedBlockError extends B52Error {
  constructor(block: number, cause: unknown) {
    super(
      `the node refuses the logs of block ${block}: ${reasonOf(cause)}; expected all of them, however many: use ` +
        "a node without this limit (option rpc)",
      { block },
      { cause },
    );
  }
}

/** Whether the node went away in the middle of the work. */
export function isDisconnect(error: unknown): boolean {
  if (error instanceof NodeSilentError) return true;
  const codes = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "NETWORK_ERROR", "SERVER_ERROR", "TIMEOUT"];
  return (
    error instanceof Error &&
    !(error instanceof B52Error) &&
    codes.includes((error as NodeJS.ErrnoException).code ?? "")
  );
}

/**
 * Whether a node has answered a call that only reads with an error, or with what is no answer. ethers takes an error
 * for a revert without data; a revert of the contracts has some.
 */
export function isOddAnswer(error: unknown): boolean {
  if (isError(error, "CALL_EXCEPTION")) return error.data === null;
  return isError(error, "BAD_DATA") || isError(error, "UNKNOWN_ERROR");
}

/** The first line of what went wrong, from the innermost cause; our own errors say it themselves. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof B52Error) return cause.message;
  let link = cause;
  while (link instanceof Error && link.cause instanceof Error) link = link.cause;
  if (link instanceof AggregateError && link.errors.length > 0) link = link.errors[0];
  // ethers puts whole transactions into its messages, and keeps a short one beside; of what it does not know itself it
  // keeps the node's words.
  const { shortMessage, code, error } = Object(link) as {
    shortMessage?: unknown;
    code?: unknown;
    error?: { message?: unknown };
  };
  const short = code === "UNKNOWN_ERROR" && typeof error?.message === "string" ? error.message : shortMessage;
  const text = typeof short === "string" ? short : link instanceof Error ? link.message : String(link);
  return text.trim().split("\n", 1)[0]!.slice(0, 200);
}
