import type { Deployment } from "../chain/deployment.ts";
import { MalformedError, OutOfRangeError } from "../protocol/errors.ts";
import { accountCount } from "../protocol/profile.ts";
import { AccountOutOfRangeError } from "../state/admission.ts";
import { requireAmount } from "./amount.ts";

/** What is asked of a wallet, as far as its user says it. */
export interface WalletRequest {
  /** Wei. */
  readonly amount: bigint;
  /** Account of the receiver; 0 for what leaves the L2. Left out: the wallet's own. */
  readonly to?: number | undefined;
  /** Account of the wallet. */
  readonly account?: number | undefined;
  /** Whether it may be of nothing or to the sender, because it takes back what it replaces. */
  readonly isReplacement?: boolean | undefined;
}

/**
 * Refuses what is wrong whatever L1 and the L2 say, so before they are asked.
 * @throws {NoAmountError} @throws {OutOfRangeError} @throws {AccountOutOfRangeError} @throws {MalformedError}
 */
export function checkRequest({ asset, profile }: Deployment, request: WalletRequest): void {
  const { amount, to, account, isReplacement = false } = request;
  if (!isReplacement || to === 0) requireAmount(amount, asset);
  const accounts = accountCount(profile);
  if (account !== undefined && account >= accounts)
    throw new OutOfRangeError("account", account, `1 to ${accounts - 1}`);
  if (to !== undefined && to >= accounts) throw new AccountOutOfRangeError("to", to, accounts);
  if (!isReplacement && to !== undefined) requireOther(to, account);
}

/** @param from the sender, as far as it is known @throws {MalformedError} for a receiver that is the sender */
export function requireOther(to: number, from: number | undefined): void {
  if (to === from)
    throw new MalformedError("receiver", to, "another account than the sender's: to itself nothing moves");
}
