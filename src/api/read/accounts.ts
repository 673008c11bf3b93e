import { setImmediate as turn } from "node:timers/promises";
import type { z } from "zod";
import { toHex32 } from "../../protocol/hex.ts";
import { accountCount } from "../../protocol/profile.ts";
import type { Account } from "../../state/account.ts";
import type { State } from "../../state/state.ts";
import { addressOf } from "../index/address.ts";
import type { account } from "../schema/index.ts";
import { cursorOf, type Page, type PageQuery } from "./page.ts";

export interface AccountsQuery extends PageQuery {
  readonly key?: bigint | undefined;
  readonly l1Owner?: bigint | undefined;
}

/** Accounts that are read before others get their turn. */
const AT_ONCE = 1_000;

export const accountOf = (index: number, { key, balance, nonce, l1Owner }: Account): z.infer<typeof account> => ({
  index,
  key: toHex32(key),
  balance: balance.toString(),
  nonce: nonce.toString(),
  l1Owner: addressOf(l1Owner),
});

/** Accounts by index. Reads on from the cursor until the page is full: at most as many as there can be, 65,536. */
export async function readAccounts(state: State, query: AccountsQuery): Promise<Page<z.infer<typeof account>>> {
  const [after] = cursorOf(query, 1) ?? [0];
  const { key, l1Owner, limit } = query;
  const items: z.infer<typeof account>[] = [];
  const count = accountCount(state);
  for (let index = after! + 1; index < count; index++) {
    if ((index - after!) % AT_ONCE === 0) await turn();
    const found = state.account(index);
    const isWanted =
      found.key !== 0n && (key ?? found.key) === found.key && (l1Owner ?? found.l1Owner) === found.l1Owner;
    if (!isWanted) continue;
    if (items.length === limit) return { items, next: `${items.at(-1)!.index}` };
    items.push(accountOf(index, found));
  }
  return { items, next: null };
}
