import { concat, keccak256 } from "ethers";
import { Random } from "./random.ts";
import {
  encodeProof,
  FIELD,
  randomCircuit,
  randomCommon,
  simulateProof,
  word,
  type CircuitTrapdoor,
  type CommonTrapdoor,
} from "./trapdoor.ts";

/** BLS12-381's scalar modulus. */
const BLOB_FIELD = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;

/**
 * Proof forests over simulated circuits. Public inputs are derived here from docs/encodings.md alone, as a second
 * opinion to the contract.
 */
export interface ForestSetup {
  readonly arity: number;
  readonly levels: number;
  readonly operationsPerBase: number;
  readonly common: CommonTrapdoor;
  readonly base: CircuitTrapdoor;
  readonly merge: CircuitTrapdoor;
  readonly root: CircuitTrapdoor;
  readonly keyOwnership: CircuitTrapdoor;
  /** Bases of L1 operations. */
  readonly operations: CircuitTrapdoor;
}

export interface Statement {
  domain: bigint;
  proposalId: bigint;
  z: bigint;
  roundSeed: bigint;
  burnBid: bigint;
  prevStateRoot: bigint;
  nextStateRoot: bigint;
  txsRoot: bigint;
  fees: bigint;
  l1OpCount: bigint;
  txCount: bigint;
  withdrawalsRoot: bigint;
  dataEval: bigint;
  proversRoot: bigint;
}

/** One node of the forest; the root's content is not used. */
export interface Slot {
  key: bigint;
  assigned: number;
  voted: boolean;
  delivered: boolean;
  content: bigint;
  /** 0 unless delivered in a round with a seed. */
  beta: bigint;
}

export interface Forest {
  readonly setup: ForestSetup;
  statement: Statement;
  rootCommitment: bigint;
  slots: Slot[];
  /** 256 bytes each, in slot order. */
  proofs: string[];
}

export function createSetup(
  random: Random,
  arity: number,
  levels: number,
  operationsPerBase = 2,
  common: CommonTrapdoor = randomCommon(random),
): ForestSetup {
  const circuit = (inputs: number) => randomCircuit(random, common, inputs);
  const circuits = {
    base: circuit(8),
    merge: circuit(10 + 2 * arity),
    root: circuit(3),
    keyOwnership: circuit(5),
    operations: circuit(8),
  };
  return { arity, levels, operationsPerBase, common, ...circuits };
}

export function slotCount({ arity, levels }: Pick<ForestSetup, "arity" | "levels">): number {
  let count = 1;
  for (let depth = 0; depth < levels; depth++) count = count * arity + 1;
  return count;
}

/**
 * Random claims with valid proofs. Seven provers share the slots; some slots are unassigned, unvoted or delivered by
 * others.
 *
 * @param isProven whether a slot's proof is made: it takes most of the time
 */
export function randomForest(
  random: Random,
  setup: ForestSetup,
  overrides: Partial<Statement> = {},
  isProven: (slot: number) => boolean = () => true,
): Forest {
  const field = () => random.below(FIELD);
  const provers = Array.from({ length: 7 }, field);
  const owners = Array.from({ length: slotCount(setup) }, () =>
    random.chance(1, 8) ? undefined : provers[random.index(7)],
  );
  const slots = owners.map((owner): Slot => {
    const present = owner !== undefined;
    return {
      key: owner ?? 0n,
      assigned: present ? owners.filter((other) => other === owner).length : 0,
      voted: present && random.chance(3, 4),
      delivered: present && random.chance(3, 4),
      content: field(),
      beta: 0n,
    };
  });
  if (overrides.roundSeed) for (const slot of slots) if (slot.delivered) slot.beta = field();
  const forest: Forest = {
    setup,
    statement: {
      domain: random.below(1n << 248n),
      proposalId: random.below(1n << 248n),
      z: random.below(1n << 248n),
      roundSeed: 0n,
      burnBid: random.below(1n << 64n),
      prevStateRoot: field(),
      nextStateRoot: field(),
      txsRoot: field(),
      fees: random.below(1n << 96n),
      l1OpCount: 0n,
      txCount: random.below(1n << 16n),
      withdrawalsRoot: field(),
      dataEval: random.below(BLOB_FIELD),
      proversRoot: field(),
      ...overrides,
    },
    rootCommitment: field(),
    slots,
    proofs: [],
  };
  forest.proofs = slots.map((_, slot) => (isProven(slot) ? proveSlot(random, forest, slot) : "0x"));
  return forest;
}

/** A fresh valid proof of one slot, encoded. */
export function proveSlot(random: Random, forest: Forest, slot: number): string {
  return encodeProof(simulateProof(random, circuitOf(forest, slot), publicInputs(forest, slot)));
}

export function circuitOf({ setup, statement }: Pick<Forest, "setup" | "statement">, slot: number): CircuitTrapdoor {
  const { depth, index } = position(setup, slot);
  if (depth === 0) return setup.root;
  if (depth < setup.levels) return setup.merge;
  // A base proves operations as long as those before it have no places for all.
  return BigInt(index * setup.operationsPerBase) < statement.l1OpCount ? setup.operations : setup.base;
}

/** The public inputs of a slot's circuit, in order. */
export function publicInputs(forest: Forest, slot: number): bigint[] {
  const { setup, statement, slots, rootCommitment } = forest;
  const { arity, levels } = setup;
  const { depth, index } = position(setup, slot);
  const self = slots[slot]!;
  const node = BigInt(depth) * 2n ** 32n + BigInt(index);
  const workerKey = self.delivered ? self.key : 0n;
  const { beta } = self;
  const { domain, z, proposalId, burnBid, roundSeed } = statement;
  if (depth === levels) return [self.content, domain, z, proposalId, node, workerKey, roundSeed, beta];

  const children = Array.from({ length: arity }, (_, i) => slots[arity * slot + 1 + i]!);
  const contents = children.map((child) => child.content);
  const keys = children.map((child) => child.key);
  const ballot = depth === 0 ? [...children, self] : children;
  const assigned = ballot.reduce((sum, { assigned }, i) => sum + BigInt(assigned) * 2n ** BigInt(14 * i), 0n);
  const mask = ballot.reduce((sum, { voted }, i) => sum + (voted ? 2n ** BigInt(i) : 0n), 0n);
  if (depth > 0) {
    return [
      self.content,
      ...contents,
      ...keys,
      assigned,
      mask,
      burnBid,
      domain,
      proposalId,
      node,
      workerKey,
      roundSeed,
      beta,
    ];
  }

  const s = statement;
  const v = [
    ...[
      s.prevStateRoot,
      s.nextStateRoot,
      s.txsRoot,
      s.fees,
      s.l1OpCount,
      s.txCount,
      s.withdrawalsRoot,
      ...limbsOf(s.dataEval),
      s.proversRoot,
    ],
    ...[domain, proposalId, burnBid, workerKey, roundSeed, beta, self.key, assigned, mask, ...contents, ...keys],
  ];
  const x = BigInt(keccak256(concat([rootCommitment, ...v].map(word)))) % FIELD;
  let y = 0n;
  let power = 1n;
  for (const value of v) {
    y = (y + value * power) % FIELD;
    power = (power * x) % FIELD;
  }
  return [rootCommitment, x, y];
}

/** 86, 86 and 83 bits, the lowest first. */
const limbsOf = (value: bigint): bigint[] => [value % 2n ** 86n, (value / 2n ** 86n) % 2n ** 86n, value / 2n ** 172n];

/** Where a slot is. */
export function position({ arity, levels }: ForestSetup, slot: number): { depth: number; index: number } {
  let first = 0;
  for (let depth = 0, width = 1; depth <= levels; depth++, width *= arity) {
    if (slot < first + width) return { depth, index: slot - first };
    first += width;
  }
  throw new Error(`slot ${slot} of ${first}`);
}
