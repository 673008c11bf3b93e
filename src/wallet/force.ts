import { approveAsset } from "../chain/actions/approveAsset.ts";
import { forceExit } from "../chain/actions/forceExit.ts";
import { forceTransfer } from "../chain/actions/forceTransfer.ts";
import { planned } from "../chain/tx/index.ts";
import {
  AccountOutOfRangeError,
  BalanceOverflowError,
  type InadmissibleTransferError,
  InsufficientBalanceError,
  UnknownReceiverError,
} from "../state/admission.ts";
import { BALANCE_BITS } from "../state/account.ts";
import type { State } from "../state/state.ts";
import { accountCount } from "../protocol/profile.ts";
import { forcedAccount } from "./accounts.ts";
import { requireAlive } from "./alive.ts";
import { formatAmount, requireAmount } from "./amount.ts";
import type { WalletContext } from "./context.ts";
import { VoidOperationError } from "./errors.ts";
import { executeQueue, type Forecast, forecastQueue, operationsOn } from "./forecast.ts";
import { needsApproval } from "./funds.ts";
import { pendingTransfers, sentTransfers } from "./pending.ts";
import { describeAhead, inTokens } from "./refusal.ts";
import { requireOther } from "./request.ts";

export interface ForceParameters {
  /** Account of the receiver; 0: an exit to the wallet's L1 address. */
  readonly to: number;
  /** Wei. */
  readonly amount: bigint;
  /** An account that the wallet owns on L1; without it, its own. */
  readonly account?: number | undefined;
  /** Whether to post it even if the operations before it in the queue leave it without effect. */
  readonly isAnyway?: boolean | undefined;
}

export interface Forced {
  readonly account: number;
  /** Number of the operation in the bridge's queue. */
  readonly operation: number;
  /** Wei that it cost. */
  readonly fee: bigint;
  /** Whether the operation lacks effect if transfers of the account that are in no block yet come first. */
  readonly isAtRisk: boolean;
  /** Transaction on L1. */
  readonly transaction: string;
}

interface Movement {
  readonly from: number;
  readonly to: number;
  readonly amount: bigint;
}

/**
 * Moves or takes out an amount through the queue on L1, which no proposer can leave out.
 * @throws {VoidOperationError} for what would have no effect after what is in the queue @throws
 * {InadmissibleTransferError} for what never has one
 */
export async function force(
  context: WalletContext,
  { to, amount, account: wanted, isAnyway = false }: ForceParameters,
): Promise<Forced> {
  const { client, asset, identity, signer, synced } = context;
  requireAmount(amount, asset);
  const { from, fee, isAtRisk, approves } = await planned(signer, async () => {
    await requireAlive(client);
    const forecast = await forecastQueue(client, synced.state);
    const { index: from } = forcedAccount(forecast.state, identity, wanted);
    requireOther(to, from);
    const accounts = accountCount(synced.state);
    if (to >= accounts) throw new AccountOutOfRangeError("to", to, accounts);
    const fee = await client.bridge.operationFee();
    const isAtRisk = !isAnyway && (await checkMovement(context, forecast, { from, to, amount }, fee));
    return { from, fee, isAtRisk, approves: await needsApproval(context, fee, "the operation's fee") };
  });
  if (approves) await approveAsset(client, signer, fee);
  const movement = { from, to, amount };
  const { receipt, index } = await (to === 0
    ? forceExit(client, signer, movement)
    : forceTransfer(client, signer, movement));
  return { account: from, operation: index, fee, isAtRisk, transaction: receipt.hash };
}

/**
 * @returns whether it has no effect if transfers of the account come into a block before it
 * @throws {VoidOperationError}
 */
async function checkMovement(
  context: WalletContext,
  forecast: Forecast,
  movement: Movement,
  fee: bigint,
): Promise<boolean> {
  const { client, asset, synced } = context;
  const { from: index } = movement;
  const obstacle = obstacleTo(forecast.state, movement);
  if (obstacle !== undefined) {
    const ahead = describeAhead(operationsOn(forecast, index), 0);
    throw new VoidOperationError(inTokens(obstacle, asset, ahead) as Error, formatAmount(fee, asset));
  }
  const published = await sentTransfers(context, index);
  const afterTransfers = (state: State): State =>
    pendingTransfers(state, published, { index, domain: client.deployment.domain }).state;
  // The transfers may come into a block before the queue does, or after what is in the queue now.
  const others = [
    executeQueue(afterTransfers(synced.state), forecast.operations).state,
    afterTransfers(forecast.state),
  ];
  return others.some((state) => obstacleTo(state, movement) !== undefined);
}

/** Why an operation of an account's owner would change nothing. */
function obstacleTo(state: State, { from, to, amount }: Movement): InadmissibleTransferError | undefined {
  const { balance } = state.account(from);
  if (balance < amount) return new InsufficientBalanceError(from, balance, amount);
  if (to === 0) return undefined;
  const receiver = state.account(to);
  if (receiver.key === 0n) return new UnknownReceiverError(to);
  const received = receiver.balance + amount;
  return received >> BigInt(BALANCE_BITS) === 0n ? undefined : new BalanceOverflowError(to, received);
}
