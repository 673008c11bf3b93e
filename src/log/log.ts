/** What a line is about: numbers, amounts and names, never secrets. An error goes under `error`. */
export interface LogFields {
  readonly height?: number | bigint | undefined;
  readonly attempt?: number | undefined;
  /** proposalId. */
  readonly proposal?: bigint | undefined;
  readonly slot?: number | undefined;
  readonly error?: unknown;
  readonly [name: string]: unknown;
}

/**
 * What a program tells its operator.
 *
 * - `error`: what the program cannot go on with, or what costs money unless somebody acts.
 * - `warn`: what somebody should look at, while the program helps itself.
 * - `info`: what the program has done that L1 or others see, once each.
 * - `debug`: what it has decided, and why.
 *
 * `code` is short, in lower case with hyphens, and names the kind of line for ever: alerts and `docs/logs.md`, which
 * lists those of every warning and error with what to do, go by it. Give it as a literal. `message` is one sentence
 * with what was found and what is done about it.
 */
export interface Log {
  debug(code: string, message: string, fields?: LogFields): void;
  info(code: string, message: string, fields?: LogFields): void;
  warn(code: string, message: string, fields?: LogFields): void;
  error(code: string, message: string, fields?: LogFields): void;
  /** A log that adds these fields to each line. */
  with(fields: LogFields): Log;
}

export type LogLevel = Exclude<keyof Log, "with">;

/** A line as a program gave it. */
export interface LogLine {
  readonly level: LogLevel;
  readonly code: string;
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that hands its lines over. */
export function logTo(write: (line: LogLine) => void, fields: LogFields = {}): Log {
  const at =
    (level: LogLevel) =>
    (code: string, message: string, more?: LogFields): void =>
      write({ level, code, message, fields: { ...fields, ...more } });
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    with: (more) => logTo(write, { ...fields, ...more }),
  };
}

/** For whoever has no operator. */
export const NO_LOG: Log = logTo(() => undefined);
