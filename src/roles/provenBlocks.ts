import { type Flags, hasFlag } from "../protocol/flags.ts";
import type { Profile } from "../protocol/profile.ts";
import { decodeTranscript } from "../protocol/transcript.ts";
import type { Debt } from "./l1View.ts";
import type { Delivery } from "./records.ts";

/** A block of a round of which something was proven. */
export interface ProvenBlock {
  readonly proposalId: bigint;
  /** Two bytes a slot, as hexadecimal. */
  readonly transcript: string;
  readonly flags: Flags;
}

/** Who has promised something in these blocks, and not delivered it. */
export function debtsOf(profile: Profile, blocks: readonly ProvenBlock[], height: number): Debt[] {
  return blocks.flatMap(({ proposalId, transcript, flags }) => {
    const indexes = decodeTranscript(profile, transcript);
    const isOwed = (slot: number): boolean => hasFlag(flags, "voted", slot) && !hasFlag(flags, "delivered", slot);
    const debtors = new Set(indexes.filter((_, slot) => isOwed(slot)).sort((a, b) => a - b));
    return [...debtors].map((proverIndex) => ({ proposalId, proverIndex, transcript, height }));
  });
}

/** What each prover has kept of its word in these blocks, by its index. */
export function deliveriesOf(profile: Profile, blocks: readonly ProvenBlock[]): ReadonlyMap<number, Delivery> {
  const deliveries = new Map<number, Delivery>();
  for (const { transcript, flags } of blocks) {
    decodeTranscript(profile, transcript).forEach((index, slot) => {
      if (index === 0 || !hasFlag(flags, "voted", slot)) return;
      const { voted, delivered } = deliveries.get(index) ?? { voted: 0, delivered: 0 };
      const isDelivered = hasFlag(flags, "delivered", slot);
      deliveries.set(index, { voted: voted + 1, delivered: delivered + (isDelivered ? 1 : 0) });
    });
  }
  return deliveries;
}
