import { keccak256 } from "ethers";
import type { KeptTransfer, MempoolTable } from "../database/index.ts";
import { decodeTransfer, encodeTransfer } from "../protocol/messages.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import type { State } from "../state/state.ts";
import { Mempool, type MempoolOptions } from "./mempool.ts";

/** What a transfer is known by: the hash of its encoding. */
export const transferHash = (transfer: SignedTransfer): string => keccak256(encodeTransfer(transfer));

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
  const encoded = encodeTransfer(transfer);
  return { hash: keccak256(encoded), sender: transfer.from, nonce: transfer.nonce, encoded };
}
