import { BoundedMap } from "../gossip/bounded.ts";
import type { ProofMessage } from "../gossip/index.ts";
import type { Log } from "../log/index.ts";

/** Proofs of one sender for one block that do not verify, before no more of them are looked at. */
const MOST_BAD = 3;

/** Senders in blocks that are remembered; the one that was added first is forgotten first. All have a stake. */
const MAX_REMEMBERED = 4_096;

/**
 * Whose proofs are worth a check, which takes tens of milliseconds. A sender has signed what it says, so one that sends
 * what proves nothing is not asked for more in that block: it may send two proofs for each slot.
 */
export class ProofCredit {
  readonly #senderOf: (proof: ProofMessage) => string | undefined;
  readonly #bad = new BoundedMap<string, number>(MAX_REMEMBERED);

  /** @param senderOf address; undefined for own proofs, which cost nobody anything */
  constructor(senderOf: (proof: ProofMessage) => string | undefined) {
    this.#senderOf = senderOf;
  }

  isSpent(proof: ProofMessage): boolean {
    return (this.#bad.get(this.#nameOf(proof)) ?? 0) >= MOST_BAD;
  }

  /** For a proof that does not verify. */
  blame(proof: ProofMessage): void {
    if (this.#senderOf(proof) === undefined) return;
    const name = this.#nameOf(proof);
    this.#bad.set(name, (this.#bad.get(name) ?? 0) + 1);
  }

  #nameOf(proof: ProofMessage): string {
    return `${this.#senderOf(proof)} ${proof.proposalId}`;
  }
}

/** Tells the operator of a proof that does not verify. */
export function warnOfInvalid(log: Log, { proposalId: proposal, slot }: ProofMessage): void {
  log.warn("proof-invalid", "a proof that was heard does not verify, and is left out", { proposal, slot });
}
