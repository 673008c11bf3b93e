import { concat, dataLength, dataSlice, getBytes, hexlify, keccak256 } from "ethers";
import { MalformedError } from "./errors.ts";
import { assertUint, FIELD, TAG } from "./field.ts";
import type { PackedOperation } from "./operation.ts";
import { hashMany } from "./poseidon.ts";
import {
  OPERATION_WORDS,
  operationNodes,
  operationWordsPerBase,
  type Profile,
  TRANSFERS_PER_WORD,
  wordsPerBase,
  wordsPerBlock,
} from "./profile.ts";
import { TRANSFER_BITS } from "./transfer.ts";

/** Bytes of one word of data: three transfers, or half of an operation. */
export const WORD_BYTES = 30;

const WORD_BITS = 8 * WORD_BYTES;

/** Both words of a place without an operation. */
const NO_OPERATION: PackedOperation = [0n, 0n];

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
 * The words of one base node of operations, unused places 0.
 * @throws {MalformedError} if there are more operations than it proves
 */
export function packOperationWords(
  profile: Pick<Profile, "operationsPerBase">,
  operations: readonly PackedOperation[],
): bigint[] {
  const { operationsPerBase } = profile;
  if (operations.length > operationsPerBase) {
    throw new MalformedError("count of operations", operations.length, `at most ${operationsPerBase}`);
  }
  return Array.from({ length: operationsPerBase }, (_, place) => operations[place] ?? NO_OPERATION).flat();
}

/**
 * The operations of one base node, one for each place.
 * @throws {MalformedError} unless there are as many words as it proves
 */
export function unpackOperationWords(
  profile: Pick<Profile, "operationsPerBase">,
  words: readonly bigint[],
): PackedOperation[] {
  const count = operationWordsPerBase(profile);
  if (words.length !== count) throw new MalformedError("count of words", words.length, `${count}`);
  words.forEach((word) => assertUint(word, WORD_BITS, "word"));
  return Array.from({ length: profile.operationsPerBase }, (_, place) => [words[2 * place]!, words[2 * place + 1]!]);
}

/** What L1 knows of a block's transactions. */
export interface BlockData {
  /** The words of operations first, then those of transfers, as hexadecimal. */
  readonly data: string;
  /** L1 operations that they begin with. */
  readonly l1OpCount: number;
}

/**
 * A block's words as the bytes that are posted on L1: without trailing zero words, but with all words of its
 * operations.
 */
export function encodeData(words: readonly bigint[], l1OpCount = 0): string {
  let length = words.length;
  while (length > OPERATION_WORDS * l1OpCount && words[length - 1] === 0n) length--;
  const digits = words.slice(0, length).map((word) =>
    assertUint(word, WORD_BITS, "word")
      .toString(16)
      .padStart(2 * WORD_BYTES, "0"),
  );
  return `0x${digits.join("")}`;
}

/**
 * All words of a full block, read as L1 reads them: words that are left out are 0, and zero words beyond the block
 * change nothing. A proven block may have either.
 * @throws {MalformedError} if `data` is not whole words, or has a word beyond the block that is not 0
 */
export function decodeData(profile: Profile, { data, l1OpCount }: BlockData): bigint[] {
  const bytes = getBytes(data);
  const count = wordsPerBlock(profile, l1OpCount);
  if (bytes.length % WORD_BYTES !== 0)
    throw new MalformedError("data length", `${bytes.length} bytes`, `whole words of ${WORD_BYTES} bytes`);
  const beyond = bytes.subarray(count * WORD_BYTES).findIndex((byte) => byte !== 0);
  if (beyond >= 0)
    throw new MalformedError(
      `word ${count + Math.floor(beyond / WORD_BYTES)} of the data`,
      "not 0",
      `0 behind the ${count} of a block`,
    );
  return Array.from({ length: count }, (_, i) => {
    const word = bytes.subarray(i * WORD_BYTES, (i + 1) * WORD_BYTES);
    return word.length === 0 ? 0n : BigInt(hexlify(word));
  });
}

/**
 * The words of each base node, those of operations first.
 * @throws {MalformedError} unless there are `wordsPerBlock` of them
 */
export function wordsByBase(profile: Profile, words: readonly bigint[], l1OpCount: number): bigint[][] {
  const count = wordsPerBlock(profile, l1OpCount);
  if (words.length !== count) throw new MalformedError("count of words", words.length, `${count}`);
  const split = operationNodes(profile, l1OpCount) * operationWordsPerBase(profile);
  return [
    ...chunk(words.slice(0, split), operationWordsPerBase(profile)),
    ...chunk(words.slice(split), wordsPerBase(profile)),
  ];
}

/**
 * A block's data as they are posted, `chunkWords` words at a time: the last chunk may be shorter, and there is at least
 * one.
 */
export function dataChunks(data: string, chunkWords: number): string[] {
  const size = chunkWords * WORD_BYTES;
  const count = Math.max(1, Math.ceil(dataLength(data) / size));
  return Array.from({ length: count }, (_, i) => dataSlice(data, i * size, Math.min((i + 1) * size, dataLength(data))));
}

/** keccak256 of each chunk. */
export function chunkHashes(data: string, chunkWords: number): string[] {
  return dataChunks(data, chunkWords).map((one) => keccak256(one));
}

/** The hash by which an order commits to its data: keccak256 of the hashes of all chunks, 32 bytes as hexadecimal. */
export function dataHash(data: string, chunkWords: number): string {
  return keccak256(concat(chunkHashes(data, chunkWords)));
}

/**
 * The root's txsRoot, from the words of a full block alone.
 * @throws {MalformedError} unless there are `wordsPerBlock` of them
 */
export function blockTxsRoot(profile: Profile, words: readonly bigint[], l1OpCount = 0): bigint {
  let layer = wordsByBase(profile, words, l1OpCount).map((base) => hashMany(TAG.txs, base));
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
