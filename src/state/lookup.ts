import { accountCount } from "../protocol/profile.ts";
import type { Account } from "./account.ts";
import type { State } from "./state.ts";

/** An account and where it is. */
export interface FoundAccount extends Account {
  readonly index: number;
}

/** Accounts with this key, this L1 owner or both, by index. Reads every account there could be: at most 65,536. */
export function findAccounts(
  state: State,
  { key, l1Owner }: Partial<Pick<Account, "key" | "l1Owner">>,
): FoundAccount[] {
  return indexes(state).flatMap((index) => {
    const account = state.account(index);
    const isWanted =
      account.key !== 0n && (key ?? account.key) === account.key && (l1Owner ?? account.l1Owner) === account.l1Owner;
    return isWanted ? [{ ...account, index }] : [];
  });
}

/**
 * The first index that a deposit could open an account at, undefined if there is none left.
 * @param taken indexes that deposits under way will open
 */
export function freeIndex(state: State, taken: ReadonlySet<number> = new Set()): number | undefined {
  return indexes(state).find((index) => !taken.has(index) && state.account(index).key === 0n);
}

/** All but 0, which is never used. */
function indexes(state: State): number[] {
  return Array.from({ length: accountCount(state) - 1 }, (_, i) => i + 1);
}
