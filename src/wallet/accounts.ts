import { getAddress, toBeHex } from "ethers";
import { type FoundAccount, findAccounts } from "../state/lookup.ts";
import type { State } from "../state/state.ts";
import { NoAccountError, NotOwnAccountError } from "./errors.ts";
import type { WalletIdentity } from "./keys.ts";

/** An L1 address as people write it. */
export const addressOf = (l1Owner: bigint): string => getAddress(toBeHex(l1Owner, 20));

/**
 * The accounts with the wallet's key, the best one first: those that only the wallet can force operations of, then by balance. Anybody may open accounts with the wallet's key; one that
 * another address owns on L1 can be emptied from there.
 */
export function ownAccounts(state: State, { key, address }: WalletIdentity): FoundAccount[] {
  const isOwned = ({ l1Owner }: FoundAccount): boolean => l1Owner === BigInt(address);
  return findAccounts(state, { key }).sort((a, b) => {
    if (isOwned(a) !== isOwned(b)) return isOwned(a) ? -1 : 1;
    return a.balance === b.balance ? a.index - b.index : a.balance > b.balance ? -1 : 1;
  });
}

/** The wallet's account that is meant: the named one, or its best. @throws {NoAccountError} @throws {NotOwnAccountError} */
export function ownAccount(state: State, identity: WalletIdentity, wanted?: number): FoundAccount {
  const { key } = identity;
  if (wanted !== undefined) {
    const account = state.account(wanted);
    if (account.key !== key) throw new NotOwnAccountError(wanted, "key", account.key.toString(), key.toString());
    return { ...account, index: wanted };
  }
  const [account] = ownAccounts(state, identity);
  if (account === undefined) throw new NoAccountError(key);
  return account;
}

/** The account that the wallet may force operations of, from L1: the named one, or its own. @throws {NoAccountError} @throws {NotOwnAccountError} */
export function forcedAccount(state: State, identity: WalletIdentity, wanted?: number): FoundAccount {
  const l1Owner = BigInt(identity.address);
  const [own] = [...ownAccounts(state, identity).filter((account) => account.l1Owner === l1Owner), ...findAccounts(state, { l1Owner })];
  const account = wanted === undefined ? (own ?? ownAccount(state, identity)) : { ...state.account(wanted), index: wanted };
  if (account.l1Owner !== l1Owner) throw new NotOwnAccountError(account.index, "L1 owner", addressOf(account.l1Owner), identity.address);
  return account;
}
