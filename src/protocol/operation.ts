import { concat, dataSlice, isHexString, keccak256, toBeHex } from "ethers";
import { MalformedError } from "./errors.ts";
import { assertField, assertUint } from "./field.ts";
import { AMOUNT_MANTISSA_BITS, decodeFloat, encodeFloat } from "./float.ts";
import { OPERATION_WORDS } from "./profile.ts";

/**
 * An order to the L2 that somebody posts on L1. A queue holds it until a block executes it:
 * - a deposit pays `amount` to account `to`, which belongs to `key` then (and, if it is new, to `l1Owner`); `from` is
 *   0,
 * - a forced transfer moves `amount` between accounts of which `from` is `l1Owner`'s; `key` is 0,
 * - a forced exit takes `amount` out of `l1Owner`'s account `from`; `to` and `key` are 0.
 */
export interface Operation {
  /** Account indexes, 0 for none. */
  readonly from: number;
  readonly to: number;
  /** Wei. */
  readonly amount: bigint;
  /** An address as a number. */
  readonly l1Owner: bigint;
  /** The key of a deposit's account: the y coordinate of its owner's public key. */
  readonly key: bigint;
}

export type OperationKind = "deposit" | "forcedTransfer" | "forcedExit";

/**
 * The two words of data that an operation takes; both are 0 if there is none. They tell the encodings of one amount
 * apart, which {@link Operation} does not.
 */
export type PackedOperation = readonly [bigint, bigint];

/** Bytes of an encoded operation. */
export const OPERATION_BYTES = 60;

/** An operation's fields as the circuit reads them, the amount still encoded. */
export interface OperationFields {
  readonly from: number;
  readonly to: number;
  readonly encodedAmount: bigint;
  readonly l1Owner: bigint;
  readonly key: bigint;
}

const WORD_BITS = 240n;
const OWNER_BITS = 160;
const CHAIN_BITS = 216;

/** What an operation is. @throws {MalformedError} for a combination of fields that the queue does not take */
export function operationKind({ from, to, key, l1Owner }: Operation): OperationKind {
  if (l1Owner !== 0n) {
    if (from === 0 && to !== 0 && key !== 0n) return "deposit";
    if (from !== 0 && to !== 0 && key === 0n) return "forcedTransfer";
    if (from !== 0 && to === 0 && key === 0n) return "forcedExit";
  }
  const set = Object.entries({ from: from !== 0, to: to !== 0, key: key !== 0n, l1Owner: l1Owner !== 0n });
  const named = set.flatMap(([name, isSet]) => (isSet ? [name] : []));
  throw new MalformedError(
    "operation",
    `one with ${named.join(", ") || "nothing"}`,
    "l1Owner with to and key, from and to, or from",
  );
}

/**
 * `from (16) << 224 | to (16) << 208 | amount (32) << 176 | l1Owner (160) << 16 | the high 16 bits of key`, and the low
 * 240 bits of key.
 * @throws {MalformedError | OutOfRangeError | NotRepresentableError}
 */
export function packOperation(operation: Operation): PackedOperation {
  operationKind(operation);
  const { from, to, amount, l1Owner, key } = operation;
  assertField(key, "key");
  return [
    (assertUint(from, 16, "from") << 224n) |
      (assertUint(to, 16, "to") << 208n) |
      (encodeFloat(amount, AMOUNT_MANTISSA_BITS) << 176n) |
      (assertUint(l1Owner, OWNER_BITS, "l1Owner") << 16n) |
      (key >> WORD_BITS),
    BigInt.asUintN(Number(WORD_BITS), key),
  ];
}

/** The fields of a packed operation, whatever they are. @throws {OutOfRangeError} if a word has more than 240 bits */
export function operationFields([high, low]: PackedOperation): OperationFields {
  assertUint(high, Number(WORD_BITS), "operation word 0");
  assertUint(low, Number(WORD_BITS), "operation word 1");
  return {
    from: Number(high >> 224n),
    to: Number((high >> 208n) & 0xffffn),
    encodedAmount: (high >> 176n) & 0xffff_ffffn,
    l1Owner: BigInt.asUintN(OWNER_BITS, high >> 16n),
    key: ((high & 0xffffn) << WORD_BITS) | low,
  };
}

/**
 * The inverse of {@link packOperation}; two zero words give undefined: no operation.
 * @throws {MalformedError | OutOfRangeError}
 */
export function unpackOperation(words: PackedOperation): Operation | undefined {
  const { encodedAmount, ...fields } = operationFields(words);
  if (words[0] === 0n && words[1] === 0n) return undefined;
  const operation = { ...fields, amount: decodeFloat(encodedAmount, AMOUNT_MANTISSA_BITS) };
  assertField(operation.key, "key");
  operationKind(operation);
  return operation;
}

/**
 * 60 bytes as hexadecimal, as the queue on L1 announces and chains them.
 * @throws {MalformedError | OutOfRangeError | NotRepresentableError}
 */
export function encodeOperation(operation: Operation): string {
  return encodePackedOperation(packOperation(operation));
}

/**
 * The inverse of {@link encodeOperation}.
 * @throws {MalformedError | OutOfRangeError} unless `encoded` is an operation
 */
export function decodeOperation(encoded: string): Operation {
  const operation = unpackOperation(decodePackedOperation(encoded));
  if (operation === undefined) throw new MalformedError("operation", "none", "one");
  return operation;
}

/** The bytes of packed words. */
export function encodePackedOperation(words: PackedOperation): string {
  return concat(
    words.map((word, i) =>
      toBeHex(assertUint(word, Number(WORD_BITS), `operation word ${i}`), OPERATION_BYTES / OPERATION_WORDS),
    ),
  );
}

/** The inverse of {@link encodePackedOperation}. @throws {MalformedError} unless `encoded` is 60 bytes */
export function decodePackedOperation(encoded: string): PackedOperation {
  if (!isHexString(encoded, OPERATION_BYTES)) {
    throw new MalformedError(
      "encoded operation",
      `${(encoded.length - 2) / 2} bytes`,
      `${OPERATION_BYTES} bytes of hexadecimal`,
    );
  }
  const half = OPERATION_BYTES / OPERATION_WORDS;
  return [BigInt(dataSlice(encoded, 0, half)), BigInt(dataSlice(encoded, half))];
}

/**
 * The queue's hash chain over all operations up to this one, 216 bits.
 * @param previous the chain up to the operation before, 0 for the first
 * @param encoded {@link encodeOperation}
 */
export function operationChain(previous: bigint, encoded: string): bigint {
  decodePackedOperation(encoded);
  const bytes = concat([toBeHex(assertUint(previous, CHAIN_BITS, "previous chain"), CHAIN_BITS / 8), encoded]);
  return BigInt.asUintN(CHAIN_BITS, BigInt(keccak256(bytes)));
}

/**
 * How many operations the next block executes: the first unsettled ones that were posted before the round's queue cut.
 * @param postedAt Unix seconds, of all operations by their numbers: never falling
 * @param settled how many of them final blocks have executed
 * @param queueCut Unix seconds
 * @param max the most that one block executes
 */
export function dueOperations(postedAt: readonly bigint[], settled: number, queueCut: bigint, max: number): number {
  const end = Math.min(postedAt.length, settled + max);
  let next = settled;
  while (next < end && postedAt[next]! < queueCut) next++;
  return next - settled;
}
