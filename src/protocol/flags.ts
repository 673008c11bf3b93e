/** What one word of flags says of each of its 64 slots, in the order of its four quarters. */
export const FLAG_KINDS = ["voted", "delivered", "paid", "handedIn"] as const;

export type FlagKind = (typeof FLAG_KINDS)[number];

/** One word per 64 slots. */
export type Flags = readonly bigint[];

const SLOTS_PER_WORD = 64;

/** Words of flags with nothing set. */
export function emptyFlags(slots: number): Flags {
  return Array<bigint>(Math.ceil(slots / SLOTS_PER_WORD)).fill(0n);
}

export function hasFlag(flags: Flags, kind: FlagKind, slot: number): boolean {
  return ((flags[Math.floor(slot / SLOTS_PER_WORD)] ?? 0n) & flagBit(kind, slot)) !== 0n;
}

/** The same flags with one more set. */
export function withFlag(flags: Flags, kind: FlagKind, slot: number): Flags {
  return flags.map((word, i) => (i === Math.floor(slot / SLOTS_PER_WORD) ? word | flagBit(kind, slot) : word));
}

/** Flags of slots `0 ..`, from one predicate for each kind that may be set. */
export function packFlags(slots: number, is: Partial<Record<FlagKind, (slot: number) => boolean>>): Flags {
  let flags = emptyFlags(slots);
  for (const kind of FLAG_KINDS) {
    for (let slot = 0; slot < slots; slot++) {
      if (is[kind]?.(slot)) flags = withFlag(flags, kind, slot);
    }
  }
  return flags;
}

/** Both voted and delivered. */
export function isFulfilled(flags: Flags, slot: number): boolean {
  return hasFlag(flags, "voted", slot) && hasFlag(flags, "delivered", slot);
}

function flagBit(kind: FlagKind, slot: number): bigint {
  return 1n << BigInt(SLOTS_PER_WORD * FLAG_KINDS.indexOf(kind) + (slot % SLOTS_PER_WORD));
}
