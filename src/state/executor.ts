import { B52Error, MalformedError } from "../protocol/errors.ts";
import { blobElements, type BlockData, blockTxsRoot, encodeOperations } from "../protocol/blockData.ts";
import type { BaseExecution } from "../protocol/content.ts";
import { NO_TRANSFER, operationElements, type TransferElements, transferElements } from "../protocol/elements.ts";
import { type PlacedExit, placeExits } from "../protocol/exit.ts";
import { encodePackedOperation, type PackedOperation } from "../protocol/operation.ts";
import { baseCount, exitsPerBase, operationNodes, type Profile, transfersPerBlock } from "../protocol/profile.ts";
import { packTransfer, type SignedTransfer } from "../protocol/transfer.ts";
import type { Account } from "./account.ts";
import { checkTransfer } from "./admission.ts";
import { charge, credit, exitOf } from "./movement.ts";
import { executeOperation, type OperationTrace } from "./operation.ts";
import type { State } from "./state.ts";
import type { TreePath } from "./tree.ts";

/** What a block is executed under. */
export interface Rules {
  readonly profile: Profile;
  readonly domain: bigint;
  /** Levels of the account tree that BaseRollup holds open; decides how much of {@link NodeTrace.crown} is recorded. */
  readonly crownDepth: number;
  /** The same for OperationRollup. */
  readonly operationCrownDepth: number;
}

/** What one place of a transfer node did. */
export interface TransferTrace {
  /** 0 = no operation. */
  readonly packed: bigint;
  /** Undefined for no operation. */
  readonly signed: SignedTransfer | undefined;
  /** Before the transfer. */
  readonly sender: Account;
  /** In the tree before the transfer. */
  readonly senderPath: TreePath;
  /** After the sender was charged, before the amount is received; account 0 for an exit. */
  readonly receiver: Account;
  /** In the tree after the sender was charged. */
  readonly receiverPath: TreePath;
  /** Packed, 0 if none. */
  readonly exit: bigint;
}

/** What one base node proves, with everything that its witness needs. */
interface NodeTrace extends BaseExecution {
  /** Levels of the account tree that are held open. */
  readonly crownDepth: number;
  /** The nodes `crownDepth` levels below the previous state root. */
  readonly crown: readonly bigint[];
}

export interface TransferNodeTrace extends NodeTrace {
  readonly kind: "transfers";
  /** One for each place, unused ones included. */
  readonly transfers: readonly TransferTrace[];
}

export interface OperationNodeTrace extends NodeTrace {
  readonly kind: "operations";
  /** One for each place, unused ones included. */
  readonly operations: readonly OperationTrace[];
}

export type BaseTrace = TransferNodeTrace | OperationNodeTrace;

export interface ExecutedBlock {
  /** The state after the block, not yet committed. */
  readonly state: State;
  /** In the order of the base nodes: those of operations first. */
  readonly bases: readonly BaseTrace[];
  /** What is published of it. */
  readonly data: BlockData;
  /** What the order commitment binds. */
  readonly txsRoot: bigint;
  /** Transfers. */
  readonly txCount: bigint;
  /** L1 operations, applicable or not. */
  readonly l1OpCount: number;
  /** The block's exits by position. Owners can claim them on L1 once the block is final. */
  readonly exits: readonly PlacedExit[];
}

/** More transfers than the profile's base nodes prove. */
export class BlockFullError extends B52Error {
  constructor(count: number, capacity: number) {
    super(`block has ${count} transfers, expected at most ${capacity}`, { count, capacity });
  }
}

/**
 * Executes `operations`, then `transfers`, in order on a fork of `state`, which stays as it is.
 * @param operations all that are due, as L1 has them: L1 refuses a block with others
 * @throws {OutOfRangeError} if there are more operations than a block has places for
 * @throws {BlockFullError} if there are more transfers than operations leave room for
 * @throws {InadmissibleTransferError} for the first transfer that cannot be applied
 */
export function executeBlock(
  state: State,
  operations: readonly PackedOperation[],
  transfers: readonly SignedTransfer[],
  rules: Rules,
): ExecutedBlock {
  const capacity = transfersPerBlock(rules.profile, operations.length);
  if (transfers.length > capacity) throw new BlockFullError(transfers.length, capacity);
  let done = 0;
  return executePlaces(state, operations, rules, (next) => {
    const transfer = transfers[done++];
    return transfer && applyTransfer(next, transfer, rules.domain);
  });
}

/**
 * Executes `operations` on a fork of `state`, then asks `apply` for a transfer for each place that is left.
 * @param apply applies one transfer to the state that it is given, and says how; undefined leaves the place unused
 * @throws {OutOfRangeError} if there are more operations than a block has places for
 */
export function executePlaces(
  state: State,
  operations: readonly PackedOperation[],
  rules: Rules,
  apply: (state: State) => TransferTrace | undefined,
): ExecutedBlock {
  const { profile } = rules;
  const { operationsPerBase } = profile;
  const l1OpCount = operations.length;
  const nodes = operationNodes(profile, l1OpCount);
  const next = state.fork();
  const bases = Array.from({ length: baseCount(profile) }, (_, base) =>
    base < nodes
      ? executeOperations(next, operations.slice(base * operationsPerBase, (base + 1) * operationsPerBase), rules)
      : executeTransfers(next, rules, apply),
  );
  const elements = bases.map((base) => base.elements);
  return {
    state: next,
    bases,
    data: { operations: encodeOperations(operations), elements: blobElements(elements.slice(nodes)) },
    txsRoot: blockTxsRoot(profile, elements),
    txCount: bases.reduce((sum, { txCount }) => sum + txCount, 0n),
    l1OpCount,
    exits: placeExits(bases.map(({ exits }) => exits)),
  };
}

/** Applies one transfer to `state`. @throws {InadmissibleTransferError} and leaves the state alone */
export function applyTransfer(state: State, transfer: SignedTransfer, domain: bigint): TransferTrace {
  checkTransfer(state, transfer, domain);
  return moveTransfer(state, packTransfer(transfer), transfer);
}

/**
 * Applies one transfer to `state` that was found to be admissible.
 * @param packed its encoding: an amount may have several
 */
export function moveTransfer(state: State, packed: bigint, transfer: SignedTransfer): TransferTrace {
  const { from, to } = transfer;
  const sender = state.account(from);
  const senderPath = state.path(from);
  charge(state, transfer);
  const receiver = state.account(to);
  const receiverPath = state.path(to);
  credit(state, transfer);
  const exit = exitOf(packed, transfer, sender.l1Owner);
  return { packed, signed: transfer, sender, senderPath, receiver, receiverPath, exit };
}

function executeTransfers(
  state: State,
  { profile, crownDepth }: Rules,
  apply: (state: State) => TransferTrace | undefined,
): TransferNodeTrace {
  const prevStateRoot = state.root;
  const crown = state.crown(crownDepth);
  const traces = Array.from({ length: profile.transfersPerBase }, () => apply(state) ?? noTransfer(state));
  const transfers = traces.flatMap(({ signed }) => signed ?? []);
  return {
    kind: "transfers",
    prevStateRoot,
    nextStateRoot: state.root,
    elements: transferElements(profile, traces.map(elementsOf)),
    fees: transfers.reduce((sum, { fee }) => sum + fee, 0n),
    txCount: BigInt(transfers.length),
    l1OpCount: 0n,
    exits: exitsOf(profile, traces),
    crownDepth,
    crown,
    transfers: traces,
  };
}

function executeOperations(
  state: State,
  operations: readonly PackedOperation[],
  { profile, operationCrownDepth }: Rules,
): OperationNodeTrace {
  const none = operations.find(([high]) => high === 0n);
  if (none !== undefined) throw new MalformedError("operation", encodePackedOperation(none), "one with a first word");
  const prevStateRoot = state.root;
  const crown = state.crown(operationCrownDepth);
  const traces = Array.from({ length: profile.operationsPerBase }, (_, place) =>
    executeOperation(state, operations[place] ?? [0n, 0n]),
  );
  return {
    kind: "operations",
    prevStateRoot,
    nextStateRoot: state.root,
    elements: operationElements(profile, operations),
    fees: 0n,
    txCount: 0n,
    l1OpCount: BigInt(operations.length),
    exits: exitsOf(profile, traces),
    crownDepth: operationCrownDepth,
    crown,
    operations: traces,
  };
}

function elementsOf({ packed, signed }: TransferTrace): TransferElements {
  if (signed === undefined) return NO_TRANSFER;
  const { r8, s } = signed.signature;
  return { packed, r8y: r8.y, s };
}

/** The leaves of a base node's list of exits. */
function exitsOf(profile: Profile, traces: readonly { readonly exit: bigint }[]): bigint[] {
  return Array.from({ length: exitsPerBase(profile) }, (_, place) => traces[place]?.exit ?? 0n);
}

/** In an unused place the circuit walks the paths of account 0. */
function noTransfer(state: State): TransferTrace {
  const account = state.account(0);
  const path = state.path(0);
  return {
    packed: 0n,
    signed: undefined,
    sender: account,
    senderPath: path,
    receiver: account,
    receiverPath: path,
    exit: 0n,
  };
}
