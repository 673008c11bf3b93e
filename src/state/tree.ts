import { OutOfRangeError } from "../protocol/errors.ts";
import { compress } from "../protocol/poseidon.ts";
import { accountLeaf, EMPTY_ACCOUNT } from "./account.ts";
import type { Overlay } from "./overlay.ts";

export const TREE_ARITY = 4;

/**
 * For every height the four children of the leaf's ancestor just above it: `[0]` holds four leaves, the last one the
 * root's children.
 */
export type TreePath = readonly (readonly bigint[])[];

/** A sparse tree of fixed depth. Height 0 are the leaves, height `depth` is the root. */
export class Tree {
  readonly depth: number;
  readonly #values: Overlay;
  /** Roots of empty subtrees by height. */
  readonly #empty: readonly bigint[];

  constructor(depth: number, values: Overlay) {
    this.depth = depth;
    this.#values = values;
    this.#empty = emptyRoots(depth);
  }

  get root(): bigint {
    return this.#node(this.depth, 0);
  }

  /** All nodes of one height, left to right. */
  layer(height: number): bigint[] {
    return Array.from({ length: TREE_ARITY ** (this.depth - height) }, (_, index) => this.#node(height, index));
  }

  /** @throws {OutOfRangeError} if there is no leaf `index`: every leaf has one index */
  path(index: number): TreePath {
    this.#assertIndex(index);
    return Array.from({ length: this.depth }, (_, height) =>
      this.#siblings(height, Math.floor(index / TREE_ARITY ** height)),
    );
  }

  /** Sets a leaf and every node above it. @throws {OutOfRangeError} if there is no leaf `index` */
  update(index: number, leaf: bigint): void {
    this.#assertIndex(index);
    this.#set(0, index, leaf);
    let at = index;
    for (let height = 0; height < this.depth; height++) {
      const parent = compress(this.#siblings(height, at));
      at = Math.floor(at / TREE_ARITY);
      this.#set(height + 1, at, parent);
    }
  }

  /**
   * The first node, lowest first, that does not follow from `leaves`; undefined if all do. Every other leaf is empty.
   */
  firstWrong(leaves: ReadonlyMap<number, bigint>): string | undefined {
    let layer = leaves;
    for (let height = 0; ; height++) {
      for (let index = 0; index < TREE_ARITY ** (this.depth - height); index++) {
        if (this.#node(height, index) !== (layer.get(index) ?? this.#empty[height])) return nodeKey(height, index);
      }
      if (height === this.depth) return undefined;
      layer = this.#parents(layer, height);
    }
  }

  /** The nodes above those of `layer`, where any is not empty. */
  #parents(layer: ReadonlyMap<number, bigint>, height: number): Map<number, bigint> {
    const above = new Set([...layer.keys()].map((index) => Math.floor(index / TREE_ARITY)));
    const child = (index: number): bigint => layer.get(index) ?? this.#empty[height]!;
    return new Map(
      [...above].map((index) => [
        index,
        compress(Array.from({ length: TREE_ARITY }, (_, i) => child(index * TREE_ARITY + i))),
      ]),
    );
  }

  #siblings(height: number, index: number): bigint[] {
    const first = index - (index % TREE_ARITY);
    return Array.from({ length: TREE_ARITY }, (_, i) => this.#node(height, first + i));
  }

  #node(height: number, index: number): bigint {
    const stored = this.#values.get(nodeKey(height, index));
    return stored === undefined ? this.#empty[height]! : BigInt(stored);
  }

  #set(height: number, index: number, value: bigint): void {
    this.#values.set(nodeKey(height, index), `0x${value.toString(16)}`);
  }

  #assertIndex(index: number): void {
    const count = TREE_ARITY ** this.depth;
    if (!Number.isInteger(index) || index < 0 || index >= count)
      throw new OutOfRangeError("leaf index", index, `0 to ${count - 1}`);
  }
}

const nodeKey = (height: number, index: number): string => `node:${height}:${index}`;

/** The root that a leaf and its path give. @throws {OutOfRangeError} if the index is beyond the path's tree */
export function rootOfPath(index: number, leaf: bigint, path: TreePath): bigint {
  const count = TREE_ARITY ** path.length;
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new OutOfRangeError("leaf index", index, `0 to ${count - 1}`);
  let at = index;
  return path.reduce((hash, children) => {
    const position = at % TREE_ARITY;
    at = Math.floor(at / TREE_ARITY);
    return compress(children.map((child, i) => (i === position ? hash : child)));
  }, leaf);
}

function emptyRoots(depth: number): bigint[] {
  const roots = [accountLeaf(EMPTY_ACCOUNT)];
  for (let height = 1; height <= depth; height++)
    roots.push(compress(Array<bigint>(TREE_ARITY).fill(roots[height - 1]!)));
  return roots;
}
