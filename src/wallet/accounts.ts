import { getAddress, toBeHex } from "ethers";
import { OutOfRangeError } from "../protocol/errors.ts";
import { accountCount } from "../protocol/profile.ts";
import { type FoundAccount, findAccounts } from "../state/lookup.ts";
import type { State } from "../state/state.ts";
import { ForeignOwnerError, NoAccountError, NotOwnAccountError } from "./errors.ts";
import type { WalletIdentity } from "./keys.ts";

/**
 * The account at an index that somebody can have.
 * @throws {OutOfRangeError} for 0, which is nobody's, and if the tree has no such index
 */
export function accountAt(state: State, index: number): FoundAccount {
  const last = accountCount(state) - 1;
  if (index < 1 || index > last) throw new OutOfRangeError("account", index, `1 to ${last}`);
  return { ...state.account(index), index };
}

/** An L1 address as people write it. */
export const addressOf = (l1Owner: bigint): string => getAddress(toBeHex(l1Owner, 20));

/**
 * The accounts with the wallet's key, the best first: those that the wallet also owns on L1 come before others, larger
 * balances before smaller ones. Anybody may open an account with the wallet's key; if another address owns it on L1,
 * that address can empty it.
 */
export function ownAccounts(state: State, identity: WalletIdentity): FoundAccount[] {
  const { key } = identity;
  return findAccounts(state, { key }).sort((a, b) => {
    if (isOwnedBy(a, identity) !== isOwnedBy(b, identity)) return isOwnedBy(a, identity) ? -1 : 1;
    return a.balance === b.balance ? a.index - b.index : a.balance > b.balance ? -1 : 1;
  });
}

const isOwnedBy = ({ l1Owner }: FoundAccount, { address }: WalletIdentity): boolean => l1Owner === BigInt(address);

/**
 * The account to use: the named one, if it has the wallet's key, or the best of those that the wallet also owns on L1.
 * @throws {NoAccountError} @throws {NotOwnAccountError} if it is named @throws {ForeignOwnerError} if others own all
 * that have the wallet's key
 */
export function ownAccount(state: State, identity: WalletIdentity, wanted?: number): FoundAccount {
  const { key, address } = identity;
  if (wanted !== undefined) {
    const account = accountAt(state, wanted);
    if (account.key !== key) throw new NotOwnAccountError(wanted, "key", account.key.toString(), key.toString());
    return account;
  }
  const best = bestAccount(state, identity);
  if (!isOwnedBy(best, identity)) throw new ForeignOwnerError(best.index, addressOf(best.l1Owner), address);
  return best;
}

/**
 * The account that the wallet may force operations of, from L1: the named one, whoever has its key, or its own.
 * @throws {NoAccountError}
 * @throws {NotOwnAccountError}
 */
export function forcedAccount(state: State, identity: WalletIdentity, wanted?: number): FoundAccount {
  const account = wanted === undefined ? bestAccount(state, identity) : accountAt(state, wanted);
  if (isOwnedBy(account, identity)) return account;
  throw new NotOwnAccountError(account.index, "L1 owner", addressOf(account.l1Owner), identity.address);
}

function bestAccount(state: State, identity: WalletIdentity): FoundAccount {
  const [best] = ownAccounts(state, identity);
  if (best === undefined) throw new NoAccountError(identity.key);
  return best;
}
