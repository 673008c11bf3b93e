import { getQueue, type QueuedOperation } from "../chain/actions/getQueue.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { type FoundAccount, findAccounts } from "../state/lookup.ts";
import { ownAccounts } from "./accounts.ts";
import type { FinalExit } from "../sync/syncedState.ts";
import { unclaimedExits } from "./claim.ts";
import type { WalletView } from "./context.ts";
import { pendingTransfers } from "./pending.ts";

/** An account of the wallet. */
export interface OwnAccount extends FoundAccount {
  /** What it has sent that is in no block yet. */
  readonly pending: readonly SignedTransfer[];
  /** Wei, as if that were in a block. */
  readonly pendingBalance: bigint;
}

/** All that a wallet has, wherever it is. Amounts in wei. */
export interface WalletBalance {
  readonly address: string;
  readonly key: bigint;
  /** Of the last final block. */
  readonly height: number;
  readonly isFrozen: boolean;
  readonly l1: { readonly ether: bigint; readonly asset: bigint };
  /** Those with the wallet's key, the best one first. Another L1 owner than the wallet can empty an account, whoever has the key. */
  readonly accounts: readonly OwnAccount[];
  /** Those with another key that the wallet may force operations of. */
  readonly ownedOnL1: readonly FoundAccount[];
  /** The wallet's operations that no final block has executed yet. */
  readonly queued: readonly QueuedOperation[];
  /** To be claimed, the oldest first. */
  readonly exits: readonly FinalExit[];
  /** Wei that the bridge takes for an operation: exits that are worth less are dust (`partDust`). */
  readonly operationFee: bigint;
  /** To be claimed: what the wallet has earned as a proposer. */
  readonly fees: bigint;
}

/** What the wallet has on L1, on the L2 and on the way between them. */
export async function balance(view: WalletView): Promise<WalletBalance> {
  const { client, identity, synced } = view;
  const { address, key } = identity;
  const { state, head } = synced;
  const l1Owner = BigInt(address);
  const [ether, asset, queue, exits, operationFee, credit, isFrozen] = await Promise.all([
    client.provider.getBalance(address),
    client.asset.balanceOf(address),
    getQueue(client),
    unclaimedExits(view),
    client.bridge.operationFee(),
    client.rollup.creditOf(address),
    client.bridge.isFrozen(),
  ]);
  const accounts: OwnAccount[] = [];
  for (const account of ownAccounts(state, identity)) {
    const { transfers, state: after } = await pendingTransfers(client, state, { index: account.index, publisher: address });
    accounts.push({ ...account, pending: transfers, pendingBalance: after.account(account.index).balance });
  }
  return {
    address,
    key,
    height: head.height,
    isFrozen,
    l1: { ether, asset },
    accounts,
    ownedOnL1: findAccounts(state, { l1Owner }).filter((account) => account.key !== key),
    queued: queue.filter(({ operation }) => operation.l1Owner === l1Owner || operation.key === key),
    exits,
    operationFee,
    fees: credit.fees,
  };
}
