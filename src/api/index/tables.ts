/** Of the tables below. An index of another version is made anew. */
export const VERSION = 1;

/** Position of a log: its block, and its place there. Below 2^53 for the next million years. */
export const LOGS_PER_BLOCK = 1_048_576;

/** Rows go with their block. Those of a log say where it is. */
const OF_BLOCK = "block INTEGER NOT NULL REFERENCES blocks(number) ON DELETE CASCADE";
const AT = `at INTEGER PRIMARY KEY, ${OF_BLOCK}, tx TEXT NOT NULL`;

const NAMES = [
  ...["rounds", "commits", "reveals", "candidates", "payments", "heights", "operations", "exit_claims", "burns"],
  ...["claims", "work", "contents", "transfers", "exits", "bodies"],
];

/**
 * Rows are only ever added, and each belongs to a block of L1: what L1 drops is one delete. Ids and roots are
 * hexadecimal, amounts decimal, both as text. Sums are kept in each row, so that nobody adds up a history.
 */
export const TABLES = `
CREATE TABLE identity (rollup TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
CREATE TABLE blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;

CREATE TABLE rounds (${AT}, height INTEGER NOT NULL, attempt INTEGER NOT NULL, parent TEXT NOT NULL,
  opens INTEGER NOT NULL, is_pipelined INTEGER NOT NULL) STRICT;
CREATE INDEX rounds_of ON rounds(height, attempt);

CREATE TABLE commits (${AT}, height INTEGER NOT NULL, attempt INTEGER NOT NULL, proposer TEXT NOT NULL,
  order_commitment TEXT NOT NULL, share_bps INTEGER NOT NULL, burn_bid TEXT NOT NULL, parent_ref INTEGER NOT NULL,
  committed_at INTEGER NOT NULL, transcript TEXT NOT NULL) STRICT;
CREATE INDEX commits_of ON commits(height, attempt, proposer);

CREATE TABLE reveals (${AT}, proposal TEXT NOT NULL, height INTEGER NOT NULL, attempt INTEGER NOT NULL,
  commit_at INTEGER NOT NULL, tx_count INTEGER NOT NULL, op_count INTEGER NOT NULL, blobs TEXT NOT NULL) STRICT;
CREATE INDEX reveals_of ON reveals(proposal);
CREATE INDEX reveals_by_round ON reveals(height, attempt);

CREATE TABLE candidates (${AT}, proposal TEXT NOT NULL, height INTEGER NOT NULL, attempt INTEGER NOT NULL,
  score TEXT NOT NULL, provers INTEGER NOT NULL, flags TEXT NOT NULL) STRICT;
CREATE INDEX candidates_of ON candidates(proposal);
CREATE INDEX candidates_by_round ON candidates(height, attempt);

CREATE TABLE payments (${AT}, proposal TEXT NOT NULL, proposer TEXT NOT NULL, place INTEGER NOT NULL,
  burnt TEXT NOT NULL, reward TEXT NOT NULL, fees TEXT NOT NULL) STRICT;
CREATE INDEX payments_of ON payments(proposal);

CREATE TABLE heights (${AT}, height INTEGER NOT NULL UNIQUE, attempt INTEGER NOT NULL, proposal TEXT NOT NULL,
  state_root TEXT NOT NULL, minted TEXT NOT NULL, burnt TEXT NOT NULL, first_operation INTEGER NOT NULL,
  op_count INTEGER NOT NULL) STRICT;
CREATE INDEX heights_of ON heights(proposal);
CREATE INDEX heights_by_operation ON heights(first_operation);

CREATE TABLE operations (${AT}, number INTEGER NOT NULL UNIQUE, encoded TEXT NOT NULL,
  posted_at INTEGER NOT NULL) STRICT;

CREATE TABLE exit_claims (${AT}, proposal TEXT NOT NULL, position INTEGER NOT NULL) STRICT;
CREATE INDEX exit_claims_of ON exit_claims(proposal, position);

CREATE TABLE burns (${AT}, prover INTEGER NOT NULL, slashes INTEGER NOT NULL, burnt TEXT NOT NULL) STRICT;
CREATE INDEX burns_of ON burns(prover, at);
CREATE TABLE claims (${AT}, prover INTEGER NOT NULL, claimed TEXT NOT NULL) STRICT;
CREATE INDEX claims_of ON claims(prover, at);

CREATE TABLE work (number INTEGER PRIMARY KEY, ${OF_BLOCK}, prover INTEGER NOT NULL, blocks INTEGER NOT NULL,
  assigned INTEGER NOT NULL, voted INTEGER NOT NULL, delivered INTEGER NOT NULL, fulfilled INTEGER NOT NULL) STRICT;
CREATE INDEX work_of ON work(prover, number);

CREATE TABLE contents (height INTEGER PRIMARY KEY, ${OF_BLOCK}, is_readable INTEGER NOT NULL) STRICT;
CREATE TABLE transfers (height INTEGER NOT NULL, position INTEGER NOT NULL, ${OF_BLOCK}, id TEXT NOT NULL,
  sender INTEGER NOT NULL, receiver INTEGER NOT NULL, amount TEXT NOT NULL, fee TEXT NOT NULL, nonce INTEGER,
  PRIMARY KEY (height, position)) STRICT, WITHOUT ROWID;
CREATE INDEX transfers_of ON transfers(id);
CREATE INDEX transfers_from ON transfers(sender, height, position);
CREATE INDEX transfers_to ON transfers(receiver, height, position);

CREATE TABLE exits (height INTEGER NOT NULL, position INTEGER NOT NULL, ${OF_BLOCK}, owner TEXT NOT NULL,
  packed TEXT NOT NULL, PRIMARY KEY (height, position)) STRICT, WITHOUT ROWID;
CREATE INDEX exits_of ON exits(owner, height, position);

CREATE TABLE bodies (proposal TEXT NOT NULL, position INTEGER NOT NULL, ${OF_BLOCK}, id TEXT NOT NULL,
  packed TEXT NOT NULL, PRIMARY KEY (proposal, position)) STRICT, WITHOUT ROWID;
CREATE INDEX bodies_of ON bodies(id);

${NAMES.map((name) => `CREATE INDEX ${name}_by_block ON ${name}(block);`).join("\n")}
`;
