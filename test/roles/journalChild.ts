import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { Journal } from "../../src/roles/journal.ts";
import { LevelStore } from "../../src/state/levelStore.ts";

/** A role as simple as can be: it counts. What it has done already it sees outside, as others see it on L1. */
async function count(folder: string, acts: string): Promise<never> {
  const entry = z.strictObject({ roundNumber: z.bigint(), text: z.string(), list: z.array(z.bigint()) });
  const journal = new Journal(await LevelStore.open(folder), entry, "rollup");
  const done = existsSync(acts) ? readFileSync(acts, "utf8").split("\n").length - 1 : 0;
  for (let next = done; ; next++) {
    if (journal.entries.length === next)
      await journal.append({ roundNumber: BigInt(next), text: "x".repeat(500), list: [] });
    appendFileSync(acts, `${journal.entries[next]!.roundNumber}\n`);
    if (next % 4 === 0) process.stdout.write(".");
  }
}

// Whoever looks for tests loads all files.
if (process.argv[1] === fileURLToPath(import.meta.url)) await count(process.argv[2]!, process.argv[3]!);
