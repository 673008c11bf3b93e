import { depositAsset } from "../chain/actions/depositAsset.ts";
import { getQueue } from "../chain/actions/getQueue.ts";
import { accountCount } from "../protocol/profile.ts";
import { findAccounts, freeIndex } from "../state/lookup.ts";
import type { WalletContext } from "./context.ts";
import { AmbiguousAccountError, NoFreeAccountError, NotOwnAccountError } from "./errors.ts";
import { provideFunds } from "./funds.ts";

export interface WalletDepositParameters {
  /** Wei. */
  readonly amount: bigint;
  /** One of the wallet's, or a free one; without it the wallet's only account, or the first free one. */
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

/** Pays into the wallet's account on the L2. If somebody else's deposit takes the free account first, the amount comes back as an exit, to be claimed. */
export async function deposit(context: WalletContext, { amount, account: wanted }: WalletDepositParameters): Promise<WalletDeposit> {
  const { client, identity, signer, synced } = context;
  const account = await depositTarget(context, wanted);
  const fee = await client.bridge.operationFee();
  await provideFunds(context, amount + fee, "the deposit and its fee");
  const { receipt, index } = await depositAsset(client, signer, { to: account, amount, key: identity.key, l1Owner: identity.address });
  return { account, opens: synced.state.account(account).key === 0n, operation: index, fee, transaction: receipt.hash };
}

async function depositTarget({ client, identity, synced: { state } }: WalletContext, wanted: number | undefined): Promise<number> {
  const { key } = identity;
  if (wanted !== undefined) {
    const owner = state.account(wanted).key;
    if (owner !== 0n && owner !== key) throw new NotOwnAccountError(wanted, "key", owner.toString(), key.toString());
    return wanted;
  }
  const own = findAccounts(state, { key }).map(({ index }) => index);
  if (own.length > 1) throw new AmbiguousAccountError(own);
  if (own.length === 1) return own[0]!;
  // Deposits under way open accounts too, maybe this wallet's.
  const queued = (await getQueue(client)).map(({ operation }) => operation).filter((operation) => operation.key !== 0n);
  const opening = queued.find((operation) => operation.key === key && state.account(operation.to).key === 0n);
  const free = opening?.to ?? freeIndex(state, new Set(queued.map(({ to }) => to)));
  if (free === undefined) throw new NoFreeAccountError(accountCount(state));
  return free;
}
