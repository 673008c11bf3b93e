import type { Migration } from "./migrations.ts";

/**
 * The steps to the schema of `node.sqlite`. Numbers of the field, addresses and hashes are text, as SQLite's integers
 * have 64 bits.
 */
const STEPS: readonly string[] = [
  `
    -- What there is one of.
    CREATE TABLE facts (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- What a key has promised, or is about to.
    CREATE TABLE duties (
      key TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('vote', 'commit')),
      subject TEXT NOT NULL,
      roundNumber INTEGER NOT NULL,
      hash TEXT NOT NULL,
      data TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('written', 'signed')),
      PRIMARY KEY (key, kind, subject)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX dutiesByRound ON duties (key, roundNumber);

    -- Rounds of a key before which duties are forgotten.
    CREATE TABLE dutyFloors (
      key TEXT PRIMARY KEY,
      roundNumber INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- Journals of roles.
    CREATE TABLE records (
      store TEXT NOT NULL,
      key TEXT NOT NULL,
      value TEXT NOT NULL,
      PRIMARY KEY (store, key)
    ) STRICT, WITHOUT ROWID;
  `,
];

export const MIGRATIONS: readonly Migration[] = STEPS.map((sql, i) => ({ number: i + 1, sql }));
