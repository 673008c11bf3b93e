import type { ReadStream } from "node:tty";
import { fileFault } from "../chain/fileFault.ts";
import { readTextFile } from "../chain/textFile.ts";
import { B52Error } from "../protocol/errors.ts";
import { hiddenLine } from "./hiddenLine.ts";

/** Where a password may come from when nobody is there to type it. */
export const PASSWORD_ENV = "B52_WALLET_PASSWORD";

/** Nobody can be asked for the password. */
export class NoPasswordError extends B52Error {
  constructor() {
    super(
      `no password: expected ${PASSWORD_ENV}, a file (option password-file, setting passwordFile) or a terminal to ` +
        "type it in",
    );
  }
}

/** Typed twice, differently. */
export class PasswordMismatchError extends B52Error {
  constructor() {
    super("the two passwords differ, expected the same one twice");
  }
}

export class EmptyPasswordError extends B52Error {
  constructor() {
    super("the password is empty, expected at least one character");
  }
}

/** The file that should have the password. */
export class PasswordFileError extends B52Error {
  constructor(path: string, cause: NodeJS.ErrnoException) {
    const reason = fileFault(cause);
    super(`the password file ${path} cannot be read: ${reason}`, { path, reason }, { cause });
  }
}

export interface PasswordSource {
  /** A file whose first line it is. */
  readonly passwordFile?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where it can be typed. */
  readonly input?: ReadStream;
  /** Where the question goes. */
  readonly output?: NodeJS.WritableStream;
  /** Ends the question. */
  readonly signal?: AbortSignal;
}

/**
 * The password of an existing wallet: from the file, else from the environment, else typed without an echo.
 * @throws {NoPasswordError}
 * @throws {PasswordFileError}
 */
export async function readPassword(source: PasswordSource): Promise<string> {
  return (await givenPassword(source)) ?? (await typedLine(source, "Password: "));
}

/**
 * The password for a new wallet: typed twice if it is typed.
 * @throws {NoPasswordError}
 * @throws {PasswordMismatchError}
 * @throws {EmptyPasswordError}
 */
export async function choosePassword(source: PasswordSource): Promise<string> {
  let password = await givenPassword(source);
  if (password === undefined) {
    password = await typedLine(source, "New password: ");
    if (password !== (await typedLine(source, "Again: "))) throw new PasswordMismatchError();
  }
  if (password === "") throw new EmptyPasswordError();
  return password;
}

/** A secret that is typed, without an echo. @throws {NoPasswordError} without a terminal @throws the signal's reason */
export async function typedLine(
  { input = process.stdin, output = process.stderr, signal }: PasswordSource,
  question: string,
): Promise<string> {
  if (!input.isTTY) throw new NoPasswordError();
  return hiddenLine(input, output, question, signal);
}

async function givenPassword({ passwordFile, env = process.env }: PasswordSource): Promise<string | undefined> {
  if (passwordFile !== undefined) {
    const text = await readTextFile(passwordFile).catch((cause: NodeJS.ErrnoException) => {
      throw new PasswordFileError(passwordFile, cause);
    });
    return text.split(/\r?\n/, 1)[0]!;
  }
  return env[PASSWORD_ENV];
}
