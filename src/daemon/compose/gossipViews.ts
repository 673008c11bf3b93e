import type { GossipView, RollupView } from "../../gossip/index.ts";
import { gossipView, type Hearing, type L1Reader, type L1View, type Ledger } from "../../roles/index.ts";
import type { State } from "../../state/state.ts";

/** Under messages L1 is looked at as often as this, ms: who sends may have seen a block that this node has not. */
const FRESH_MS = 250;

/**
 * What a node knows when a message comes. It is put together once for all messages until something changes: a block of
 * L1, a proposal that was heard, the state.
 */
export class GossipViews {
  readonly #reader: L1Reader;
  readonly #hearing: Hearing;
  readonly #ledger: Ledger;
  readonly #rollup: RollupView;
  #lookedAt = -Infinity;
  #known:
    { readonly l1: L1View; readonly version: number; readonly state: State; readonly view: GossipView } | undefined;

  constructor(reader: L1Reader, hearing: Hearing, ledger: Ledger, rollup: RollupView) {
    this.#reader = reader;
    this.#hearing = hearing;
    this.#ledger = ledger;
    this.#rollup = rollup;
  }

  async view(): Promise<GossipView> {
    const l1 = await this.#look();
    const { version } = this.#hearing;
    const { state } = this.#ledger;
    const known = this.#known;
    if (known?.l1 === l1 && known.version === version && known.state === state) return known.view;
    const view = gossipView(l1, this.#hearing.proposals, this.#rollup, state);
    this.#known = { l1, version, state, view };
    return view;
  }

  async #look(): Promise<L1View> {
    const { latest } = this.#reader;
    const now = performance.now();
    if (latest !== undefined && now - this.#lookedAt < FRESH_MS) return latest;
    this.#lookedAt = now;
    // While L1 does not answer, what was last seen has to do.
    return this.#reader.read().catch((error: unknown) => {
      if (latest === undefined) throw error;
      return latest;
    });
  }
}
