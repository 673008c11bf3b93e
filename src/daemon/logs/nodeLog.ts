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

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/** The log of a program: JSON by pino, one object a line, or text for people. */
export function nodeLog({ level, format, to = destination({ fd: 2, sync: true }), onLine }: NodeLogOptions): Log {
  const write = format === "json" ? jsonWriter(level, to) : textWriter(level, to);
  return logTo((line) => {
    onLine?.(line);
    write(line);
  });
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
