import type { ChainClient } from "../chain/client.ts";
import { TOPICS } from "../chain/actions/publish.ts";
import { B52Error } from "../protocol/errors.ts";
import { decodeTransfer } from "../protocol/messages.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { isAdmitted } from "../state/admission.ts";
import { applyTransfer } from "../state/executor.ts";
import { rankRivals } from "../state/rivals.ts";
import { transferId } from "../protocol/transferId.ts";
import type { WalletView } from "./context.ts";
import { waitingTransfers } from "./waiting.ts";
import type { State } from "../state/state.ts";

/** What an account has sent that is in no block yet. */
export interface Pending {
  /** In the order of their nonces, from the account's on. */
  readonly transfers: readonly SignedTransfer[];
  /** As if they were in a block. */
  readonly state: State;
  /** The transfer that would come next. Set if `below` stopped before its nonce. */
  readonly next: SignedTransfer | undefined;
}

/**
 * The transfers that account `index` has sent and that can go into blocks after `state`, one after the other. A
 * transfer that cannot, because the balance or the receiver is gone, is left out: its nonce is free again. `rankRivals`
 * decides between several with one nonce.
 * @param published of the account, in the order in which they were, and then what waits at a follower
 * @param below nonce to stop at
 */
export function pendingTransfers(
  state: State,
  published: readonly SignedTransfer[],
  { index, domain, below }: { readonly index: number; readonly domain: bigint; readonly below?: bigint | undefined },
): Pending {
  const ranked = rankRivals(published);
  const transfers: SignedTransfer[] = [];
  for (let before = state.fork(); ;) {
    const { nonce } = before.account(index);
    const after = before.fork();
    // What a proposer takes that goes by the same rule.
    const next = ranked.find(
      (transfer) => transfer.nonce === nonce && isAdmitted(() => applyTransfer(after, transfer, domain)),
    );
    if (next === undefined || (below !== undefined && nonce >= below)) return { transfers, state: before, next };
    transfers.push(next);
    before = after;
  }
}

/** The transfers of account `index` that the wallet has published, and those that wait at a follower. */
export async function sentTransfers(
  { client, identity, api }: Pick<WalletView, "client" | "identity" | "api">,
  index: number,
): Promise<SignedTransfer[]> {
  const [published, waiting] = await Promise.all([
    publishedTransfers(client, { index, publisher: identity.address }),
    api === undefined ? [] : waitingTransfers(api, index),
  ]);
  const known = new Set(published.map(transferId));
  return [...published, ...waiting.filter((transfer) => !known.has(transferId(transfer)))];
}

/** The transfers of account `index` that `publisher` has put on the bulletin, in that order. */
export async function publishedTransfers(
  { bulletin, provider, deployment, scan }: ChainClient,
  { index, publisher }: { readonly index: number; readonly publisher: string },
): Promise<SignedTransfer[]> {
  const filter = bulletin.filters.Published(TOPICS.indexOf("Transaction"), deployment.domain, publisher);
  // All at once where the node allows it: there is little to read, but it may be as old as the account.
  const logs = await scan.all(deployment.started.number, await provider.getBlockNumber(), (first, last) =>
    bulletin.queryFilter(filter, first, last),
  );
  return logs.flatMap(({ args }) => {
    const transfer = transferIn(args.data);
    return transfer?.from === index ? [transfer] : [];
  });
}

function transferIn(data: string): SignedTransfer | undefined {
  try {
    return decodeTransfer(data);
  } catch (error) {
    if (error instanceof B52Error) return undefined; // anybody may publish anything
    throw error;
  }
}
