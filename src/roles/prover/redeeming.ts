import { type ChainClient, getCandidate } from "../../chain/index.ts";
import { hasFlag } from "../../protocol/flags.ts";
import { indexAt } from "../../protocol/transcript.ts";
import type { KeptBlock, L1View } from "../l1View.ts";

/** A paid block in which a prover kept its word, and that takes one of its misses away. */
export interface Redeemable {
  readonly proposalId: bigint;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  /** When its round can be slashed for no more, L1 time: then the court takes it. */
  readonly from: bigint;
}

/** Whether a prover has voted for slots of a block, has delivered all of them, and was not redeemed for it. */
export function isKept({ transcript, flags, redeemed }: KeptBlock, index: number): boolean {
  if (redeemed.includes(index)) return false;
  const slots = Array.from({ length: (transcript.length - 2) / 4 }, (_, slot) => slot);
  const voted = slots.filter((slot) => indexAt(transcript, slot) === index && hasFlag(flags, "voted", slot));
  return voted.length > 0 && voted.every((slot) => hasFlag(flags, "delivered", slot));
}

/** Finds what redeems a prover. L1 is asked only if it has a miss, and once a block. */
export class RedeemReader {
  readonly #client: ChainClient;
  readonly #index: number;
  readonly #endOf: (proposalId: bigint) => Promise<bigint>;
  #known: { readonly block: string; readonly found: readonly Redeemable[] } | undefined;

  /** @param endOf when the acceptance window of a block ended; read from L1 by default */
  constructor(
    client: ChainClient,
    index: number,
    endOf = async (id: bigint): Promise<bigint> => (await getCandidate(client, id))?.acceptanceEnds ?? 0n,
  ) {
    this.#client = client;
    this.#index = index;
    this.#endOf = endOf;
  }

  /** The oldest block first; older ones than the last miss count for nothing. */
  async read({ block, kept, records }: Pick<L1View, "block" | "kept" | "records">): Promise<readonly Redeemable[]> {
    if ((records.get(this.#index)?.misses ?? 0) === 0) return [];
    if (this.#known?.block !== block.hash) this.#known = { block: block.hash, found: await this.#find(kept) };
    return this.#known.found;
  }

  async #find(kept: readonly KeptBlock[]): Promise<Redeemable[]> {
    const { court } = this.#client;
    const own = kept.filter((each) => isKept(each, this.#index));
    if (own.length === 0) return [];
    const [{ lastMissAt }, slashWindow] = await Promise.all([court.recordOf(this.#index), court.slashWindow()]);
    const found = await Promise.all(
      own.map(async ({ proposalId, transcript }) => {
        const ends = await this.#endOf(proposalId);
        return ends > lastMissAt ? [{ proposalId, transcript, from: ends + slashWindow }] : [];
      }),
    );
    return found.flat();
  }
}
