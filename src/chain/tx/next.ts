import type { Market } from "./blobBid.ts";
import { CANCELLATION_GAS, feesFor, highest } from "./fees.ts";
import type { Fees, Inclusion, Intent, TransactionRow } from "./journal.ts";

/** What is known of L1 and of a sender's other transactions at one block. */
export interface TransactionView {
  readonly block: { readonly number: number; readonly timestamp: bigint };
  /** Transactions of the sender up to that block: the nonce that it takes next. */
  readonly count: number;
  /** Where an attempt of this row is, if one is in a block. */
  readonly inclusion?: Inclusion | undefined;
  /** Whether the node still has what was sent last; undefined if it was not asked. */
  readonly isKnown?: boolean | undefined;
  readonly market: Market;
  /** Of the sender, wei. */
  readonly balance: bigint;
  /** The other rows of the sender that are open. */
  readonly others: readonly TransactionRow[];
  /** Blocks, its own included, after which a transaction is taken to stay. */
  readonly confirmations: number;
}

/** What is to be done about a transaction. */
export type TransactionAction =
  | { readonly kind: "wait" }
  /** Sign it with this nonce and these fees, write that down, and send it. */
  | { readonly kind: "send"; readonly nonce: number; readonly fees: Fees }
  /** The same with one that does nothing. */
  | { readonly kind: "cancel"; readonly nonce: number; readonly fees: Fees }
  /** Send once more what was sent last. */
  | { readonly kind: "repeat" }
  /** It stands elsewhere now. */
  | { readonly kind: "become"; readonly row: TransactionRow };

const WAIT: TransactionAction = { kind: "wait" };

/**
 * Blocks for which a nonce has been used by nothing that is known here, before it is believed. Nodes of one provider
 * answer differently for a moment, and what is sent again meanwhile could be done twice.
 */
const LOST_BLOCKS = 2;

export const carriesBlobs = ({ blobHashes }: Pick<Intent, "blobHashes">): boolean => blobHashes.length > 0;

/** Whether nobody wants it any more. Only L1's clock counts. */
export const isLate = ({ intent: { deadline } }: TransactionRow, now: bigint): boolean =>
  deadline !== undefined && now >= deadline;

/** What comes next for a transaction: decides by what was written down of it and by L1 alone. */
export function next(row: TransactionRow, view: TransactionView): TransactionAction {
  if (row.state === "mined") return whenMined(row, view);
  if (row.nonce === undefined) return whenWaiting(row, view);
  if (row.nonce < view.count) return whenUsed(row, view);
  return whenPending(row, row.nonce, view);
}

function whenMined(row: TransactionRow, { block, inclusion, confirmations }: TransactionView): TransactionAction {
  if (inclusion === undefined) return become(dropped(row));
  if (inclusion.block.hash !== row.inclusion?.block.hash) return become({ ...row, inclusion });
  return isConfirmed(inclusion, block, confirmations) ? become({ ...row, state: "done" }) : WAIT;
}

const isConfirmed = (inclusion: Inclusion, block: TransactionView["block"], confirmations: number): boolean =>
  block.number + 1 - inclusion.block.number >= confirmations;

function whenWaiting(row: TransactionRow, view: TransactionView): TransactionAction {
  if (isLate(row, view.block.timestamp)) return become({ ...row, state: "expired" });
  // geth keeps transactions with blobs and others of one address apart, and refuses the one while it has the other.
  const isReserved = view.others.some(
    ({ state, intent }) => state === "pending" && carriesBlobs(intent) !== carriesBlobs(row.intent),
  );
  if (isReserved) return WAIT;
  const nonce = vacantNonce(row, view);
  const fees = feesFor(view.market, { intent: row.intent, floor: floorOf(nonce, row, view), balance: view.balance });
  return fees === undefined ? WAIT : { kind: "send", nonce, fees };
}

/**
 * The first nonce that nobody here uses, or that of one that is too late, which is outbid instead of cancelled. So
 * there are no gaps.
 */
function vacantNonce(row: TransactionRow, { count, others, block }: TransactionView): number {
  const used = new Set(
    others
      .filter(
        (other) =>
          other.state === "pending" &&
          !(isLate(other, block.timestamp) && carriesBlobs(other.intent) === carriesBlobs(row.intent)),
      )
      .map(({ nonce }) => nonce),
  );
  let nonce = count;
  while (used.has(nonce)) nonce++;
  return nonce;
}

/** What was sent with a nonce before, by whichever row. */
function floorOf(nonce: number, row: TransactionRow, { others }: TransactionView): Fees | undefined {
  const attempts = [row, ...others].filter((one) => one.nonce === nonce).flatMap((one) => one.attempts);
  return highest(attempts.map(({ fees }) => fees));
}

/** The nonce is used. */
function whenUsed(row: TransactionRow, { block, inclusion, confirmations }: TransactionView): TransactionAction {
  if (inclusion !== undefined) {
    const attempt = row.attempts.find(({ hash }) => hash === inclusion.hash);
    if (attempt?.isCancellation === true) return become({ ...row, inclusion, state: "expired" });
    // At once, as whoever waits for it may end with it.
    return become({ ...row, inclusion, state: isConfirmed(inclusion, block, confirmations) ? "done" : "mined" });
  }
  if (row.lostAt === undefined) return become({ ...row, lostAt: block.number });
  if (block.number < row.lostAt + LOST_BLOCKS) return WAIT;
  if (isLate(row, block.timestamp)) return become({ ...row, state: "expired" });
  // The node that signed it never told its hash: it may be what has used the nonce.
  if (row.attempts.some(({ hash }) => hash === undefined)) return become({ ...row, state: "refused" });
  const { nonce: _nonce, lostAt: _lostAt, ...rest } = row;
  return become({ ...rest, state: "waiting", attempts: [] });
}

function whenPending(row: TransactionRow, nonce: number, view: TransactionView): TransactionAction {
  if (row.lostAt !== undefined) {
    const { lostAt: _lostAt, ...rest } = row;
    return become(rest);
  }
  const last = row.attempts.at(-1)!;
  const isOver = isLate(row, view.block.timestamp);
  // Somebody who is not too late has taken over the nonce.
  const isTakenOver = view.others.some((other) => other.nonce === nonce && !isLate(other, view.block.timestamp));
  if (isOver && isTakenOver) return WAIT;
  if (carriesBlobs(row.intent)) return whenBlobs(row, view, isOver);
  if (isOver && !last.isCancellation) return raise(row, nonce, view, "cancel");
  if (last.answer === undefined) return { kind: "repeat" };
  if (view.block.number <= last.block) return WAIT;
  return raise(row, nonce, view, last.isCancellation ? "cancel" : "send");
}

/** It has bid for its whole window at once: only what is dropped is sent again. */
function whenBlobs(row: TransactionRow, { block, isKnown }: TransactionView, isOver: boolean): TransactionAction {
  const last = row.attempts.at(-1)!;
  if (isOver) return isKnown === false ? become({ ...row, state: "expired" }) : WAIT;
  if (last.answer === undefined) return { kind: "repeat" };
  return block.number > last.block && isKnown === false ? { kind: "repeat" } : WAIT;
}

/** A block has gone by without it: it offers more, up to what it is worth; then it is only kept in the pools. */
function raise(row: TransactionRow, nonce: number, view: TransactionView, kind: "send" | "cancel"): TransactionAction {
  const intent = kind === "send" ? row.intent : { ...row.intent, gasLimit: CANCELLATION_GAS };
  const fees = feesFor(view.market, { intent, floor: floorOf(nonce, row, view), balance: view.balance });
  return fees === undefined ? { kind: "repeat" } : { kind, nonce, fees };
}

const become = (row: TransactionRow): TransactionAction => ({ kind: "become", row });

/** L1 has dropped its block. Nodes do not put the transactions of it back for certain. */
export function dropped({ inclusion: _inclusion, ...row }: TransactionRow): TransactionRow {
  return { ...row, state: "pending", attempts: unanswered(row) };
}

/** What was sent last is to be sent at once. */
const unanswered = ({ attempts }: Pick<TransactionRow, "attempts">): TransactionRow["attempts"] =>
  attempts.map((attempt, i) => {
    const { answer, ...rest } = attempt;
    return i === attempts.length - 1 || answer === undefined ? rest : attempt;
  });
