import { getAddress, toBeHex } from "ethers";
import { type FoundAccount, findAccounts } from "../state/lookup.ts";
import type { State } from "../state/state.ts";
import { AmbiguousAccountError, NoAccountError, NotOwnAccountError } from "./errors.ts";
import type { WalletIdentity } from "./keys.ts";

/** An L1 address as people write it. */
export const addressOf = (l1Owner: bigint): string => getAddress(toBeHex(l1Owner, 20));

/** The wallet's account that is meant: the named one, or the only one. @throws {NoAccountError} @throws {AmbiguousAccountError} @throws {NotOwnAccountError} */
export function ownAccount(state: State, { key }: WalletIdentity, wanted?: number): FoundAccount {
  if (wanted !== undefined) {
    const account = state.account(wanted);
    if (account.key !== key) throw new NotOwnAccountError(wanted, "key", account.key.toString(), key.toString());
    return { ...account, index: wanted };
  }
  const [account, ...others] = findAccounts(state, { key });
  if (account === undefined) throw new NoAccountError(key);
  if (others.length > 0) throw new AmbiguousAccountError([account, ...others].map(({ index }) => index));
  return account;
}

/** The account that the wallet may force operations of, from L1. @throws as {@link ownAccount} */
export function forcedAccount(state: State, identity: WalletIdentity, wanted?: number): FoundAccount {
  const l1Owner = BigInt(identity.address);
  const owned = findAccounts(state, { l1Owner });
  const index = wanted ?? (owned.length === 1 ? owned[0]!.index : undefined);
  const account = index === undefined ? ownAccount(state, identity) : { ...state.account(index), index };
  if (account.l1Owner !== l1Owner) throw new NotOwnAccountError(account.index, "L1 owner", addressOf(account.l1Owner), identity.address);
  return account;
}
