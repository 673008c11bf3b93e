import type { PublicKey } from "../protocol/eddsa.ts";
import { B52Error } from "../protocol/errors.ts";
import { accountCount } from "../protocol/profile.ts";
import { packTransfer, type SignedTransfer, type Transfer, verifyTransfer } from "../protocol/transfer.ts";
import { BALANCE_BITS } from "./account.ts";
import type { State } from "./state.ts";

/** A transfer that cannot be applied to a state. */
export abstract class InadmissibleTransferError extends B52Error {}

/** An account index that the tree does not have, or 0 for the sender. */
export class AccountOutOfRangeError extends InadmissibleTransferError {
  constructor(role: "from" | "to", index: number, accounts: number) {
    super(`${role} is account ${index}, expected 1 to ${accounts - 1}${role === "to" ? ", or 0 for an exit" : ""}`, {
      role,
      index,
      accounts,
    });
  }
}

/** An amount or fee that no encoding gives exactly. */
export class UnencodableTransferError extends InadmissibleTransferError {
  constructor(cause: B52Error) {
    super(`transfer cannot be encoded: ${cause.message}`, cause.details, { cause });
  }
}

export class UnknownSenderError extends InadmissibleTransferError {
  constructor(from: number) {
    super(`sender ${from} does not exist, expected an account that a deposit has opened`, { from });
  }
}

export class UnknownReceiverError extends InadmissibleTransferError {
  constructor(to: number) {
    super(`receiver ${to} does not exist, expected an account that a deposit has opened`, { to });
  }
}

/** An exit from an account without an owner on L1: there is no address that the amount could go to. */
export class NoExitOwnerError extends InadmissibleTransferError {
  constructor(from: number) {
    super(`sender ${from} has no l1Owner, expected one to exit to`, { from });
  }
}

/** The transfer names a public key that is not the sending account's. */
export class WrongSenderKeyError extends InadmissibleTransferError {
  constructor(from: number, sender: PublicKey, expected: bigint) {
    super(`public key of sender ${from} is (${sender.x}, ${sender.y}), expected one with y ${expected}`, {
      from,
      sender,
      expected,
    });
  }
}

export class WrongNonceError extends InadmissibleTransferError {
  constructor(from: number, nonce: bigint, expected: bigint) {
    super(`the transfer of account ${from} has nonce ${nonce}, expected ${expected}, which that account signs next`, {
      from,
      nonce,
      expected,
    });
  }
}

/** An amount in wei. The L2 does not know the token's name and decimals. */
const showWei = (wei: bigint): string => `${wei} wei`;

export class InsufficientBalanceError extends InadmissibleTransferError {
  readonly from: number;
  /** Wei. */
  readonly balance: bigint;
  /** Wei. */
  readonly needed: bigint;

  /** @param words for an amount, and for what comes before */
  constructor(from: number, balance: bigint, needed: bigint, { show = showWei, ahead = "" } = {}) {
    super(`balance of sender ${from} is ${show(balance)}${ahead}, expected at least ${show(needed)}`, {
      from,
      balance,
      needed,
    });
    this.from = from;
    this.balance = balance;
    this.needed = needed;
  }
}

/** The receiver would own more than an account can hold. */
export class BalanceOverflowError extends InadmissibleTransferError {
  readonly to: number;
  /** Wei. */
  readonly balance: bigint;

  constructor(to: number, balance: bigint, show = showWei) {
    super(`balance of receiver ${to} would be ${show(balance)}, expected below 2^${BALANCE_BITS} wei`, { to, balance });
    this.to = to;
    this.balance = balance;
  }
}

export class BadSignatureError extends InadmissibleTransferError {
  constructor(from: number) {
    super(`signature of sender ${from} is not valid for this transfer, nonce and domain`, { from });
  }
}

/** A transfer, whoever signed it. */
type Movement = Pick<SignedTransfer, keyof Transfer | "nonce">;

/**
 * Whether `transfer` can be applied to `state`; the costly signature check comes last.
 * @throws {InadmissibleTransferError}
 */
export function checkTransfer(state: State, transfer: SignedTransfer, domain: bigint): void {
  const { from } = transfer;
  checkAccounts(state, transfer);
  checkEncodable(transfer);
  checkMovement(state, transfer);
  const sender = state.account(from);
  if (transfer.sender.y !== sender.key) throw new WrongSenderKeyError(from, transfer.sender, sender.key);
  if (!verifyTransfer(domain, transfer)) throw new BadSignatureError(from);
}

/**
 * Whether the accounts of a transfer allow it. Who signed it is another question.
 * @throws {InadmissibleTransferError}
 */
export function checkMovement(state: State, transfer: Movement): void {
  checkAccounts(state, transfer);
  const { from, to, amount, fee, nonce } = transfer;
  const sender = state.account(from);
  const receiver = state.account(to);
  if (sender.key === 0n) throw new UnknownSenderError(from);
  if (to !== 0 && receiver.key === 0n) throw new UnknownReceiverError(to);
  if (to === 0 && sender.l1Owner === 0n) throw new NoExitOwnerError(from);
  if (nonce !== sender.nonce) throw new WrongNonceError(from, nonce, sender.nonce);
  if (sender.balance < amount + fee) throw new InsufficientBalanceError(from, sender.balance, amount + fee);
  const received = from === to ? sender.balance - fee : receiver.balance + amount;
  if (received >> BigInt(BALANCE_BITS) !== 0n) throw new BalanceOverflowError(to, received);
}

function checkAccounts(state: State, { from, to }: Movement): void {
  const accounts = accountCount(state);
  if (!isAccount(from, accounts)) throw new AccountOutOfRangeError("from", from, accounts);
  if (to !== 0 && !isAccount(to, accounts)) throw new AccountOutOfRangeError("to", to, accounts);
}

function isAccount(index: number, accounts: number): boolean {
  return Number.isInteger(index) && index > 0 && index < accounts;
}

function checkEncodable(transfer: SignedTransfer): void {
  try {
    packTransfer(transfer);
  } catch (error) {
    throw error instanceof B52Error ? new UnencodableTransferError(error) : error;
  }
}

/** Whether `task` finds its transfer admissible. */
export function isAdmitted(task: () => unknown): boolean {
  try {
    task();
    return true;
  } catch (error) {
    if (error instanceof InadmissibleTransferError) return false;
    throw error;
  }
}
