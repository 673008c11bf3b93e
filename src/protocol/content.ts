import { B52Error, MalformedError } from "./errors.ts";
import { BLOB_FIELD, blobPower, evaluate, toLimbs } from "./blobField.ts";
import { withdrawalsRootOf } from "./exit.ts";
import { TAG } from "./field.ts";
import { hashMany, poseidon } from "./poseidon.ts";

/** What one node proves; the same whoever proves it. */
export interface Content {
  /** The node's depth. */
  readonly level: number;
  readonly prevStateRoot: bigint;
  readonly nextStateRoot: bigint;
  readonly txsRoot: bigint;
  /** Wei. */
  readonly fees: bigint;
  /** L1 operations, applicable or not. */
  readonly l1OpCount: bigint;
  /** Transfers that are not no-ops. */
  readonly txCount: bigint;
  readonly withdrawalsRoot: bigint;
  /** Of the node's elements at `z`, as if its first element were coefficient 0; below `BLOB_FIELD`. */
  readonly dataEval: bigint;
  /** `z` to the number of its elements; below `BLOB_FIELD`. */
  readonly zPow: bigint;
  readonly proversRoot: bigint;
}

/** What a base node executed. */
export interface BaseExecution {
  readonly prevStateRoot: bigint;
  readonly nextStateRoot: bigint;
  /** `elementsPerBase` of them. */
  readonly elements: readonly bigint[];
  readonly fees: bigint;
  readonly txCount: bigint;
  readonly l1OpCount: bigint;
  /** Packed, one for each of `exitsPerBase` places, 0 where there is none. */
  readonly exits: readonly bigint[];
}

/** The children are not state transitions of one size, each beginning where the one before ends. */
export class BrokenChainError extends B52Error {
  constructor(child: number, what: string, value: bigint | number, expected: bigint | number) {
    super(`child ${child} has ${what} ${value}, expected ${expected}`, { child, what, value, expected });
  }
}

/** Its field elements in the order in which they are hashed. @throws {OutOfRangeError} if a value is not canonical */
export function contentElements(content: Content): bigint[] {
  return [
    BigInt(content.level),
    content.prevStateRoot,
    content.nextStateRoot,
    content.txsRoot,
    content.fees,
    content.l1OpCount,
    content.txCount,
    content.withdrawalsRoot,
    ...toLimbs(content.dataEval, "dataEval"),
    ...toLimbs(content.zPow, "zPow"),
    content.proversRoot,
  ];
}

/** The public input that names a content. */
export function contentHash(content: Content): bigint {
  return poseidon([TAG.content, ...contentElements(content)]);
}

/** The content of a base node at depth `level`, its elements evaluated at `z`. */
export function baseContent(level: number, execution: BaseExecution, z: bigint): Content {
  const { prevStateRoot, nextStateRoot, elements, fees, txCount, l1OpCount, exits } = execution;
  return {
    level,
    prevStateRoot,
    nextStateRoot,
    txsRoot: hashMany(TAG.txs, elements),
    fees,
    l1OpCount,
    txCount,
    withdrawalsRoot: withdrawalsRootOf(exits),
    dataEval: evaluate(elements, z),
    zPow: blobPower(z, elements.length),
    proversRoot: 0n,
  };
}

/**
 * The content of a merge.
 * @param childKeys assigned key of each child, 0 for none
 * @throws {BrokenChainError} if the children do not follow each other or are not of one size
 */
export function mergeContent(children: readonly Content[], childKeys: readonly bigint[]): Content {
  const [first] = children;
  if (first === undefined || childKeys.length !== children.length) {
    throw new MalformedError("count of child keys", childKeys.length, `${Math.max(children.length, 1)}`);
  }
  children.slice(1).forEach((child, i) => {
    if (child.level !== first.level) throw new BrokenChainError(i + 1, "level", child.level, first.level);
    if (child.zPow !== first.zPow) throw new BrokenChainError(i + 1, "zPow", child.zPow, first.zPow);
    const expected = children[i]!.nextStateRoot;
    if (child.prevStateRoot !== expected)
      throw new BrokenChainError(i + 1, "prevStateRoot", child.prevStateRoot, expected);
  });
  const sum = (of: (child: Content) => bigint): bigint => children.reduce((total, child) => total + of(child), 0n);
  return {
    level: first.level - 1,
    prevStateRoot: first.prevStateRoot,
    nextStateRoot: children.at(-1)!.nextStateRoot,
    txsRoot: hashMany(
      TAG.txs,
      children.map((child) => child.txsRoot),
    ),
    fees: sum((child) => child.fees),
    l1OpCount: sum((child) => child.l1OpCount),
    txCount: sum((child) => child.txCount),
    withdrawalsRoot: hashMany(
      TAG.withdrawals,
      children.map((child) => child.withdrawalsRoot),
    ),
    dataEval: children.reduceRight((total, child) => (child.dataEval + first.zPow * total) % BLOB_FIELD, 0n),
    zPow: blobPower(first.zPow, children.length),
    proversRoot: hashMany(TAG.provers, [...childKeys, ...children.map((child) => child.proversRoot)]),
  };
}

/** The content of the root: a merge whose proversRoot also holds the root's own key. */
export function rootContent(children: readonly Content[], childKeys: readonly bigint[], ownKey: bigint): Content {
  const merge = mergeContent(children, childKeys);
  if (merge.level !== 0) throw new BrokenChainError(0, "level", merge.level + 1, 1);
  return { ...merge, proversRoot: hashMany(TAG.provers, [ownKey, merge.proversRoot]) };
}
