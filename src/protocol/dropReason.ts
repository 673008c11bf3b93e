/** Why a mempool does not take a transfer, or lets one go: logs, API and database name it by these words. */
export const DROP_REASONS = [
  "known already",
  "fee too low",
  "sender unknown",
  "another key",
  "nonce used",
  "included",
  "overtaken by a rival",
  "rival pays as much",
  "replaced by a rival",
  "too many of the account",
  "balance too low",
  "pool full",
] as const;

export type DropReason = (typeof DROP_REASONS)[number];
