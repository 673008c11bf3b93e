import { expect } from "chai";
import {
  blockWithdrawalsRoot,
  exitPath,
  exitPosition,
  FIELD,
  type PlacedExit,
  placeExits,
  withdrawalsRootOf,
} from "../../../src/protocol/index.ts";
import { expectUnprovable } from "../support/expectUnprovable.ts";
import { compiling, gadget, type Inputs, loadCircuit } from "../support/testCircuit.ts";
import { choicesAsWritten } from "../support/asWritten.ts";

/** Four base nodes with lists of three exits. */
const SIZES = { arity: 2, levels: 2, transfersPerBase: 3, operationsPerBase: 1 };
const MAX_EXIT = (1n << 192n) - 1n;

const LISTS = [
  [11n, 12n, 13n],
  [21n, 0n, 23n],
  [0n, 0n, 0n],
  [41n, 42n, MAX_EXIT],
];
const EXITS = placeExits(LISTS);
const ROOT = blockWithdrawalsRoot(SIZES, EXITS);
const ZEROS = {
  leaves: [0n, 0n, 0n],
  children: [
    [0n, 0n],
    [0n, 0n],
  ],
};

function claim({ position, packed }: Pick<PlacedExit, "position" | "packed">, change: Inputs = {}): Inputs {
  const { leaves, children } = exitPath(SIZES, EXITS, position);
  return { root: ROOT, position: BigInt(position), exit: packed, leaves, children, ...change };
}

const at = (base: number, leaf: number): PlacedExit =>
  EXITS.find(({ position }) => position === exitPosition({ base, leaf }))!;

describe("ExitInList", () => {
  const circuit = (arity = 2, levels = 2, width = 3) =>
    loadCircuit(gadget("exits", "ExitInList", arity, levels, width));
  const OTHERS = [
    [2, 1, 1],
    [4, 1, 5],
  ] as const;

  before(compiling(circuit, () => circuit(2, 2, 2), ...OTHERS.map((sizes) => () => circuit(...sizes))));

  it("finds every exit at its position", async () => {
    const exits = await circuit();
    expect(EXITS).to.have.lengthOf(8);
    for (const exit of EXITS) expect(exits.broken(await exits.witness(claim(exit)))).to.equal(0);
  });

  it("finds the only exit of lists of one, and those of a wider tree", async () => {
    for (const [arity, levels, width] of OTHERS) {
      const sizes = { arity, levels, transfersPerBase: width, operationsPerBase: 1 };
      const lists = Array.from({ length: arity ** levels }, (_, base) =>
        Array.from({ length: width }, (_, leaf) => BigInt(100 * base + leaf + 1)),
      );
      const all = placeExits(lists);
      const exits = await circuit(arity, levels, width);
      for (const { position, packed } of all) {
        const inputs = {
          root: blockWithdrawalsRoot(sizes, all),
          position: BigInt(position),
          exit: packed,
          ...exitPath(sizes, all, position),
        };
        expect(exits.broken(await exits.witness(inputs))).to.equal(0);
      }
    }
  });

  it("refuses another exit, place, base node or root", async () => {
    const exits = await circuit();
    for (const exit of [at(0, 1), at(3, 2)]) {
      const honest = claim(exit);
      for (const other of [exit.packed + 1n, exit.packed - 1n, 11n, 42n]) {
        await expectUnprovable(exits, { ...honest, exit: other }, "IsChild");
      }
      for (const [base, leaf] of [
        [0, 0],
        [1, 1],
        [1, 2],
        [2, 0],
        [3, 1],
      ] as const) {
        await expectUnprovable(exits, { ...honest, position: BigInt(exitPosition({ base, leaf })) }, "IsChild");
      }
      for (const root of [0n, ROOT + 1n, withdrawalsRootOf(LISTS[0]!)])
        await expectUnprovable(exits, { ...honest, root }, "ExitInList");
    }
  });

  it("refuses positions that would name an exit a second time", async () => {
    const exits = await circuit();
    const { position } = at(1, 2);
    const honest = claim(at(1, 2));
    for (const alias of [
      BigInt(position) + (4n << 16n), // base node 5 of 4
      BigInt(position) + (1n << 18n),
      BigInt(position) + (1n << 47n),
      BigInt(position) + (1n << 48n),
      BigInt(position) + 4n, // place 6 of 3
      BigInt(position) + (1n << 15n),
      BigInt(position) - 65536n - 1n,
      FIELD - 1n,
    ]) {
      await expectUnprovable(
        exits,
        { ...honest, position: alias },
        alias === BigInt(position) - 65537n ? "IsChild" : "ExitInList",
      );
    }
    // Place 3 has bits, but no list has it: it holds nothing, and nothing cannot be claimed.
    for (const exit of [at(1, 2).packed, 21n, 1n])
      await expectUnprovable(exits, { ...honest, exit, position: 65536n + 3n }, "IsChild");
    await expectUnprovable(exits, { ...honest, exit: 0n, position: 65536n + 3n }, "ExitInList");
  });

  it("refuses bits that are not boolean", async () => {
    const exits = await circuit();
    const witness = await exits.witness(claim(at(1, 2)));
    // Place 2 of base node 1 as place 0 of both 0 and 2, and so on: the sum stays, the bits do not.
    const forgeries: Record<string, bigint>[] = [
      { "place[1]": 0n, "place[0]": 2n },
      { "index[0]": 0n, "place[1]": 1n + (1n << 15n) },
      { "index[0]": -1n, "index[1]": 1n },
      { "index[0]": 3n, "index[1]": -1n },
    ];
    for (const edits of forgeries) {
      expect(exits.broken(exits.edit(witness, edits)), JSON.stringify(Object.keys(edits))).to.be.greaterThan(0);
    }
    // Whatever the position, it has one place and one base node.
    expect(await choicesAsWritten(gadget("exits", "ExitInList", 2, 2, 3))).to.deep.equal(["IsZero.inv"]);
  });

  it("refuses places that hold nothing: the empty leaf is nobody's exit", async () => {
    const exits = await circuit();
    for (const [base, leaf] of [
      [1, 1],
      [2, 0],
      [2, 2],
    ] as const) {
      const position = exitPosition({ base, leaf });
      const path = exitPath(SIZES, [...EXITS, { position, packed: 0n }], position);
      await expectUnprovable(exits, { root: ROOT, position: BigInt(position), exit: 0n, ...path }, "ExitInList");
      await expectUnprovable(exits, { root: ROOT, position: BigInt(position), exit: 1n, ...path }, "IsChild");
    }
  });

  it("refuses a claim of nothing that names a root or a position", async () => {
    const exits = await circuit();
    const nothing = { root: 0n, position: 0n, exit: 0n, ...ZEROS };
    expect(exits.broken(await exits.witness(nothing))).to.equal(0);
    await expectUnprovable(exits, { ...nothing, root: 1n }, "ExitInList");
    await expectUnprovable(exits, { ...nothing, root: ROOT }, "ExitInList");
    await expectUnprovable(exits, { ...nothing, position: 1n }, "ExitInList");
    await expectUnprovable(exits, { ...nothing, position: 1n << 16n }, "ExitInList");
    // Not even with the true path of a list whose first place is empty.
    const first = placeExits([[0n, 5n, 0n], ...LISTS.slice(1)]);
    const { leaves, children } = exitPath(SIZES, first, 1);
    await expectUnprovable(
      exits,
      { root: blockWithdrawalsRoot(SIZES, first), position: 0n, exit: 0n, leaves, children },
      "IsChild",
    );
  });

  it("refuses to be disabled by a hint, or to claim without being enabled", async () => {
    const exits = await circuit();
    const witness = await exits.witness(claim(at(0, 0)));
    const [hint] = exits.signals(/^IsZero_\d+_\d+\.inv$/);
    const forgeries: Record<string, bigint>[] = [
      { [hint!]: 0n },
      { disabled: 1n },
      { [hint!]: 0n, disabled: 1n, enabled: 0n },
    ];
    for (const edits of forgeries) {
      expect(exits.broken(exits.edit(witness, edits))).to.be.greaterThan(0);
    }
    const nothing = await exits.witness({ root: 0n, position: 0n, exit: 0n, ...ZEROS });
    expect(exits.broken(exits.edit(nothing, { disabled: 0n, enabled: 1n }))).to.be.greaterThan(0);
  });

  it("refuses lists and paths that are not the block's", async () => {
    const exits = await circuit();
    const honest = claim(at(0, 1));
    const { children } = exitPath(SIZES, EXITS, at(0, 1).position);
    await expectUnprovable(exits, { ...honest, leaves: [11n, 12n, 14n] }, "IsChild");
    await expectUnprovable(exits, { ...honest, leaves: LISTS[3]! }, "IsChild");
    await expectUnprovable(exits, { ...honest, children: [...children].reverse() }, "IsChild");
    await expectUnprovable(exits, { ...honest, children: children.map((pair) => [...pair].reverse()) }, "IsChild");
    await expectUnprovable(
      exits,
      { ...honest, children: exitPath(SIZES, EXITS, at(3, 1).position).children },
      "IsChild",
    );
    const [low, high] = children as [bigint[], bigint[]];
    await expectUnprovable(exits, { ...honest, children: [[low[0]!, low[1]! + 1n], high] }, "IsChild");
    await expectUnprovable(exits, { ...honest, children: [low, [high[0]!, high[1]! + 1n]] }, "ExitInList");
  });

  it("refuses an inner hash as an exit although lists are hashed like children", async () => {
    // Lists of two in a binary tree of two levels: all hashes are the same function, only the height tells them apart.
    const exits = await circuit(2, 2, 2);
    const sizes = { ...SIZES, transfersPerBase: 2 };
    const all = placeExits(LISTS.map((list) => list.slice(0, 2)));
    const root = blockWithdrawalsRoot(sizes, all);
    const { leaves, children } = exitPath(sizes, all, 0);
    expect(exits.broken(await exits.witness({ root, position: 0n, exit: 11n, leaves, children }))).to.equal(0);
    const [low, high] = children as [bigint[], bigint[]];
    // One level up the path has nowhere to end; one level down the exit is no list.
    await expectUnprovable(
      exits,
      { root, position: 0n, exit: low[0]!, leaves: low, children: [high, [root, 0n]] },
      "ExitInList",
    );
    await expectUnprovable(
      exits,
      { root, position: 0n, exit: high[0]!, leaves: high, children: [[root, 0n], high] },
      "IsChild",
    );
    await expectUnprovable(exits, { root: high[0]!, position: 0n, exit: 11n, leaves, children: [low, low] }, "IsChild");
  });
});
