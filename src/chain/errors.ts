import { B52Error } from "../protocol/errors.ts";

/** Nothing that speaks Ethereum's JSON-RPC answers at the address. */
export class ChainUnreachableError extends B52Error {
  constructor(url: string, cause: unknown) {
    super(`no Ethereum node answers at ${url}: ${reasonOf(cause)}`, { url }, { cause });
  }
}

/** The node follows another chain than the contracts are on, or a development chain that was restarted. */
export class WrongChainError extends B52Error {
  constructor(what: "chain id" | "genesis block", value: bigint | string, expected: bigint | string) {
    const hint = what === "genesis block" ? " (a development chain that was restarted needs a new deployment)" : "";
    super(`${what} of the node is ${value}, expected ${expected}${hint}`, { what, value, expected });
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

/** A node gives no logs of a single block: there is nothing smaller to ask for. */
export class RefusedBlockError extends B52Error {
  constructor(block: number, cause: unknown) {
    super(
      `the node refuses the logs of block ${block}: ${reasonOf(cause)}; expected all of them, however many: use ` +
        "a node without this limit (--rpc)",
      { block },
      { cause },
    );
  }
}

/** Whether the node went away in the middle of the work. */
export function isDisconnect(error: unknown): boolean {
  const codes = ["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "NETWORK_ERROR", "SERVER_ERROR", "TIMEOUT"];
  return (
    error instanceof Error &&
    !(error instanceof B52Error) &&
    codes.includes((error as NodeJS.ErrnoException).code ?? "")
  );
}

/** The first line of what went wrong, from the innermost cause. */
export function reasonOf(cause: unknown): string {
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
