import { assertField, assertUint, SUBGROUP_ORDER } from "./field.ts";
import { MalformedError, OutOfRangeError } from "./errors.ts";
import type { PackedOperation } from "./operation.ts";
import { elementsPerBase, type Profile, TRANSFERS_PER_WORD, wordsPerBase } from "./profile.ts";
import { TRANSFER_BITS } from "./transfer.ts";

/** Bits of one word: three transfers, or half of an operation. */
const WORD_BITS = 240;

const MASK = (1n << BigInt(TRANSFER_BITS)) - 1n;

/** Both words of a place without an operation. */
const NO_OPERATION: PackedOperation = [0n, 0n];

/** What is public of one transfer. The x coordinate of R8 is one of the two that belong to its y. */
export interface TransferElements {
  /** `packTransfer`; 0 = no operation, and then the others are 0, too. */
  readonly packed: bigint;
  /** y coordinate of the signature's R8. */
  readonly r8y: bigint;
  /** The signature's scalar. */
  readonly s: bigint;
}

/** An unused place. */
export const NO_TRANSFER: TransferElements = { packed: 0n, r8y: 0n, s: 0n };

/** The profile's sizes that say what a base node's elements are. */
export type ElementSizes = Pick<Profile, "transfersPerBase" | "operationsPerBase">;

/**
 * The words of one base node of transfers, unused places 0.
 * @throws {MalformedError} if there are more transfers than it proves
 */
export function packWords(profile: Pick<Profile, "transfersPerBase">, packed: readonly bigint[]): bigint[] {
  if (packed.length > profile.transfersPerBase) {
    throw new MalformedError("count of transfers", packed.length, `at most ${profile.transfersPerBase}`);
  }
  return Array.from({ length: wordsPerBase(profile) }, (_, word) => {
    let value = 0n;
    for (let i = 0; i < TRANSFERS_PER_WORD; i++) {
      value =
        (value << BigInt(TRANSFER_BITS)) |
        assertUint(packed[word * TRANSFERS_PER_WORD + i] ?? 0n, TRANSFER_BITS, "packed transfer");
    }
    return value;
  });
}

/**
 * The packed transfers of one base node, one for each place.
 * @throws {MalformedError} if a place that is never proven is used
 */
export function unpackWords(profile: Pick<Profile, "transfersPerBase">, words: readonly bigint[]): bigint[] {
  if (words.length !== wordsPerBase(profile))
    throw new MalformedError("count of words", words.length, `${wordsPerBase(profile)}`);
  const places = words.flatMap((word) => {
    assertUint(word, WORD_BITS, "word");
    return [word >> 160n, (word >> 80n) & MASK, word & MASK];
  });
  if (places.slice(profile.transfersPerBase).some((place) => place !== 0n)) {
    throw new MalformedError("unused place of a word", "non-zero", "0");
  }
  return places.slice(0, profile.transfersPerBase);
}

/**
 * The elements of one base node of transfers: its words, then R8.y and S of every place, then zeros.
 * @param transfers of the first places; the others are unused
 * @throws {MalformedError | OutOfRangeError} for elements that no circuit proves
 */
export function transferElements(profile: ElementSizes, transfers: readonly TransferElements[]): bigint[] {
  const words = packWords(
    profile,
    transfers.map(({ packed }) => packed),
  );
  const places = Array.from({ length: profile.transfersPerBase }, (_, t) => transfers[t] ?? NO_TRANSFER);
  return padded(profile, [...words, ...places.flatMap((place, t) => signatureElements(place, t))]);
}

/**
 * The inverse of {@link transferElements}, one for each place.
 * @throws {MalformedError | OutOfRangeError} for elements that no circuit proves
 */
export function unpackTransferElements(profile: ElementSizes, elements: readonly bigint[]): TransferElements[] {
  const words = wordsPerBase(profile);
  assertPadding(profile, elements, words + 2 * profile.transfersPerBase);
  const signatures = elements.slice(words);
  return unpackWords(profile, elements.slice(0, words)).map((packed, t) => {
    const place = { packed, r8y: signatures[2 * t]!, s: signatures[2 * t + 1]! };
    signatureElements(place, t);
    return place;
  });
}

/**
 * The elements of one base node of operations: two words for each place, then zeros.
 * @throws {MalformedError} if there are more operations than it proves
 */
export function operationElements(profile: ElementSizes, operations: readonly PackedOperation[]): bigint[] {
  const { operationsPerBase } = profile;
  if (operations.length > operationsPerBase) {
    throw new MalformedError("count of operations", operations.length, `at most ${operationsPerBase}`);
  }
  const places = Array.from({ length: operationsPerBase }, (_, place) => operations[place] ?? NO_OPERATION);
  return padded(
    profile,
    places.flat().map((word) => assertUint(word, WORD_BITS, "word")),
  );
}

function signatureElements({ packed, r8y, s }: TransferElements, place: number): [bigint, bigint] {
  if (packed === 0n && (r8y !== 0n || s !== 0n))
    throw new MalformedError(`signature at place ${place}`, "non-zero", "0, as there is no transfer");
  assertField(r8y, `R8.y at place ${place}`);
  if (s < 0n || s >= SUBGROUP_ORDER) throw new OutOfRangeError(`S at place ${place}`, s, "0 to SUBGROUP_ORDER - 1");
  return [r8y, s];
}

function padded(profile: ElementSizes, elements: readonly bigint[]): bigint[] {
  return Array.from({ length: elementsPerBase(profile) }, (_, i) => elements[i] ?? 0n);
}

function assertPadding(profile: ElementSizes, elements: readonly bigint[], used: number): void {
  const count = elementsPerBase(profile);
  if (elements.length !== count) throw new MalformedError("count of elements", elements.length, `${count}`);
  const found = elements.slice(used).findIndex((element) => element !== 0n);
  if (found >= 0) throw new MalformedError(`element ${used + found} of a base node`, "not 0", "0: it is padding");
}
