/** What a transaction offers for gas, wei a unit. */
export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  /** Of transactions with blobs alone. */
  readonly maxFeePerBlobGas?: bigint;
}

/** What a transaction is to do, whatever its nonce and fees. */
export interface Intent {
  /** What is called, for people: `commit`. */
  readonly call: string;
  readonly to: string;
  /** As hexadecimal. */
  readonly data: string;
  /** Wei of ether that it brings along. */
  readonly value: bigint;
  readonly gasLimit: bigint;
  /** Versioned hashes of the blobs that it carries. */
  readonly blobHashes: readonly string[];
  /** L1 slots in which it may be mined, for the bid of one with blobs. */
  readonly slots?: number;
  /** L1 time, Unix seconds, from which on nobody wants it any more. Without one it is wanted until it is mined. */
  readonly deadline?: bigint;
  /** Wei of ether that all its gas may cost at most. */
  readonly worth?: bigint;
  /** Under which it is sent once, see `Wanted`. */
  readonly once?: string;
}

/** One signed transaction of a row. */
export interface Attempt {
  /** Undefined while the node that signs it has not told. */
  readonly hash?: string;
  readonly fees: Fees;
  /** Latest L1 block when it was sent last. */
  readonly block: number;
  /** What a node has said of it; undefined while none has. */
  readonly answer?: "taken" | "underpriced";
  /** Whether it does nothing but use up the nonce. */
  readonly isCancellation: boolean;
}

/** The block in which an attempt is. */
export interface Inclusion {
  readonly hash: string;
  readonly block: { readonly number: number; readonly hash: string };
  readonly isReverted: boolean;
}

/**
 * Where a transaction stands. `waiting`: without a nonce, as it is too dear now. `pending`: a node may have it.
 * `mined`: in a block that may still be dropped. The others are the end: `done` in a final block, `refused` by a node,
 * `expired` when it was too late, and its nonce is free or was used by something else.
 */
export type RowState = "waiting" | "pending" | "mined" | "done" | "refused" | "expired";

/** A transaction that was decided to be sent. It is written before anything of it leaves the process. */
export interface TransactionRow {
  /** Unique. */
  readonly id: string;
  readonly chainId: bigint;
  /** Address with checksum. */
  readonly sender: string;
  readonly intent: Intent;
  readonly state: RowState;
  readonly nonce?: number;
  /** Those with its nonce, in the order in which they were sent. */
  readonly attempts: readonly Attempt[];
  readonly inclusion?: Inclusion;
  /** L1 block at which its nonce was used, and by nothing that this row knows. */
  readonly lostAt?: number;
}

/** Whose rows: a key on a chain. */
export type Account = Pick<TransactionRow, "chainId" | "sender">;

/** States in which a row is still to be looked after. */
export const OPEN_STATES: readonly RowState[] = ["waiting", "pending", "mined"];

export const isOpen = ({ state }: TransactionRow): boolean => OPEN_STATES.includes(state);

/**
 * Remembers transactions across restarts. One process at a time has the journal of an account.
 *
 * What is written is durable when the promise resolves: only then is anything sent.
 */
export interface TransactionJournal {
  /** The rows of an account that are still to be looked after, in the order in which they were written first. */
  open(account: Account): Promise<readonly TransactionRow[]>;
  /** The latest row of an account that has this name and is mined for good. */
  doneOnce(account: Account, once: string): Promise<TransactionRow | undefined>;
  /** Adds a row, or replaces the one with its id. */
  write(row: TransactionRow): Promise<void>;
}

/** Remembers as long as the process lives, and nothing that has ended. */
export class MemoryJournal implements TransactionJournal {
  readonly #rows = new Map<string, TransactionRow>();

  open({ chainId, sender }: Account): Promise<readonly TransactionRow[]> {
    return Promise.resolve([...this.#rows.values()].filter((row) => row.chainId === chainId && row.sender === sender));
  }

  doneOnce(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  write(row: TransactionRow): Promise<void> {
    if (isOpen(row)) this.#rows.set(row.id, row);
    else this.#rows.delete(row.id);
    return Promise.resolve();
  }
}
