import { type ChainClient, getLane } from "../../chain/index.ts";
import type { L1View } from "../l1View.ts";
import type { ProposerView } from "./view.ts";

/** What a proposer has on L1. */
export type Seat = Pick<ProposerView, "lanesInUse" | "deposits" | "rewards" | "fees">;

/** Reads what L1 says of a proposer's seat, once for each block. */
export class SeatReader {
  readonly #client: ChainClient;
  #known: (Seat & { /** Hash. */ readonly block: string }) | undefined;

  constructor(client: ChainClient) {
    this.#client = client;
  }

  /** At the block of a view, as good as it can be told. @param proposer address */
  async read(proposer: string, { block }: Pick<L1View, "block">): Promise<Seat> {
    if (this.#known?.block === block.hash) return this.#known;
    const [even, odd, { rewards, fees }] = await Promise.all([
      getLane(this.#client, proposer, 0),
      getLane(this.#client, proposer, 1),
      this.#client.rollup.creditOf(proposer),
    ]);
    this.#known = {
      ...{ block: block.hash, rewards, fees },
      lanesInUse: [even.isInUse, odd.isInUse],
      deposits: [even.deposit, odd.deposit],
    };
    return this.#known;
  }
}
