import { exitLeaf } from "../protocol/exit.ts";
import { FIELD } from "../protocol/field.ts";
import { AMOUNT_MANTISSA_BITS, decodeFloat } from "../protocol/float.ts";
import { operationFields, type PackedOperation } from "../protocol/operation.ts";
import { accountCount } from "../protocol/profile.ts";
import { type Account, BALANCE_BITS } from "./account.ts";
import type { State } from "./state.ts";
import type { TreePath } from "./tree.ts";

/** What one place of an operation node did. */
export interface OperationTrace {
  /** Both 0 = no operation. */
  readonly words: PackedOperation;
  /** Account `from` before the operation. If `from` is no index of the tree, the account at its low bits. */
  readonly sender: Account;
  /** In the tree before the operation. */
  readonly senderPath: TreePath;
  /** Account `to` after the sender's was updated. If `to` is no index of the tree, the account at its low bits. */
  readonly receiver: Account;
  /** In the tree after the sender's account was updated. */
  readonly receiverPath: TreePath;
  /** Packed, 0 if none. */
  readonly exit: bigint;
}

const MAX_BALANCE = (1n << BigInt(BALANCE_BITS)) - 1n;

/**
 * Applies an operation to `state` exactly as its circuit does. Any two words have one outcome: nobody can stop a block
 * by posting an operation, and a prover has no choice. An operation that cannot be applied changes nothing; a deposit
 * then leaves as an exit.
 *
 * A forced transfer to oneself never applies: it would change nothing, and whether the account has room would depend on
 * whether it applies.
 * @throws {OutOfRangeError} only if a word has more than 240 bits
 */
export function executeOperation(state: State, words: PackedOperation): OperationTrace {
  const { from, to, encodedAmount, l1Owner, key: unreduced } = operationFields(words);
  const amount = decodeFloat(encodedAmount, AMOUNT_MANTISSA_BITS);
  const key = unreduced % FIELD;
  const accounts = accountCount(state);
  const fromIndex = from % accounts;
  const toIndex = to % accounts;

  const sender = state.account(fromIndex);
  const senderPath = state.path(fromIndex);
  const before = state.account(toIndex);
  // Account 0 and all that do not exist have no owner.
  const isOwner = l1Owner !== 0n && sender.l1Owner === l1Owner;
  const isTakeable = from < accounts && isOwner && sender.balance >= amount;
  const hasRoom = to < accounts && before.balance + amount <= MAX_BALANCE;
  const isEmpty = before.key === 0n;

  const leaves = to === 0 && isTakeable;
  const moves = to !== 0 && isTakeable && hasRoom && !isEmpty && from !== to;
  const isDeposit = from === 0 && to !== 0;
  const arrives = isDeposit && hasRoom && key !== 0n && (isEmpty || (before.key === key && before.l1Owner === l1Owner));

  if (leaves || moves) state.setAccount(fromIndex, { ...sender, balance: sender.balance - amount });
  const receiver = state.account(toIndex);
  const receiverPath = state.path(toIndex);
  if (moves || arrives) {
    const opened = arrives && isEmpty ? { key, l1Owner } : {};
    state.setAccount(toIndex, { ...receiver, ...opened, balance: receiver.balance + amount });
  }
  const exit = leaves || (isDeposit && !arrives) ? exitLeaf(encodedAmount, l1Owner) : 0n;
  return { words, sender, senderPath, receiver, receiverPath, exit };
}
