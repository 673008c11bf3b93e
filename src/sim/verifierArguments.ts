import { concat } from "ethers";
import { encodeCircuit, encodeCommon } from "./trapdoor.ts";
import { type Forest, type ForestSetup, position, type Slot, type Statement } from "./trapdoorForest.ts";

export type ForestArguments = [statement: Statement, ...ForestLists];

type ForestLists = [
  keys: bigint[],
  assigned: string,
  flags: bigint[],
  rootCommitment: bigint,
  contents: bigint[],
  betas: bigint[],
  proofs: string,
];

/** The arguments of `verifyForest`. */
export function forestArguments(forest: Forest): ForestArguments {
  const { statement, slots, rootCommitment, proofs } = forest;
  return [
    statement,
    slots.map(({ key }) => key),
    concat(slots.map(({ assigned }) => uint16(assigned))),
    encodeFlags(slots),
    rootCommitment,
    slots.slice(1).map(({ content }) => content),
    statement.roundSeed === 0n ? [] : slots.map(({ beta }) => beta),
    concat(proofs),
  ];
}

export type RangeArguments = [statement: Statement, first: number, end: number, ...ForestLists];

/** The arguments of `verifyRange`, with proofs from `prove`. */
export function rangeArguments(
  forest: Forest,
  first: number,
  end: number,
  prove: (slot: number) => string = (slot) => forest.proofs[slot]!,
): RangeArguments {
  const { setup, statement, slots, rootCommitment } = forest;
  const own = slots.map((_, slot) => slot).slice(first, end);
  const isOwn = (slot: number): boolean => slot >= first && slot < end;
  const children = own.flatMap((slot) =>
    slots.map((_, child) => child).slice(setup.arity * slot + 1, setup.arity * (slot + 1) + 1),
  );
  const listed = [...own, ...children.filter((slot) => !isOwn(slot))];
  return [
    statement,
    first,
    end,
    listed.map((slot) => slots[slot]!.key),
    concat(listed.map((slot) => uint16(slots[slot]!.assigned))),
    encodeFlags(slots),
    rootCommitment,
    listed.filter((slot) => slot !== 0).map((slot) => slots[slot]!.content),
    statement.roundSeed === 0n ? [] : own.map((slot) => slots[slot]!.beta),
    concat(own.map(prove)),
  ];
}

const uint16 = (count: number): string => `0x${count.toString(16).padStart(4, "0")}`;

export type NodeContext = Pick<Statement, "domain" | "proposalId" | "z" | "roundSeed" | "burnBid" | "l1OpCount">;

/** One statement of `verifyNodes`. */
export interface NodeStatement {
  slot: number;
  content: bigint;
  workerKey: bigint;
  beta: bigint;
  childContents: bigint[];
  childKeys: bigint[];
  childAssigned: number[];
  mask: bigint;
}

export type NodeArguments = [context: NodeContext, nodes: NodeStatement[], proofs: string];

/** The arguments of `verifyNodes` for some slots, in this order. */
export function nodeArguments(forest: Forest, slots: readonly number[]): NodeArguments {
  const { domain, proposalId, z, roundSeed, burnBid, l1OpCount } = forest.statement;
  return [
    { domain, proposalId, z, roundSeed, burnBid, l1OpCount },
    slots.map((slot) => nodeStatement(forest, slot)),
    concat(slots.map((slot) => forest.proofs[slot]!)),
  ];
}

/** What the proof of one base or merge says, whoever else is in the forest. */
export function nodeStatement({ setup, slots }: Forest, slot: number): NodeStatement {
  const { key, delivered, content, beta } = slots[slot]!;
  const isBase = position(setup, slot).depth === setup.levels;
  const children = isBase ? [] : slots.slice(setup.arity * slot + 1, setup.arity * (slot + 1) + 1);
  return {
    ...{ slot, content, beta },
    workerKey: delivered ? key : 0n,
    childContents: children.map((child) => child.content),
    childKeys: children.map((child) => child.key),
    childAssigned: children.map((child) => child.assigned),
    mask: children.reduce((sum, { voted }, i) => sum + (voted ? 2n ** BigInt(i) : 0n), 0n),
  };
}

export function encodeFlags(slots: readonly Pick<Slot, "voted" | "delivered">[]): bigint[] {
  const flags = new Array<bigint>(Math.ceil(slots.length / 64)).fill(0n);
  slots.forEach(({ voted, delivered }, slot) => {
    const bit = BigInt(slot % 64);
    flags[Math.floor(slot / 64)]! |= (voted ? 1n << bit : 0n) | (delivered ? 1n << (64n + bit) : 0n);
  });
  return flags;
}

/** Verifying keys as contracts and deployments take them. */
export function encodedKeys({ levels, common, base, merge, root, keyOwnership, operations }: ForestSetup) {
  return {
    common: encodeCommon(common),
    base: encodeCircuit(base),
    merge: levels === 1 ? "0x" : encodeCircuit(merge),
    root: encodeCircuit(root),
    keyOwnership: encodeCircuit(keyOwnership),
    operations: encodeCircuit(operations),
  };
}

/** The constructor arguments of `ForestVerifier`. */
export function verifierArguments(
  setup: ForestSetup,
): [number, number, number, string, string, string, string, string, string] {
  const { arity, levels, operationsPerBase } = setup;
  const { common, base, merge, root, keyOwnership, operations } = encodedKeys(setup);
  return [arity, levels, operationsPerBase, common, base, merge, root, keyOwnership, operations];
}
