import { publish } from "../chain/actions/publish.ts";
import { planned } from "../chain/tx/index.ts";
import { FEE_MANTISSA_BITS, nearestFloats } from "../protocol/float.ts";
import { decodeTransfer, encodeTransfer } from "../protocol/messages.ts";
import { signTransfer, type SignedTransfer } from "../protocol/transfer.ts";
import { checkTransfer, isAdmitted } from "../state/admission.ts";
import type { State } from "../state/state.ts";
import { ownAccount } from "./accounts.ts";
import { requireAlive } from "./alive.ts";
import { type Asset, formatAmount, requireAmount } from "./amount.ts";
import type { WalletContext } from "./context.ts";
import { ReplacementFeeError } from "./errors.ts";
import { forecastQueue, operationsOn } from "./forecast.ts";
import { type Pending, pendingTransfers, sentTransfers } from "./pending.ts";
import { describeAhead, inTokens } from "./refusal.ts";
import { requireOther } from "./request.ts";

export interface SendParameters {
  /** Account of the receiver; 0: an exit to the L1 owner of the sending account. */
  readonly to: number;
  /** Wei. */
  readonly amount: bigint;
  /** Wei, for the proposer. */
  readonly fee: bigint;
  /** An account with the wallet's key. Left out: the best that the wallet also owns on L1 (`ownAccount`). */
  readonly account?: number | undefined;
  /**
   * Left out: the next nonce after the published transfers that are in no block yet. Given: a published transfer with
   * this nonce is replaced, for a higher fee.
   */
  readonly nonce?: bigint | undefined;
  /** Whether to put it on L1 for proposers to see. */
  readonly isPublished: boolean;
}

export interface Sent {
  readonly transfer: SignedTransfer;
  /** For whoever is to pass it on, hexadecimal. */
  readonly encoded: string;
  /** The account's transfers that come before it. */
  readonly ahead: number;
  /**
   * Whether it can come into a block only after what is in the bridge's queue, because it spends a deposit, or the
   * nonce of a transfer that a forced operation leaves too little for.
   */
  readonly needsQueue: boolean;
  /** On L1; undefined if it was not published. */
  readonly transaction: string | undefined;
}

/**
 * Signs a transfer that can go into a block right after what is in the queue and what was published before it, and
 * publishes it. One to the sending account, or of nothing, only takes back the published one that it replaces.
 * @throws {InadmissibleTransferError}
 * @throws {NoAmountError}
 * @throws {MalformedError} for a receiver that is the sender
 * @throws {ReplacementFeeError} before anything is sent
 */
export async function send(context: WalletContext, parameters: SendParameters): Promise<Sent> {
  const { client, signer } = context;
  // Planned, because the transfer of a second run would have another nonce.
  const { encoded, ahead, needsQueue } = await planned(signer, () => signNext(context, parameters));
  const message = { topic: "Transaction", subject: client.deployment.domain, data: encoded } as const;
  const receipt = parameters.isPublished ? await publish(client, signer, message) : undefined;
  return { transfer: decodeTransfer(encoded), encoded, ahead, needsQueue, transaction: receipt?.hash };
}

/** Signs the transfer that comes next. */
async function signNext(
  context: WalletContext,
  { to, amount, fee, account, nonce }: SendParameters,
): Promise<Pick<Sent, "encoded" | "ahead" | "needsQueue">> {
  const { client, asset, identity, synced } = context;
  const { domain } = client.deployment;
  await requireAlive(client);
  const forecast = await forecastQueue(client, synced.state);
  const { index } = ownAccount(forecast.state, identity, account);
  const published = await sentTransfers(context, index);
  const pendingAfter = (state: State): Pending => pendingTransfers(state, published, { index, domain, below: nonce });
  const pending = pendingAfter(forecast.state);
  if (pending.next !== undefined) requireHigherFee(fee, pending.next, asset);
  if (pending.next === undefined || to === 0) requireAmount(amount, asset);
  if (pending.next === undefined) requireOther(to, index);
  const next = nonce ?? pending.state.account(index).nonce;
  const transfer = signTransfer(identity.secret, domain, { from: index, to, amount, fee }, next);
  try {
    checkTransfer(pending.state, transfer, domain);
  } catch (error) {
    throw inTokens(error, asset, describeAhead(operationsOn(forecast, index), pending.transfers.length));
  }
  const needsQueue =
    forecast.operations.length > 0 &&
    !isAdmitted(() => checkTransfer(pendingAfter(synced.state).state, transfer, domain));
  return { encoded: encodeTransfer(transfer), ahead: pending.transfers.length, needsQueue };
}

/**
 * Proposers prefer the transfer that was published first unless another pays more, so a replacement for the same fee
 * would never come into a block.
 * @throws {ReplacementFeeError}
 */
function requireHigherFee(fee: bigint, replaced: SignedTransfer, asset: Asset): void {
  if (fee > replaced.fee) return;
  // Nothing can replace the greatest fee, but that is more than there are tokens.
  const needed = nearestFloats(replaced.fee + 1n, FEE_MANTISSA_BITS).above ?? replaced.fee;
  const show = (wei: bigint): string => formatAmount(wei, asset);
  throw new ReplacementFeeError(replaced.nonce, show(fee), show(replaced.fee), show(needed));
}
