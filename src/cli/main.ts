import "./sourceMaps.ts";
import { CommanderError } from "commander";
import { commandsFor } from "./commands/index.ts";
import { createInterrupt } from "./interrupt.ts";
import { createProgram } from "./program.ts";
import { describeError, describeOutputError, EXIT, type Report } from "./report.ts";

const verbose = process.argv.includes("--verbose") || !!process.env["DEBUG"];

/** Ends the process: open handles of a failed command (workers, sockets) must not keep it alive. */
const fail = (error: unknown): never => end(describeError(error, verbose));

function end({ message, exitCode }: Report): never {
  if (message !== undefined) process.stderr.write(`b52: ${message}\n`);
  process.exit(exitCode);
}

process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
process.stdout.on("error", (error: NodeJS.ErrnoException) => end(describeOutputError(error, verbose)));
process.stderr.on("error", () => process.exit(EXIT.failed));

const interrupt = createInterrupt();
try {
  await createProgram(interrupt, await commandsFor(process.argv.slice(2))).parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError && error.exitCode === 0)) {
    // Whatever an aborted command trips over on its way out is a consequence of the abort.
    fail(interrupt.signal.aborted ? interrupt.signal.reason : error);
  }
}
// A last write that fails (a full disk) is reported by the handler above before this callback runs.
process.stdout.write("", () => setImmediate(() => process.exit()));
