import type { ChainClient } from "../chain/client.ts";
import { TOPICS } from "../chain/actions/publish.ts";
import { rangesBackwards } from "../chain/scan.ts";
import { B52Error } from "../protocol/errors.ts";
import { decodeTransfer } from "../protocol/messages.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { InadmissibleTransferError } from "../state/admission.ts";
import { applyTransfer } from "../state/executor.ts";
import type { State } from "../state/state.ts";

/** What an account has sent that is in no block yet. */
export interface Pending {
  /** In the order of their nonces, from the account's on. */
  readonly transfers: readonly SignedTransfer[];
  /** As if they were in a block. */
  readonly state: State;
}

/**
 * The transfers of account `index` that `publisher` has put on the bulletin, and that can still go into a block one after the other. What cannot, because the balance is gone,
 * or because the receiver is, is left out: its nonce is free again.
 * @param below nonce to stop at
 */
export async function pendingTransfers(
  client: ChainClient,
  state: State,
  { index, publisher, below }: { readonly index: number; readonly publisher: string; readonly below?: bigint },
): Promise<Pending> {
  const published = await publishedTransfers(client, { index, publisher, from: state.account(index).nonce });
  const next = state.fork();
  const transfers: SignedTransfer[] = [];
  for (;;) {
    const { nonce } = next.account(index);
    const found = below !== undefined && nonce >= below ? undefined : published.findLast((transfer) => transfer.nonce === nonce);
    if (found === undefined || !apply(next, found, client.deployment.domain)) return { transfers, state: next };
    transfers.push(found);
  }
}

function apply(state: State, transfer: SignedTransfer, domain: bigint): boolean {
  try {
    applyTransfer(state, transfer, domain);
    return true;
  } catch (error) {
    if (error instanceof InadmissibleTransferError) return false;
    throw error;
  }
}

/** What `publisher` has published of the account's transfers with nonces from `from` on, in that order. */
async function publishedTransfers(
  { bulletin, provider, deployment }: ChainClient,
  { index, publisher, from }: { readonly index: number; readonly publisher: string; readonly from: bigint },
): Promise<SignedTransfer[]> {
  const filter = bulletin.filters.Published(TOPICS.indexOf("Transaction"), deployment.domain, publisher);
  const transfers: SignedTransfer[] = [];
  for (const [first, last] of rangesBackwards(deployment.deployedAt, await provider.getBlockNumber())) {
    const found = (await bulletin.queryFilter(filter, first, last)).flatMap(({ args }) => {
      const transfer = transferIn(args.data);
      return transfer?.from === index ? [transfer] : [];
    });
    transfers.unshift(...found.filter(({ nonce }) => nonce >= from));
    // A wallet's nonces only grow: what is older still is in blocks already.
    if (found.some(({ nonce }) => nonce < from)) break;
  }
  return transfers;
}

function transferIn(data: string): SignedTransfer | undefined {
  try {
    return decodeTransfer(data);
  } catch (error) {
    if (error instanceof B52Error) return undefined; // anybody may publish anything
    throw error;
  }
}
