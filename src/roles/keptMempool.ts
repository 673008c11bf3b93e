import type { KeptTransfer, MempoolTable } from "../database/index.ts";
import { decodeTransfer, encodeTransfer } from "../protocol/messages.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { transferId } from "../protocol/transferId.ts";
import type { State } from "../state/state.ts";
import { Mempool, type MempoolOptions } from "./mempool.ts";

/**
 * A mempool that outlives its process: it begins with what the table holds, as far as a block can still have it, and
 * leaves there what it takes, and why it drops what it drops.
 * @param state after the last final block
 */
export function keptMempool(table: MempoolTable, state: State, options: MempoolOptions = {}): Mempool {
  const mempool = new Mempool({
    ...options,
    onTake(transfer) {
      table.put(keptOf(transfer));
      options.onTake?.(transfer);
    },
    onDrop(drop) {
      // What comes again is not gone.
      if (drop.reason !== "known already") table.drop(keptOf(drop.transfer), drop.reason);
      options.onDrop?.(drop);
    },
  });
  for (const { encoded } of table.transfers()) mempool.add(decodeTransfer(encoded), state);
  return mempool;
}

function keptOf(transfer: SignedTransfer): KeptTransfer {
  return {
    ...{ hash: transferId(transfer), sender: transfer.from, nonce: transfer.nonce },
    encoded: encodeTransfer(transfer),
  };
}
