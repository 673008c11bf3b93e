import {
  BLOB_FIELD,
  type Content,
  contentHash,
  keyOf,
  mergeContent,
  nodeNumber,
  packAssigned,
  rootContent,
  rootInputs,
  type RootStatement,
  rootVector,
  type SecretKey,
  secretKeyFromSeed,
  signVote,
  type Vote,
  vrfBeta,
} from "../../../src/protocol/index.ts";
import { mergeInput, rootInput } from "../../../src/proving/inputs.ts";
import type { Inputs } from "./testCircuit.ts";

export const DOMAIN = 111222333n;
export const PROPOSAL = 444555666n;
export const SEED = 777n;
export const BURN_BID = 1000n;

export const prover = (i: number): SecretKey => secretKeyFromSeed(`prover ${i}`);
export const WORKER = secretKeyFromSeed("worker");

export type Worker = SecretKey | "anonymous";

const keyOfWorker = (worker: Worker): bigint => (worker === "anonymous" ? 0n : keyOf(worker));
const secretOf = (worker: Worker): SecretKey | undefined => (worker === "anonymous" ? undefined : worker);
const betaOf = (worker: Worker): bigint => vrfBeta(secretOf(worker), SEED);

/** Contents of `count` children at `level` that follow each other. */
export function childContents(level: number, count: number, from = 0): Content[] {
  return Array.from({ length: count }, (_, i) => {
    const n = BigInt(from + i);
    return {
      level,
      prevStateRoot: 1000n + n,
      nextStateRoot: 1001n + n,
      txsRoot: 2000n + n,
      fees: 30n + n,
      l1OpCount: n,
      txCount: 2n + n,
      withdrawalsRoot: 4000n + n,
      dataEval: BLOB_FIELD - 5000n + n,
      zPow: BLOB_FIELD - 6000n,
      proversRoot: 7000n + n,
    };
  });
}

/** What a merge is made of. Every child's prover voted for the whole tree. */
export interface MergeCase {
  readonly arity: number;
  readonly depth: number;
  readonly index: number;
  readonly children: readonly Content[];
  /** Secrets of the children's provers, undefined for an unassigned child. */
  readonly provers: readonly (SecretKey | undefined)[];
  readonly assigned: readonly number[];
  readonly mask: bigint;
  readonly votes: readonly Vote[];
}

export function voteOf(i: number, terms: Partial<Vote> = {}): Vote {
  return signVote(prover(i), { proposalId: PROPOSAL, depth: 0, index: 0, capacity: 5, minBurnBid: 1n, ...terms });
}

export function mergeCase(arity: number, depth: number, index: number, change: Partial<MergeCase> = {}): MergeCase {
  const all = Array.from({ length: arity }, (_, i) => i);
  return {
    arity,
    depth,
    index,
    children: childContents(depth + 1, arity),
    provers: all.map(prover),
    assigned: all.map((i) => i + 1),
    mask: (1n << BigInt(arity)) - 1n,
    votes: all.map((i) => voteOf(i)),
    ...change,
  };
}

const keyOrZero = (secret: SecretKey | undefined): bigint => (secret === undefined ? 0n : keyOf(secret));

/** Inputs of MergeRollup. */
export function mergeInputs(merge: MergeCase, worker: Worker = WORKER): Inputs {
  const childKey = merge.provers.map(keyOrZero);
  const statement = {
    content: contentHash(mergeContent(merge.children, childKey)),
    childContent: merge.children.map(contentHash),
    childKey,
    childAssigned: packAssigned(merge.assigned),
    mask: merge.mask,
    burnBid: BURN_BID,
    domain: DOMAIN,
    proposalId: PROPOSAL,
    node: nodeNumber(merge),
    workerKey: keyOfWorker(worker),
    roundSeed: SEED,
    beta: betaOf(worker),
  };
  return mergeInput(statement, merge.children, merge.votes, secretOf(worker));
}

/** A root: a merge at depth 0 whose provers, counts, mask and votes have one more entry for its own slot. */
export function rootCase(arity: number, change: Partial<MergeCase> = {}): MergeCase {
  const whole = mergeCase(arity + 1, 0, 0);
  return { ...whole, arity, children: childContents(1, arity), ...change };
}

/** What L1 knows of a root. */
export function rootStatement(
  { arity, children, provers, assigned, mask }: MergeCase,
  worker: Worker = WORKER,
): RootStatement {
  const keys = provers.map(keyOrZero);
  const childKey = keys.slice(0, arity);
  const ownKey = keys[arity]!;
  return {
    ...rootContent(children, childKey, ownKey),
    domain: DOMAIN,
    proposalId: PROPOSAL,
    burnBid: BURN_BID,
    workerKey: keyOfWorker(worker),
    roundSeed: SEED,
    beta: betaOf(worker),
    ownKey,
    assigned: packAssigned(assigned),
    mask,
    childContent: children.map(contentHash),
    childKey,
  };
}

/** Inputs of RootRollup; `claimed` is what L1 is told instead of the truth. */
export function rootCircuitInputs(
  root: MergeCase,
  worker: Worker = WORKER,
  claimed: Partial<RootStatement> = {},
): Inputs {
  const honest = rootInput(rootStatement(root, worker), root.children, root.votes, secretOf(worker));
  const { commitment, x, y } = rootInputs(rootVector({ ...rootStatement(root, worker), ...claimed }));
  return { ...honest, C: commitment, x, y };
}
