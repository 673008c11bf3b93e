import { type Draft, draftBlock, type DraftParameters } from "../../block/draft.ts";
import type { Mempool } from "../mempool.ts";

/** What a block is to be built for: all but its content. */
export type BuildRequest = Omit<DraftParameters, "pool">;

/**
 * Orders a block. Knows nothing of provers, votes and proofs: it may be another program, whose owner sells the order to
 * the proposer.
 */
export interface Builder {
  build(request: BuildRequest): Promise<Draft>;
}

/** Fills blocks from a mempool, by fees. */
export class MempoolBuilder implements Builder {
  readonly #mempool: Mempool;

  constructor(mempool: Mempool) {
    this.#mempool = mempool;
  }

  async build(request: BuildRequest): Promise<Draft> {
    return draftBlock({ ...request, pool: this.#mempool.pending() });
  }
}
