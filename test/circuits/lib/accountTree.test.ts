import { expect } from "chai";
import { compress, FIELD } from "../../../src/protocol/index.ts";
import { accountBus } from "../../../src/proving/inputs.ts";
import { type Account, accountLeaf } from "../../../src/state/account.ts";
import { rootOfPath } from "../../../src/state/tree.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { gadget, type Inputs, loadCircuit } from "../support/testCircuit.ts";
import { choosableSignals } from "../support/choosable.ts";

const ACCOUNTS: readonly Account[] = Array.from({ length: 16 }, (_, i) => {
  const n = BigInt(i);
  return { key: 1000n + n, balance: 2000n + n, nonce: n, l1Owner: 3000n + n };
});
const LEAVES = ACCOUNTS.map(accountLeaf);
const INNER = [0, 1, 2, 3].map((i) => compress(LEAVES.slice(4 * i, 4 * i + 4)));
const ROOT = compress(INNER);

function path(index: number): bigint[][] {
  const first = index - (index % 4);
  return [LEAVES.slice(first, first + 4), INNER];
}

function inputs(index: number, oldNode = LEAVES[index]!, children = path(index)): Inputs {
  return { digits: [0, 1, 2, 3].map((i) => BigInt((index >> i) & 1)), children, oldNode, newNode: 5n };
}

describe("ReplaceInSubtree", () => {
  const circuit = () => loadCircuit(gadget("accountTree", "ReplaceInSubtree", 2));

  it("gives the old and the new root for every place", async () => {
    const replace = await circuit();
    for (let index = 0; index < 16; index++) {
      const witness = await replace.witness(inputs(index));
      expect(replace.broken(witness)).to.equal(0);
      // The node is the child at its place, which is 2 below 1 here, and that one's hash the child above.
      if (index === 6) expect(choosableSignals(replace, witness, ["oldNode", "children[1][1]"])).to.deep.equal([]);
      expect(replace.read(witness, "oldRoot")).to.equal(ROOT);
      expect(replace.read(witness, "newRoot")).to.equal(rootOfPath(index, 5n, path(index)));
    }
  });

  it("refuses a node that is not at its place", async () => {
    const replace = await circuit();
    await expectUnprovable(replace, inputs(6, LEAVES[7]), "ReplaceInSubtree");
    await expectUnprovable(replace, inputs(6, 0n), "ReplaceInSubtree");
    await expectUnprovable(replace, inputs(6, LEAVES[6], path(2)), "ReplaceInSubtree");
    const swapped = path(6).map((children) => [children[1]!, children[0]!, children[2]!, children[3]!]);
    await expectUnprovable(replace, inputs(4, LEAVES[4], swapped), "ReplaceInSubtree");
  });

  it("does not find an inner node at the height of a leaf under the same root", async () => {
    const replace = await circuit();
    // The inner node's own path is one level short; what stands above the root cannot hash to the root.
    const witness = await replace.witness(inputs(5, INNER[1], [INNER, [compress(INNER), ROOT, 0n, 0n]]));
    expect(replace.read(witness, "oldRoot")).to.not.equal(ROOT);
  });

  it("keeps the siblings: nothing else can change with the node", async () => {
    const replace = await circuit();
    const witness = await replace.witness(inputs(6));
    for (let k = 0; k < 4; k++) {
      const signal = `changed[0][${k}]`;
      if (replace.wire(signal) < 0) continue; // it follows from the others
      expect(replace.broken(replace.edit(witness, { [signal]: 77n })), signal).to.be.greaterThan(0);
    }
  });

  it("refuses digits that are not boolean where they are cut from a transfer", async () => {
    // The gadget trusts its digits; Transfer takes them from Num2Bits.
    const bits = await loadCircuit(gadget("bits", "Num2Bits", 80));
    const witness = await bits.witness({ in: 4n << 64n });
    expect(bits.broken(bits.edit(witness, { "out[66]": 0n, "out[65]": 2n }))).to.be.greaterThan(0);
    expect(bits.broken(bits.edit(witness, { "out[66]": 0n, "out[0]": 4n << 64n }))).to.be.greaterThan(0);
  });
});

describe("ReplaceInCrown", () => {
  const circuit = () => loadCircuit(gadget("accountTree", "ReplaceInCrown", 2));
  const at = (index: number, oldNode = LEAVES[index]!): Inputs => ({
    digits: [0, 1, 2, 3].map((i) => BigInt((index >> i) & 1)),
    nodes: LEAVES,
    oldNode,
    newNode: 5n,
  });

  it("replaces one node and keeps the others", async () => {
    const crown = await circuit();
    for (let index = 0; index < 16; index++) {
      const witness = await crown.witness(at(index));
      expect(crown.broken(witness)).to.equal(0);
      expect(choosableSignals(crown, witness, ["oldNode"])).to.deep.equal([]);
      expect(LEAVES.map((_, k) => crown.read(witness, `out[${k}]`))).to.deep.equal(
        LEAVES.map((leaf, k) => (k === index ? 5n : leaf)),
      );
    }
  });

  it("refuses a node that is not at its place", async () => {
    const crown = await circuit();
    await expectUnprovable(crown, at(3, LEAVES[4]), "ReplaceInCrown");
    await expectUnprovable(crown, at(15, FIELD - 1n), "ReplaceInCrown");
  });

  it("has one node, its own root, at depth 0", async () => {
    const crown = await loadCircuit(gadget("accountTree", "ReplaceInCrown", 0));
    const witness = await crown.witness({ nodes: [7n], oldNode: 7n, newNode: 8n });
    expect(crown.read(witness, "out[0]")).to.equal(8n);
    await expectUnprovable(crown, { nodes: [7n], oldNode: 6n, newNode: 8n }, "ReplaceInCrown");
  });
});

describe("ReplaceAccount", () => {
  const NEXT: Account = { key: 5n, balance: 6n, nonce: 7n, l1Owner: 8n };
  const bits = (index: number): bigint[] => [0, 1, 2, 3].map((i) => BigInt((index >> i) & 1));
  const at = (index: number): Inputs => ({
    index: bits(index),
    children: [path(index)[0]!],
    account: accountBus(ACCOUNTS[index]!),
    next: accountBus(NEXT),
    crown: INNER,
  });
  const circuit = () => loadCircuit(gadget("accountTree", "ReplaceAccount", 2, 1));

  it("replaces any account below the crown", async () => {
    const replace = await circuit();
    for (let index = 0; index < 16; index++) {
      const witness = await replace.witness(at(index));
      expect(replace.broken(witness)).to.equal(0);
      if (index === 6) expect(choosableSignals(replace, witness, ["children[0][2]", "crown[1]"])).to.deep.equal([]);
      const crown = [0, 1, 2, 3].map((i) => replace.read(witness, `nextCrown[${i}]`));
      expect(compress(crown)).to.equal(rootOfPath(index, accountLeaf(NEXT), path(index)));
    }
  });

  it("refuses an account of another place, above or below the crown", async () => {
    const replace = await circuit();
    await expectUnprovable(replace, { ...at(6), index: bits(7) }, "ReplaceInSubtree");
    await expectUnprovable(replace, { ...at(6), index: bits(10) }, "ReplaceInCrown");
    await expectUnprovable(replace, { ...at(6), account: accountBus(ACCOUNTS[7]!) }, "ReplaceInSubtree");
  });
});

describe("AccountRoot", () => {
  const circuit = () => loadCircuit(gadget("accountTree", "AccountRoot", 2));
  const at = (index: number): Inputs => ({
    index: [0, 1, 2, 3].map((i) => BigInt((index >> i) & 1)),
    children: path(index),
    leaf: LEAVES[index]!,
  });

  it("gives the root for every leaf", async () => {
    const account = await circuit();
    for (let index = 0; index < 16; index++) {
      const witness = await account.witness(at(index));
      expect(account.broken(witness)).to.equal(0);
      if (index === 6) expect(choosableSignals(account, witness, ["leaf", "children[1][1]"])).to.deep.equal([]);
      expect(account.read(witness, "root")).to.equal(ROOT);
    }
  });

  it("refuses a leaf that is not at its place, and gives another root for other siblings", async () => {
    const account = await circuit();
    await expectUnprovable(account, { ...at(6), leaf: LEAVES[7]! }, "IsChild");
    await expectUnprovable(account, { ...at(6), index: at(7).index! }, "IsChild");
    await expectUnprovable(account, { ...at(6), index: at(10).index! }, "IsChild");
    const [low, high] = path(6);
    await expectUnprovable(account, { ...at(6), children: [[...low!.slice(0, 3), 1n], high!] }, "IsChild");
    const witness = await account.witness({ ...at(6), children: [low!, [...high!.slice(0, 3), 1n]] });
    expect(account.read(witness, "root")).to.not.equal(ROOT);
  });
});

describe("CrownRoot", () => {
  it("hashes two levels", async () => {
    const crown = await loadCircuit(gadget("accountTree", "CrownRoot", 2));
    const witness = await crown.witness({ nodes: LEAVES });
    expect(crown.broken(witness)).to.equal(0);
    expect(choosableSignals(crown, witness)).to.deep.equal([]);
    expect(crown.read(witness, "root")).to.equal(ROOT);
  });
});
