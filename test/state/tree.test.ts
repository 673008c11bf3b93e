import { expect } from "chai";
import { OutOfRangeError, compress } from "../../src/protocol/index.ts";
import { accountLeaf, EMPTY_ACCOUNT, MemoryStore, Overlay, rootOfPath, Tree } from "../../src/state/index.ts";

/** The root by hashing every leaf. */
function denseRoot(leaves: bigint[]): bigint {
  let layer = leaves;
  while (layer.length > 1)
    layer = Array.from({ length: layer.length / 4 }, (_, i) => compress(layer.slice(4 * i, 4 * i + 4)));
  return layer[0]!;
}

describe("Tree", () => {
  const empty = accountLeaf(EMPTY_ACCOUNT);
  const newTree = (depth: number): Tree => new Tree(depth, new Overlay(new MemoryStore()));

  it("has the root of the dense tree, empty and after every update", () => {
    const tree = newTree(3);
    const leaves = Array<bigint>(64).fill(empty);
    expect(tree.root).to.equal(denseRoot(leaves));
    for (const index of [0, 63, 17, 16, 17, 42]) {
      leaves[index] = BigInt(1000 + index);
      tree.update(index, leaves[index]);
      expect(tree.root).to.equal(denseRoot(leaves));
    }
    expect(tree.layer(0)).to.deep.equal(leaves);
    expect(denseRoot(tree.layer(2))).to.equal(tree.root);
  });

  it("gives the four children at every height, from which leaf and root follow", () => {
    const tree = newTree(3);
    tree.update(27, 7n);
    const path = tree.path(27);
    expect(path.map((children) => children.length)).to.deep.equal([4, 4, 4]);
    expect(path[0]).to.deep.equal([empty, empty, empty, 7n]);
    expect(rootOfPath(27, 7n, path)).to.equal(tree.root);
    expect(rootOfPath(26, 7n, path)).to.not.equal(tree.root);
    expect(rootOfPath(27, 8n, path)).to.not.equal(tree.root);
    tree.update(26, 9n);
    expect(rootOfPath(27, 7n, path)).to.not.equal(tree.root);
  });

  it("has no second name for a leaf: indexes beyond the tree are refused", () => {
    const tree = newTree(2);
    for (const index of [16, 4 * 16, 1020, -1, 0.5]) {
      expect(() => tree.path(index)).to.throw(OutOfRangeError, "leaf index");
      expect(() => tree.update(index, 1n)).to.throw(OutOfRangeError, "leaf index");
      expect(() => rootOfPath(index, 1n, tree.path(0))).to.throw(OutOfRangeError, "leaf index");
    }
  });

  it("an inner node is not a leaf: paths of another length give another root", () => {
    const tree = newTree(2);
    tree.update(0, 5n);
    const path = tree.path(0);
    expect(rootOfPath(0, compress([...path[0]!]), path)).to.not.equal(tree.root);
    expect(newTree(1).root).to.not.equal(newTree(2).root);
  });

  it("names the lowest node that its leaves do not make", () => {
    const values = new Overlay(new MemoryStore());
    const tree = new Tree(3, values);
    const leaves = new Map([5, 6, 63].map((index) => [index, BigInt(index)]));
    expect(tree.firstWrong(new Map())).to.equal(undefined);
    expect(tree.firstWrong(leaves)).to.equal("node:0:5");
    for (const [index, leaf] of leaves) tree.update(index, leaf);
    expect(tree.firstWrong(leaves)).to.equal(undefined);
    expect(tree.firstWrong(new Map([...leaves].slice(1)))).to.equal("node:0:5");
    for (const key of ["node:3:0", "node:2:0", "node:1:7", "node:0:62"]) {
      values.set(key, "0x5");
      expect(tree.firstWrong(leaves)).to.equal(key);
    }
  });
});
