import { forceExit } from "../chain/actions/forceExit.ts";
import { forceTransfer } from "../chain/actions/forceTransfer.ts";
import { AccountOutOfRangeError, InsufficientBalanceError, UnknownReceiverError } from "../state/admission.ts";
import { MalformedError } from "../protocol/errors.ts";
import { accountCount } from "../protocol/profile.ts";
import { forcedAccount } from "./accounts.ts";
import { requireAlive } from "./alive.ts";
import type { WalletContext } from "./context.ts";
import { provideFunds } from "./funds.ts";

export interface ForceParameters {
  /** Account of the receiver; 0: an exit to the wallet's L1 address. */
  readonly to: number;
  /** Wei. */
  readonly amount: bigint;
  /** An account that the wallet owns on L1; without it, its own. */
  readonly account?: number | undefined;
}

export interface Forced {
  readonly account: number;
  /** Number of the operation in the bridge's queue. */
  readonly operation: number;
  /** Wei that it cost. */
  readonly fee: bigint;
  /** Transaction on L1. */
  readonly transaction: string;
}

/** Has the next block move or take out an amount, whatever its proposer thinks of it. @throws {InadmissibleTransferError} for what would have no effect now */
export async function force(context: WalletContext, { to, amount, account: wanted }: ForceParameters): Promise<Forced> {
  const { client, identity, signer, synced } = context;
  const { state } = synced;
  await requireAlive(client);
  const account = forcedAccount(state, identity, wanted);
  if (to === account.index) throw new MalformedError("receiver", to, "another account than the sender's: to itself nothing is forced");
  if (account.balance < amount) throw new InsufficientBalanceError(account.index, account.balance, amount);
  if (to !== 0) {
    if (to >= accountCount(state)) throw new AccountOutOfRangeError("to", to, accountCount(state));
    if (state.account(to).key === 0n) throw new UnknownReceiverError(to);
  }
  const fee = await client.bridge.operationFee();
  await provideFunds(context, fee, "the operation's fee");
  const from = account.index;
  const { receipt, index } = await (to === 0
    ? forceExit(client, signer, { from, amount })
    : forceTransfer(client, signer, { from, to, amount }));
  return { account: from, operation: index, fee, transaction: receipt.hash };
}
