import { getBytes, hexlify, keccak256 } from "ethers";
import { MalformedError } from "./errors.ts";
import { assertUint, FIELD, TAG } from "./field.ts";
import { hashMany } from "./poseidon.ts";
import { type Profile, TRANSFERS_PER_WORD, wordsPerBase, wordsPerBlock } from "./profile.ts";
import { TRANSFER_BITS } from "./transfer.ts";

/** Bytes of one word of data: three transfers. */
export const WORD_BYTES = 30;

const WORD_BITS = 8 * WORD_BYTES;

/** The words of one base node, unused places 0. @throws {MalformedError} if there are more transfers than it proves */
export function packWords(profile: Pick<Profile, "transfersPerBase">, packed: readonly bigint[]): bigint[] {
  if (packed.length > profile.transfersPerBase) {
    throw new MalformedError("count of transfers", packed.length, `at most ${profile.transfersPerBase}`);
  }
  return Array.from({ length: wordsPerBase(profile) }, (_, word) => {
    let value = 0n;
    for (let i = 0; i < TRANSFERS_PER_WORD; i++) {
      value = (value << BigInt(TRANSFER_BITS)) | assertUint(packed[word * TRANSFERS_PER_WORD + i] ?? 0n, TRANSFER_BITS, "packed transfer");
    }
    return value;
  });
}

/** The packed transfers of one base node, one for each place. @throws {MalformedError} if a place that is never proven is used */
export function unpackWords(profile: Pick<Profile, "transfersPerBase">, words: readonly bigint[]): bigint[] {
  if (words.length !== wordsPerBase(profile)) throw new MalformedError("count of words", words.length, `${wordsPerBase(profile)}`);
  const places = words.flatMap((word) => {
    assertUint(word, WORD_BITS, "word");
    return [word >> 160n, (word >> 80n) & MASK, word & MASK];
  });
  if (places.slice(profile.transfersPerBase).some((place) => place !== 0n)) {
    throw new MalformedError("unused place of a word", "non-zero", "0");
  }
  return places.slice(0, profile.transfersPerBase);
}

/** A block's words as the bytes that are posted on L1, without trailing zero words. */
export function encodeData(words: readonly bigint[]): string {
  let length = words.length;
  while (length > 0 && words[length - 1] === 0n) length--;
  const digits = words.slice(0, length).map((word) =>
    assertUint(word, WORD_BITS, "word")
      .toString(16)
      .padStart(2 * WORD_BYTES, "0"),
  );
  return `0x${digits.join("")}`;
}

/** All words of a full block. @throws {MalformedError} if `data` is not whole words or too long */
export function decodeData(profile: Profile, data: string): bigint[] {
  const bytes = getBytes(data);
  const count = wordsPerBlock(profile);
  if (bytes.length % WORD_BYTES !== 0 || bytes.length > count * WORD_BYTES) {
    throw new MalformedError("data length", `${bytes.length} bytes`, `whole words of ${WORD_BYTES} bytes, at most ${count}`);
  }
  return Array.from({ length: count }, (_, i) => {
    const word = bytes.subarray(i * WORD_BYTES, (i + 1) * WORD_BYTES);
    return word.length === 0 ? 0n : BigInt(hexlify(word));
  });
}

/** 32 bytes as hexadecimal. */
export function dataHash(data: string): string {
  return keccak256(data);
}

/** The root's txsRoot, from the words of a full block alone. @throws {MalformedError} unless there are `wordsPerBlock` of them */
export function blockTxsRoot(profile: Profile, words: readonly bigint[]): bigint {
  const count = wordsPerBlock(profile);
  if (words.length !== count) throw new MalformedError("count of words", words.length, `${count}`);
  let layer = chunk(words, wordsPerBase(profile)).map((base) => hashMany(TAG.txs, base));
  while (layer.length > 1) layer = chunk(layer, profile.arity).map((children) => hashMany(TAG.txs, children));
  return layer[0]!;
}

/** `sum word_i r^i`. */
export function dataEval(words: readonly bigint[], r: bigint): bigint {
  return words.reduceRight((sum, word) => (sum * r + word) % FIELD, 0n);
}

/** `r^count`. */
export function rPow(count: number, r: bigint): bigint {
  let power = 1n;
  for (let i = 0; i < count; i++) power = (power * r) % FIELD;
  return power;
}

function chunk(values: readonly bigint[], size: number): bigint[][] {
  return Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));
}

const MASK = (1n << BigInt(TRANSFER_BITS)) - 1n;
