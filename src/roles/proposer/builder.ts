import type { DraftParameters } from "../../block/draft.ts";
import type { SignedTransfer } from "../../protocol/transfer.ts";
import type { Mempool } from "../mempool.ts";

/** What a block is to be ordered for. The salt that hides the order is its proposer's alone. */
export type OrderRequest = Omit<DraftParameters, "pool" | "salt">;

/**
 * Orders a block. Knows nothing of provers, votes and proofs: it may be another program, whose owner sells the order to
 * the proposer. The proposer executes the order itself: what is not admissible in it, or does not fit, is left out.
 */
export interface Builder {
  order(request: OrderRequest, signal?: AbortSignal): Promise<readonly SignedTransfer[]>;
}

/** Fills blocks from a mempool, by fees. */
export class MempoolBuilder implements Builder {
  readonly #mempool: Pick<Mempool, "pending">;

  constructor(mempool: Pick<Mempool, "pending">) {
    this.#mempool = mempool;
  }

  order(): Promise<readonly SignedTransfer[]> {
    return Promise.resolve(this.#mempool.pending());
  }
}
