import { B52Error } from "../protocol/errors.ts";
import { blockTxsRoot, encodeData, packWords } from "../protocol/data.ts";
import type { BaseExecution } from "../protocol/content.ts";
import { baseCount, type Profile, transfersPerBlock } from "../protocol/profile.ts";
import { packTransfer, type SignedTransfer } from "../protocol/transfer.ts";
import type { Account } from "./account.ts";
import { checkTransfer } from "./admission.ts";
import { charge, credit } from "./movement.ts";
import type { State } from "./state.ts";
import type { TreePath } from "./tree.ts";

/** What a block is executed under. */
export interface Rules {
  readonly profile: Profile;
  readonly domain: bigint;
  /** Levels of the account tree that base circuits hold open; decides how much of {@link BaseTrace.crown} is recorded. */
  readonly crownDepth: number;
}

/** What one place of a base node did. */
export interface TransferTrace {
  /** 0 = no operation. */
  readonly packed: bigint;
  /** Undefined for no operation. */
  readonly signed: SignedTransfer | undefined;
  /** Before the transfer. */
  readonly sender: Account;
  /** In the tree before the transfer. */
  readonly senderPath: TreePath;
  /** After the sender was charged, before the amount is received. */
  readonly receiver: Account;
  /** In the tree after the sender was charged. */
  readonly receiverPath: TreePath;
}

/** What one base node proves, with everything that its witness needs. */
export interface BaseTrace extends BaseExecution {
  /** The nodes `crownDepth` levels below the previous state root. */
  readonly crown: readonly bigint[];
  /** One for each place, unused ones included. */
  readonly transfers: readonly TransferTrace[];
}

export interface ExecutedBlock {
  /** The state after the block, not yet committed. */
  readonly state: State;
  /** In the order of the base nodes. */
  readonly bases: readonly BaseTrace[];
  /** What is posted on L1. */
  readonly data: string;
  /** What the order commitment binds. */
  readonly txsRoot: bigint;
}

/** More transfers than the profile's base nodes prove. */
export class BlockFullError extends B52Error {
  constructor(count: number, capacity: number) {
    super(`block has ${count} transfers, expected at most ${capacity}`, { count, capacity });
  }
}

/**
 * Executes `transfers` in order on a fork of `state`, which stays as it is.
 * @throws {BlockFullError}
 * @throws {InadmissibleTransferError} for the first transfer that cannot be applied
 */
export function executeBlock(state: State, transfers: readonly SignedTransfer[], rules: Rules): ExecutedBlock {
  const { profile } = rules;
  const capacity = transfersPerBlock(profile);
  if (transfers.length > capacity) throw new BlockFullError(transfers.length, capacity);
  const next = state.fork();
  const bases = Array.from({ length: baseCount(profile) }, (_, i) => {
    const first = i * profile.transfersPerBase;
    return executeBase(next, transfers.slice(first, first + profile.transfersPerBase), rules);
  });
  const words = bases.flatMap((base) => base.words);
  return { state: next, bases, data: encodeData(words), txsRoot: blockTxsRoot(profile, words) };
}

/** Applies one transfer to `state`. @throws {InadmissibleTransferError} and leaves the state alone */
export function applyTransfer(state: State, transfer: SignedTransfer, domain: bigint): TransferTrace {
  checkTransfer(state, transfer, domain);
  const { from, to } = transfer;
  const sender = state.account(from);
  const senderPath = state.path(from);
  charge(state, transfer);
  const receiver = state.account(to);
  const receiverPath = state.path(to);
  credit(state, transfer);
  return { packed: packTransfer(transfer), signed: transfer, sender, senderPath, receiver, receiverPath };
}

function executeBase(state: State, transfers: readonly SignedTransfer[], { profile, domain, crownDepth }: Rules): BaseTrace {
  const prevStateRoot = state.root;
  const crown = state.crown(crownDepth);
  const traces = Array.from({ length: profile.transfersPerBase }, (_, place) => {
    const transfer = transfers[place];
    return transfer === undefined ? noOperation(state) : applyTransfer(state, transfer, domain);
  });
  return {
    prevStateRoot,
    nextStateRoot: state.root,
    words: packWords(
      profile,
      traces.map(({ packed }) => packed),
    ),
    fees: transfers.reduce((sum, { fee }) => sum + fee, 0n),
    txCount: BigInt(transfers.length),
    crown,
    transfers: traces,
  };
}

/** The circuit walks the paths of account 0 where nothing is to be done. */
function noOperation(state: State): TransferTrace {
  const account = state.account(0);
  const path = state.path(0);
  return { packed: 0n, signed: undefined, sender: account, senderPath: path, receiver: account, receiverPath: path };
}
