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
  `
    -- Transactions that were decided to be sent, and what became of them.
    CREATE TABLE transactions (
      id TEXT PRIMARY KEY,
      chainId TEXT NOT NULL,
      sender TEXT NOT NULL,
      isOpen INTEGER NOT NULL CHECK (isOpen IN (0, 1)),
      number INTEGER NOT NULL UNIQUE,
      row TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX openTransactions ON transactions (chainId, sender, isOpen, number);
  `,
  `
    -- Proofs to be made, and those that are made.
    CREATE TABLE jobs (
      id TEXT PRIMARY KEY,
      proposalId TEXT NOT NULL,
      slot INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('queued', 'leased', 'proven', 'aborted')),
      -- L1 time.
      keepUntil INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      -- The process, and milliseconds since the epoch; of leased ones.
      owner TEXT,
      leaseUntil INTEGER,
      -- Of aborted ones.
      reason TEXT,
      -- Of proven ones.
      proof TEXT,
      job BLOB NOT NULL,
      CHECK ((state = 'leased') = (owner IS NOT NULL)),
      CHECK ((state = 'proven') = (proof IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX jobsByProposal ON jobs (proposalId, slot);
    CREATE INDEX jobsByTime ON jobs (keepUntil);
  `,
  `
    -- Transfers that wait for a block.
    CREATE TABLE transfers (
      sender INTEGER NOT NULL,
      nonce INTEGER NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      encoded TEXT NOT NULL,
      PRIMARY KEY (sender, nonce)
    ) STRICT, WITHOUT ROWID;

    -- Transfers that have left without a block, and why.
    CREATE TABLE drops (
      number INTEGER PRIMARY KEY,
      hash TEXT NOT NULL,
      sender INTEGER NOT NULL,
      nonce INTEGER NOT NULL,
      reason TEXT NOT NULL,
      -- Milliseconds since the epoch.
      at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX dropsByHash ON drops (hash);
  `,
];

export const MIGRATIONS: readonly Migration[] = STEPS.map((sql, i) => ({ number: i + 1, sql }));
