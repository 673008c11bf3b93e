import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { roundId } from "../../../src/protocol/round.ts";
import type { ProposalMessage } from "../../../src/gossip/index.ts";
import type { L1View } from "../../../src/roles/index.ts";
import { commitOf, l1Of, OPENS, PARENT, roundIn, SLOTS } from "../../roles/views.ts";

export const ROUNDS = 9;
export const DOMAIN = 7n;
/** Slots that the prover may promise in a round: two of three offers. */
export const CAPACITY = 2 * SLOTS;
const OFFERS = 3;
/** Address of who makes the offers that the prover weighs. */
const RIVAL = "0x00000000000000000000000000000000000000a1";

/** What others have seen of the programs: the world outside, which outlives every one of them. */
export type Seen =
  | { readonly kind: "vote"; readonly round: number; readonly proposal: string; readonly vote: string }
  | { readonly kind: "offer"; readonly round: number; readonly proposal: string; readonly orderCommitment: string }
  | { readonly kind: "begin"; readonly round: number; readonly slot: number }
  | { readonly kind: "proof"; readonly round: number; readonly slot: number; readonly proof: string };

/**
 * L1 and the network, as far as they need it: a round is open until the prover has voted and the proposer has offered,
 * then a block of it is to be proven until all of its proofs are published.
 */
export class PlayedWorld {
  readonly #file: string;
  readonly #key: bigint;

  constructor(file: string, key: bigint) {
    this.#file = file;
    this.#key = key;
  }

  get seen(): readonly Seen[] {
    if (!existsSync(this.#file)) return [];
    const lines = readFileSync(this.#file, "utf8").trim().split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Seen);
  }

  see(seen: Seen): void {
    appendFileSync(this.#file, `${JSON.stringify(seen)}\n`);
  }

  /** Where it stands; undefined when all rounds are over. */
  get stage(): { readonly round: number; readonly isProving: boolean } | undefined {
    const { seen } = this;
    for (let round = 1; round <= ROUNDS; round++) {
      const of = (kind: Seen["kind"]): Seen[] => seen.filter((each) => each.round === round && each.kind === kind);
      const voted = new Set(of("vote").map((each) => (each as { proposal: string }).proposal)).size;
      if (voted < CAPACITY / SLOTS || of("offer").length === 0) return { round, isProving: false };
      const proven = new Set(of("proof").map((each) => (each as { slot: number }).slot)).size;
      if (proven < SLOTS) return { round, isProving: true };
    }
    return undefined;
  }

  /** The offers of a round. They bid something else each time they are made, as rivals do. */
  offers(round: number, bid: bigint): ProposalMessage[] {
    return Array.from({ length: OFFERS }, (_, i) => ({
      proposal: {
        ...{ domain: DOMAIN, roundId: roundId({ height: round, attempt: 1 }), parent: PARENT },
        ...{
          orderCommitment: `0x${BigInt(i + 1)
            .toString(16)
            .padStart(64, "0")}`,
          proverShareBps: 5_000,
        },
        proposer: `${RIVAL.slice(0, -1)}${i + 1}`,
      },
      burnBid: bid + BigInt(i),
    }));
  }

  view(me: string): L1View {
    const { round, isProving } = this.stage ?? { round: ROUNDS + 1, isProving: false };
    const at = (height: number) => ({ height, attempt: 1 });
    const roundNumber = BigInt(round);
    const change = {
      ...{ round: at(round), roundNumber },
      ...(isProving
        ? { commitRound: at(round + 1), commitRoundNumber: roundNumber + 1n }
        : { commitRound: at(round), commitRoundNumber: roundNumber }),
    };
    const common = { seats: new Map([[me, 1]]), maxSlotsPerProver: SLOTS };
    if (!isProving) return l1Of("Proposing", { ...common, now: OPENS + 100n, round: roundIn("Proposing", change) });
    const voted = this.seen.find((each) => each.round === round && each.kind === "vote") as Seen & { proposal: string };
    const commit = commitOf({
      ...{ proposalId: BigInt(voted.proposal), burnBid: 10n ** 6n, height: round },
      transcript: Array<number>(SLOTS).fill(1),
    });
    return l1Of("Proving", {
      ...common,
      round: roundIn("Proving", change),
      open: [{ ...commit, keys: commit.keys.map(() => this.#key) }],
    });
  }
}
