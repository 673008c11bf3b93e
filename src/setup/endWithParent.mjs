// Loaded first by programs that set-up runs (src/setup/node.ts). Ends this process and all that it has started when the
// process that started it is gone, however that ended: a kill -9 there must not leave a compiler running here.
import process from "node:process";

const INTERVAL_MS = 500;
const parent = process.ppid;

setInterval(() => {
  if (process.ppid === parent) return;
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.exit(1); // in the group of another process
  }
}, INTERVAL_MS).unref();
