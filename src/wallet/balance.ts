import type { ChainClient } from "../chain/client.ts";
import type { QueuedOperation } from "../chain/actions/getQueue.ts";
import { operationKind } from "../protocol/operation.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { type FoundAccount, findAccounts } from "../state/lookup.ts";
import { ownAccounts } from "./accounts.ts";
import type { FinalExit } from "../sync/finalBlock.ts";
import { unclaimedExits } from "./claim.ts";
import type { WalletView } from "./context.ts";
import { type Effect, type Forecast, forecastQueue, operationsOn } from "./forecast.ts";
import { pendingTransfers, sentTransfers } from "./pending.ts";

/** An account that the wallet has the key of, or owns on L1. */
export interface HeldAccount extends FoundAccount {
  /** Whether its balance was paid to its owner on L1 after the end of the chain. The last state still shows it. */
  readonly isEscaped: boolean;
}

/** An account with the wallet's key. */
export interface OwnAccount extends HeldAccount {
  /** What it has sent that is in no block yet. */
  readonly pending: readonly SignedTransfer[];
  /** Operations in the queue that change its balance: they come before what it has sent. */
  readonly operations: number;
  /** Wei, as if all of that were in a block. After the end of the chain none of it comes into one. */
  readonly pendingBalance: bigint;
}

/** An operation of the wallet that no block has executed. */
export interface HeldOperation extends QueuedOperation {
  /** Undefined after the end of the chain: nothing executes it. */
  readonly effect: Effect | undefined;
  /** Whether it was paid back to its owner on L1, after the end of the chain. */
  readonly isRefunded: boolean;
}

/** All that a wallet has, wherever it is. Amounts in wei. */
export interface WalletBalance {
  readonly address: string;
  readonly key: bigint;
  /** Of the last final block. */
  readonly height: number;
  readonly isFrozen: boolean;
  readonly l1: { readonly ether: bigint; readonly asset: bigint };
  /**
   * Those with the wallet's key, the best one first. Another L1 owner than the wallet can empty an account, whoever has
   * the key.
   */
  readonly accounts: readonly OwnAccount[];
  /** Those with another key that the wallet may force operations of. */
  readonly ownedOnL1: readonly HeldAccount[];
  /** The wallet's operations that no final block has executed yet. */
  readonly queued: readonly HeldOperation[];
  /** To be claimed, the oldest first. */
  readonly exits: readonly FinalExit[];
  /** Wei that the bridge takes for an operation: exits that are worth less are dust (`partDust`). */
  readonly operationFee: bigint;
  /** To be claimed: what the wallet has earned as a proposer. */
  readonly fees: bigint;
}

/** How many exits to the wallet are to come, in no final block yet: sent, forced, or deposits that come back. */
export function exitsAhead({ accounts, queued }: Pick<WalletBalance, "accounts" | "queued">): number {
  const sent = accounts.flatMap(({ pending }) => pending).filter(({ to }) => to === 0);
  const fromQueue = queued.filter(
    ({ operation, effect }) =>
      effect === "returned" || (effect === "applied" && operationKind(operation) === "forcedExit"),
  );
  return sent.length + fromQueue.length;
}

/** What the wallet has on L1, on the L2 and on the way between them. */
export async function balance(view: WalletView): Promise<WalletBalance> {
  const { client, identity, synced } = view;
  const { address, key } = identity;
  const { state, head } = synced;
  const l1Owner = BigInt(address);
  const [ether, asset, forecast, exits, operationFee, credit, isFrozen] = await Promise.all([
    client.provider.getBalance(address),
    client.asset.balanceOf(address),
    forecastQueue(client, state),
    unclaimedExits(view),
    client.bridge.operationFee(),
    client.rollup.creditOf(address),
    client.bridge.isFrozen(),
  ]);
  const accounts: OwnAccount[] = [];
  for (const account of ownAccounts(state, identity)) {
    accounts.push({
      ...(await held(client, account, isFrozen)),
      ...(await pendingOf(view, forecast, account, isFrozen)),
    });
  }
  const others = findAccounts(state, { l1Owner }).filter((account) => account.key !== key);
  const own = forecast.operations.filter(({ operation }) => operation.l1Owner === l1Owner || operation.key === key);
  return {
    address,
    key,
    height: head.height,
    isFrozen,
    l1: { ether, asset },
    accounts,
    ownedOnL1: await Promise.all(others.map((account) => held(client, account, isFrozen))),
    queued: await Promise.all(
      own.map(async ({ changes: _, effect, ...queued }) => ({
        ...queued,
        effect: isFrozen ? undefined : effect,
        isRefunded: isFrozen && (await client.bridge.isRefunded(queued.index)),
      })),
    ),
    exits,
    operationFee,
    fees: credit.fees,
  };
}

/** Before the end of the chain nothing escapes, so L1 need not be asked. */
async function held({ bridge }: ChainClient, account: FoundAccount, isFrozen: boolean): Promise<HeldAccount> {
  return { ...account, isEscaped: isFrozen && (await bridge.isEscaped(account.index)) };
}

async function pendingOf(
  view: WalletView,
  forecast: Forecast,
  { index, balance }: FoundAccount,
  isFrozen: boolean,
): Promise<Pick<OwnAccount, "operations" | "pending" | "pendingBalance">> {
  if (isFrozen) return { operations: 0, pending: [], pendingBalance: balance };
  const published = await sentTransfers(view, index);
  const { domain } = view.client.deployment;
  const { transfers, state } = pendingTransfers(forecast.state, published, { index, domain });
  return {
    operations: operationsOn(forecast, index),
    pending: transfers,
    pendingBalance: state.account(index).balance,
  };
}
