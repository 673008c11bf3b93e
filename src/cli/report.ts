import { CommanderError, InvalidArgumentError } from "commander";
import { fileFault } from "../chain/fileFault.ts";
import { NodeAddressError } from "../chain/url.ts";
import { B52Error } from "../protocol/errors.ts";

export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130, cutOff: 141 } as const;

/**
 * What the process ends with when standard output fails. Whoever reads it may stop, as `head` does: that ends the
 * command as it ends others on Unix, with what a shell calls the end by SIGPIPE, and nothing said.
 */
export const describeOutputError = (error: NodeJS.ErrnoException, verbose: boolean): Report =>
  error.code === "EPIPE" ? { exitCode: EXIT.cutOff } : describeError(error, verbose);

export interface Report {
  readonly exitCode: number;
  /** What standard error gets; undefined when all has been said. */
  readonly message?: string;
}

/** What a command that threw tells its user: one line for what can be foreseen, a stack for a defect if `verbose`. */
export function describeError(error: unknown, verbose: boolean): Report {
  // Of an argument that commander itself has read, it makes another error, and says it.
  if (error instanceof InvalidArgumentError) return { exitCode: EXIT.usage, message: oneLine(error.message) };
  if (error instanceof CommanderError) {
    return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage };
  }
  if (isAbort(error)) return { exitCode: EXIT.interrupted, message: "interrupted" };
  const exitCode = error instanceof NodeAddressError ? EXIT.usage : EXIT.failed;
  if (verbose && error instanceof Error) return { exitCode, message: error.stack ?? error.message };
  if (error instanceof B52Error) return { exitCode, message: oneLine(error.message) };
  if (isNotCompiled(error))
    return { exitCode, message: "the contracts are not compiled, expected a set-up that is done: run ./b52 setup" };
  const system = systemError(error);
  if (system !== undefined) return { exitCode, message: SYSTEM_ERRORS[system.code!]!(system) };
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { exitCode, message: `${oneLine(what)} (--verbose shows where)` };
}

const SYSTEM_ERRORS: Record<string, ((error: NodeJS.ErrnoException) => string) | undefined> = {
  ENOSPC: (error) => `the disk is full${at(error)}`,
  EDQUOT: (error) => `the disk quota is used up${at(error)}`,
  EROFS: (error) => `the file system is read-only${at(error)}`,
  EACCES: (error) => `no permission${at(error)}`,
  EPERM: (error) => `no permission${at(error)}`,
  ENOENT: (error) => pathFault(error),
  ENOTDIR: (error) => pathFault(error),
  EISDIR: (error) => pathFault(error),
  EPIPE: () => "a connection was closed before all was written",
  EMFILE: () => "too many open files: raise the limit (ulimit -n)",
  ENOMEM: () => "out of memory",
};

/** The first system error with a message here in the chain of causes. */
function systemError(error: unknown): NodeJS.ErrnoException | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    const { code } = link as NodeJS.ErrnoException;
    if (code !== undefined && SYSTEM_ERRORS[code]) return link;
  }
  return undefined;
}

const EXPECTED: Readonly<Record<string, string>> = {
  ENOENT: "it to be there",
  ENOTDIR: "a folder there",
  EISDIR: "a file",
};

/** Of a read or a write, Node does not tell the path. */
const pathFault = (error: NodeJS.ErrnoException): string =>
  `${error.path ?? "a path"} cannot be used: ${fileFault(error)}, expected ${EXPECTED[error.code!]}`;

const at = (error: NodeJS.ErrnoException): string => (error.path ? `: ${error.path}` : "");

const isAbort = (error: unknown): boolean =>
  error instanceof Error && (error.name === "AbortError" || (error as NodeJS.ErrnoException).code === "ABORT_ERR");

/** What TypeChain makes of the contracts is imported, and is not there. */
const isNotCompiled = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | undefined)?.code === "ERR_MODULE_NOT_FOUND" &&
  (error as Error).message.includes("/typechain-types/");

const oneLine = (text: string): string => text.split("\n", 1)[0] ?? "";
