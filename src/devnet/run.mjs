// Runs the program that the arguments name, in this group of processes, and ends as it does. For programs that do not
// notice when the process that wants them is gone: this one does (src/setup/endWithParent.mjs).
import { spawn } from "node:child_process";
import process from "node:process";

const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: "inherit" });
child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code) => (process.exitCode = code ?? 1));
// The group gets the signal, so the program has it, too: wait for its end.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
