import { approveAsset } from "../chain/actions/approveAsset.ts";
import { depositAsset } from "../chain/actions/depositAsset.ts";
import { getQueue, type QueuedOperation } from "../chain/actions/getQueue.ts";
import { planned } from "../chain/tx/index.ts";
import { accountCount } from "../protocol/profile.ts";
import type { Operation } from "../protocol/operation.ts";
import { freeIndex } from "../state/lookup.ts";
import type { State } from "../state/state.ts";
import { accountAt, addressOf, ownAccounts } from "./accounts.ts";
import { requireAlive } from "./alive.ts";
import { requireAmount } from "./amount.ts";
import type { WalletContext } from "./context.ts";
import { NoFreeAccountError, NotOwnAccountError } from "./errors.ts";
import { needsApproval } from "./funds.ts";

export interface WalletDepositParameters {
  /** Wei. */
  readonly amount: bigint;
  /** One of the wallet's accounts, or a free one. Left out: the wallet's own, or the first free one. */
  readonly account?: number | undefined;
}

export interface WalletDeposit {
  /** On the L2. */
  readonly account: number;
  /** Whether the account is opened by it. */
  readonly opens: boolean;
  /** Number of the operation in the bridge's queue. */
  readonly operation: number;
  /** Wei that it cost beside the amount. */
  readonly fee: bigint;
  /** Transaction on L1. */
  readonly transaction: string;
}

/**
 * Pays into the wallet's account on the L2. If somebody else's deposit takes the free account first, the amount comes
 * back as an exit, to be claimed.
 */
export async function deposit(
  context: WalletContext,
  { amount, account: wanted }: WalletDepositParameters,
): Promise<WalletDeposit> {
  const { client, identity, signer, synced } = context;
  requireAmount(amount, context.asset);
  const { account, opens, fee, approves } = await planned(signer, async () => {
    await requireAlive(client);
    const account = await depositTarget(context, wanted);
    const fee = await client.bridge.operationFee();
    const approves = await needsApproval(context, amount + fee, "the deposit and its fee");
    return { account, opens: synced.state.account(account).key === 0n, fee, approves };
  });
  if (approves) await approveAsset(client, signer, amount + fee);
  const { receipt, index } = await depositAsset(client, signer, {
    to: account,
    amount,
    key: identity.key,
    l1Owner: identity.address,
  });
  return { account, opens, operation: index, fee, transaction: receipt.hash };
}

/** A deposit enters an account of the same key and the same owner, or opens one. */
async function depositTarget(
  { client, identity, synced: { state } }: WalletContext,
  wanted: number | undefined,
): Promise<number> {
  const { key, address } = identity;
  const l1Owner = BigInt(address);
  if (wanted !== undefined) {
    const account = accountAt(state, wanted);
    if (account.key === 0n) return wanted;
    if (account.key !== key) throw new NotOwnAccountError(wanted, "key", account.key.toString(), key.toString());
    if (account.l1Owner !== l1Owner)
      throw new NotOwnAccountError(wanted, "L1 owner", addressOf(account.l1Owner), address);
    return wanted;
  }
  const own = ownAccounts(state, identity).find((account) => account.l1Owner === l1Owner);
  if (own !== undefined) return own.index;
  // Deposits under way open accounts too, maybe this wallet's.
  const openers = openersOf(state, await getQueue(client));
  const opening = [...openers.values()].find((opener) => opener.key === key && opener.l1Owner === l1Owner);
  const free = opening?.to ?? freeIndex(state, new Set(openers.keys()));
  if (free === undefined) throw new NoFreeAccountError(accountCount(state));
  return free;
}

/**
 * The deposits in the queue that will open accounts, by index. Of several deposits to one index the first opens the
 * account, whoever the others are for. Anybody may name any index, even beyond the tree.
 */
function openersOf(state: State, queue: readonly QueuedOperation[]): Map<number, Operation> {
  const openers = new Map<number, Operation>();
  for (const { operation } of queue) {
    const { key, to } = operation;
    if (key === 0n || to >= accountCount(state) || openers.has(to) || state.account(to).key !== 0n) continue;
    openers.set(to, operation);
  }
  return openers;
}
