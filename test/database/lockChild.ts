import { fileURLToPath } from "node:url";
import { ProcessLock } from "../../src/database/index.ts";

// Takes a lock, says so, and keeps it until it is killed. Whoever looks for tests loads all files.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await ProcessLock.take(process.argv[2]!);
  process.stdout.write("taken");
  setInterval(() => undefined, 60_000);
}
