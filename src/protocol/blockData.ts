import { concat, dataLength, dataSlice, isHexString } from "ethers";
import { BLOB_FIELD, blobPower, ELEMENTS_PER_BLOB, evaluate } from "./blobField.ts";
import { operationElements, type TransferElements, unpackTransferElements } from "./elements.ts";
import { MalformedError } from "./errors.ts";
import { TAG } from "./field.ts";
import { decodePackedOperation, encodePackedOperation, OPERATION_BYTES, type PackedOperation } from "./operation.ts";
import { hashMany } from "./poseidon.ts";
import { baseCount, elementsPerBase, operationNodes, type Profile } from "./profile.ts";

/** What is public of a block's transactions: together they determine everything that its base nodes prove. */
export interface BlockData {
  /** {@link encodeOperations} of the L1 operations due, in calldata. */
  readonly operations: string;
  /**
   * What the blobs hold, the first blob first: the elements of the base nodes of transfers. Zeros at the end may be
   * left out, or follow the block.
   */
  readonly elements: readonly bigint[];
}

/** The bytes of operations, back to back. */
export function encodeOperations(operations: readonly PackedOperation[]): string {
  return concat(operations.map(encodePackedOperation));
}

/** The inverse of {@link encodeOperations}. @throws {MalformedError} unless these are whole operations */
export function decodeOperations(encoded: string): PackedOperation[] {
  if (!isHexString(encoded, true) || dataLength(encoded) % OPERATION_BYTES !== 0)
    throw new MalformedError(
      "operations",
      `${(encoded.length - 2) / 2} bytes`,
      `whole ones of ${OPERATION_BYTES} bytes, as hexadecimal`,
    );
  return Array.from({ length: dataLength(encoded) / OPERATION_BYTES }, (_, i) =>
    decodePackedOperation(dataSlice(encoded, i * OPERATION_BYTES, (i + 1) * OPERATION_BYTES)),
  );
}

/** The elements of every base node of operations. @throws {OutOfRangeError} if a block has no room for so many */
export function operationNodeElements(profile: Profile, operations: readonly PackedOperation[]): bigint[][] {
  const { operationsPerBase } = profile;
  return Array.from({ length: operationNodes(profile, operations.length) }, (_, node) =>
    operationElements(profile, operations.slice(node * operationsPerBase, (node + 1) * operationsPerBase)),
  );
}

/** The blobs' elements, of all base nodes of transfers in order, up to the last that is not 0. */
export function blobElements(bases: readonly (readonly bigint[])[]): bigint[] {
  const elements = bases.flat();
  return elements.slice(0, elements.findLastIndex((element) => element !== 0n) + 1);
}

/** The most blobs that a block with so many operations may have. */
export function mostBlobs(profile: Profile, l1OpCount: number): number {
  const nodes = baseCount(profile) - operationNodes(profile, l1OpCount);
  return Math.ceil((nodes * elementsPerBase(profile)) / ELEMENTS_PER_BLOB);
}

/**
 * The elements of each base node of a block, those of operations first.
 * @throws {MalformedError} if an element behind the block is not 0
 * @throws {OutOfRangeError} if a block has no room for so many operations
 */
export function elementsByBase(profile: Profile, { operations, elements }: BlockData): bigint[][] {
  const first = operationNodeElements(profile, decodeOperations(operations));
  const perBase = elementsPerBase(profile);
  const count = (baseCount(profile) - first.length) * perBase;
  const beyond = elements.slice(count).findIndex((element) => element !== 0n);
  if (beyond >= 0)
    throw new MalformedError(`element ${count + beyond} of the blobs`, "not 0", `0 behind the ${count} of a block`);
  const rest = Array.from({ length: count }, (_, i) => elements[i] ?? 0n);
  return [...first, ...chunk(rest, perBase)];
}

/**
 * The transfers of a block, in order, from the elements of its blobs.
 * @param opCount operations that it begins with
 * @throws {MalformedError | OutOfRangeError} for elements that no circuit proves
 */
export function blockTransfers(profile: Profile, elements: readonly bigint[], opCount: number): TransferElements[] {
  const perBase = elementsPerBase(profile);
  const bases = baseCount(profile) - operationNodes(profile, opCount);
  return Array.from({ length: bases }, (_, base) =>
    Array.from({ length: perBase }, (_, i) => elements[base * perBase + i] ?? 0n),
  ).flatMap((own) => unpackTransferElements(profile, own).filter(({ packed }) => packed !== 0n));
}

/**
 * The root's txsRoot, from the elements of all base nodes.
 * @throws {MalformedError} unless there are as many base nodes as a block has
 */
export function blockTxsRoot(profile: Profile, bases: readonly (readonly bigint[])[]): bigint {
  if (bases.length !== baseCount(profile))
    throw new MalformedError("count of base nodes", bases.length, `${baseCount(profile)}`);
  let layer = bases.map((elements) => hashMany(TAG.txs, elements));
  while (layer.length > 1) layer = chunk(layer, profile.arity).map((children) => hashMany(TAG.txs, children));
  return layer[0]!;
}

/** Each blob's polynomial at `z`. */
export function blobEvaluations(elements: readonly bigint[], z: bigint): bigint[] {
  return Array.from({ length: Math.ceil(elements.length / ELEMENTS_PER_BLOB) }, (_, blob) =>
    evaluate(elements.slice(blob * ELEMENTS_PER_BLOB, (blob + 1) * ELEMENTS_PER_BLOB), z),
  );
}

/** The block's polynomial at `z`, from the operations and the blobs' values, as L1 computes it. */
export function blockEvaluation(
  profile: Profile,
  operations: readonly PackedOperation[],
  blobs: readonly bigint[],
  z: bigint,
): bigint {
  const own = operationNodeElements(profile, operations).flat();
  const fromBlobs = evaluate(blobs, blobPower(z, ELEMENTS_PER_BLOB));
  return (evaluate(own, z) + blobPower(z, own.length) * fromBlobs) % BLOB_FIELD;
}

function chunk<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: values.length / size }, (_, i) => values.slice(i * size, (i + 1) * size));
}
