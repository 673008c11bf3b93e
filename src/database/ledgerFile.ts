import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { replaceFile } from "../chain/replaceFile.ts";
import { fileFault } from "../chain/fileFault.ts";
import { readTextFile } from "../chain/textFile.ts";
import { B52Error } from "../protocol/errors.ts";
import { type ExportedDuties, exportedDuties } from "./duties.ts";
import { DATABASE_FILE, NodeDatabase } from "./nodeDatabase.ts";
import { reasonOf } from "./errors.ts";

/** A file that no ledger was exported to, or a folder that no node has used. */
export class LedgerFileError extends B52Error {
  constructor(path: string, reason: string, expected: string, options?: ErrorOptions) {
    super(`${path} ${reason}, expected ${expected}`, { path, reason }, options);
  }
}

/** Duties in a ledger file, and whose they are. */
export interface LedgerCount {
  readonly duties: number;
  /** See `rollupName`. */
  readonly rollup: string;
}

/**
 * Writes the duties of a node to a file. The node must not run: what it signs afterwards would be missing.
 * @throws {LockedError} if it does @throws {LedgerFileError}
 */
export async function exportLedger(folder: string, file: string): Promise<LedgerCount> {
  if (!existsSync(join(folder, DATABASE_FILE)))
    throw new LedgerFileError(folder, `has no ${DATABASE_FILE}`, "the data folder of a node");
  using database = await NodeDatabase.open(folder);
  const exported = database.duties.export();
  await replaceFile(file, [`${JSON.stringify(exported, undefined, 2)}\n`]).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw cause;
    throw new LedgerFileError(file, "cannot be made there", "a path in a folder that takes files", { cause });
  });
  return { duties: exported.duties.length, rollup: exported.rollup };
}

/**
 * Adds the duties of a file to those of a node, all or none. A folder that no node has used is made one of that rollup.
 * @throws {DutyConflictError} if the two contradict each other @throws {LedgerFileError} @throws {LockedError}
 */
export async function importLedger(folder: string, file: string): Promise<LedgerCount & { readonly added: number }> {
  const exported = await readLedger(file);
  using database = await NodeDatabase.open(folder, exported.rollup);
  const added = database.duties.import(exported, file);
  return { added, duties: exported.duties.length, rollup: exported.rollup };
}

const reasonIn = (cause: unknown): string =>
  (cause as NodeJS.ErrnoException).code === undefined ? reasonOf(cause) : fileFault(cause as NodeJS.ErrnoException);

async function readLedger(file: string): Promise<ExportedDuties> {
  const expected = "what `b52 ledger export` wrote";
  try {
    return exportedDuties.parse(JSON.parse(await readTextFile(file)));
  } catch (cause) {
    const reason = cause instanceof z.ZodError ? z.prettifyError(cause).replaceAll(/\s*\n\s*/g, " ") : reasonIn(cause);
    throw new LedgerFileError(file, `cannot be read (${reason})`, expected, { cause });
  }
}
