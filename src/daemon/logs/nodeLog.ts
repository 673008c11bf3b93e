import { type DestinationStream, destination, pino } from "pino";
import { type Log, type LogLevel, type LogLine, logTo } from "../../log/index.ts";
import { plainFields } from "./encode.ts";
import { textLine } from "./textLine.ts";

export interface NodeLogOptions {
  readonly level: LogLevel;
  readonly format: "json" | "text";
  /** Standard error by default. Every line is written when the call returns, so that none is lost with the process. */
  readonly to?: DestinationStream;
  /** Told of every line, whatever its level: for metrics. */
  readonly onLine?: (line: LogLine) => void;
}

/** What waits to be written at most, bytes: what comes beyond is lost. */
const MAX_WAITING_BYTES = 1_048_576;

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** The log of a program: JSON by pino, one object a line, or text for people. */
export function nodeLog({ level, format, to = linesTo(2), onLine }: NodeLogOptions): Log {
  const write = format === "json" ? jsonWriter(level, to) : textWriter(level, to);
  return logTo((line) => {
    onLine?.(line);
    write(line);
  });
}

/**
 * Where lines go: each is written when the call returns. Where that fails, as on a disk that is full, they wait until
 * the next one can be written: a program does not end for what it has to say.
 */
export function linesTo(fd: number): DestinationStream {
  const to = destination({ fd, sync: true, maxLength: MAX_WAITING_BYTES });
  to.on("error", () => undefined);
  return to;
}

function jsonWriter(level: LogLevel, to: DestinationStream): (line: LogLine) => void {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    to,
  );
  return ({ level: at, code, message, fields }) =>
    logger[at]({ code, ...plainFields(fields, at === "error" || level === "debug") }, message);
}

function textWriter(level: LogLevel, to: DestinationStream): (line: LogLine) => void {
  const least = ORDER.indexOf(level);
  return (line) => {
    if (ORDER.indexOf(line.level) >= least) to.write(`${textLine(line, new Date())}\n`);
  };
}
