import { createHash } from "node:crypto";
import type { Connection } from "./connection.ts";
import { ChangedMigrationError, DamagedDatabaseError, NewerDatabaseError } from "./errors.ts";

/** A step to the present schema. Steps that have been released never change: a new one is put behind them. */
export interface Migration {
  /** Counted from 1. */
  readonly number: number;
  readonly sql: string;
}

/** Says that a file is this program's: what SQLite calls an application id. */
const APPLICATION_ID = 0xb52;

/**
 * Brings a database to the schema that `migrations` lead to, each step in one transaction.
 * @throws {NewerDatabaseError} @throws {ChangedMigrationError}
 * @throws {DamagedDatabaseError} if the file is another program's
 */
export function migrate(connection: Connection, migrations: readonly Migration[]): void {
  const { location } = connection;
  const application = connection.get("PRAGMA application_id")!.application_id;
  const isEmpty = connection.get("SELECT 1 FROM sqlite_schema") === undefined;
  if (application !== APPLICATION_ID && !isEmpty)
    throw new DamagedDatabaseError(location, `its application id is ${String(application)}, not ${APPLICATION_ID}`);
  if (isEmpty) {
    connection.transaction(() => {
      connection.execute(`PRAGMA application_id = ${APPLICATION_ID}`);
      connection.execute(
        "CREATE TABLE migrations (number INTEGER PRIMARY KEY, checksum TEXT NOT NULL) STRICT, WITHOUT ROWID",
      );
    });
  }
  const done = connection.all("SELECT number, checksum FROM migrations ORDER BY number");
  const last = Number(done.at(-1)?.number ?? 0);
  const newest = migrations.at(-1)?.number ?? 0;
  if (last > newest) throw new NewerDatabaseError(location, last, newest);
  for (const { number, checksum } of done) {
    const expected = checksumOf(migrations[Number(number) - 1]!);
    if (checksum !== expected) throw new ChangedMigrationError(location, Number(number), String(checksum), expected);
  }
  for (const migration of migrations.slice(last)) {
    connection.transaction(() => {
      connection.execute(migration.sql);
      connection.run("INSERT INTO migrations VALUES (?, ?)", migration.number, checksumOf(migration));
    });
  }
}

/** Layout does not count. */
const checksumOf = ({ sql }: Migration): string =>
  createHash("sha256").update(sql.replaceAll(/\s+/g, " ").trim()).digest("hex").slice(0, 16);
