import { DiskFullError, type KeptTransfer, type MempoolTable } from "../database/index.ts";
import { type Log, NO_LOG } from "../log/index.ts";
import { decodeTransfer, encodeTransfer } from "../protocol/messages.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { transferId } from "../protocol/transferId.ts";
import type { State } from "../state/state.ts";
import { Mempool, type MempoolOptions } from "./mempool.ts";

/**
 * A mempool that outlives its process: it begins with what the table holds, as far as a block can still have it, and
 * leaves there what it takes, and why it drops what it drops. Nothing is promised by it, so it goes on in memory while
 * the disk is full, and is written when there is room again.
 * @param state after the last final block
 * @param log is told when it is not kept
 */
export function keptMempool(
  table: MempoolTable,
  state: State,
  options: MempoolOptions = {},
  log: Pick<Log, "warn"> = NO_LOG,
): Mempool {
  let isKept = true;
  const keep = (write: () => void): void => {
    try {
      if (!isKept) for (const transfer of mempool.transfers) table.put(keptOf(transfer));
      write();
      isKept = true;
    } catch (error) {
      if (!(error instanceof DiskFullError)) throw error;
      if (isKept)
        log.warn("mempool-not-kept", `what the mempool holds is in memory alone: ${error.message}`, { error });
      isKept = false;
    }
  };
  const mempool = new Mempool({
    ...options,
    onTake(transfer) {
      keep(() => table.put(keptOf(transfer)));
      options.onTake?.(transfer);
    },
    onDrop(drop) {
      // What comes again is not gone.
      if (drop.reason !== "known already") keep(() => table.drop(keptOf(drop.transfer), drop.reason));
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
