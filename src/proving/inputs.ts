import type { Content } from "../protocol/content.ts";
import { assertSecretKey, type SecretKey } from "../protocol/eddsa.ts";
import type { BaseStatement, KeyOwnershipStatement, MergeStatement } from "../protocol/publicInputs.ts";
import { type RootStatement, rootInputs, rootVector } from "../protocol/rootInputs.ts";
import { packVote, type Vote } from "../protocol/vote.ts";
import type { Account } from "../state/account.ts";
import type { OperationNodeTrace, TransferNodeTrace } from "../state/executor.ts";
import type { TreePath } from "../state/tree.ts";
import type { CircuitInput } from "./circuitInput.ts";

// circuits/README.md says what the signals mean.

/** Witness input of BaseRollup. @param secret the worker's, undefined for an anonymous one */
export function baseInput(statement: BaseStatement, trace: TransferNodeTrace, secret?: SecretKey): CircuitInput {
  const { transfers, crownDepth } = trace;
  const signed = transfers.map((transfer) => transfer.signed);
  return {
    ...statement,
    crown: trace.crown,
    transfer: transfers.map(({ packed }) => packed),
    ...accountSignals(transfers, crownDepth),
    senderKeyX: signed.map((transfer) => transfer?.sender.x ?? 0n),
    senderKeyY: signed.map((transfer) => transfer?.sender.y ?? 0n),
    sigR8x: signed.map((transfer) => transfer?.signature.r8.x ?? 0n),
    sigR8y: signed.map((transfer) => transfer?.signature.r8.y ?? 0n),
    sigS: signed.map((transfer) => transfer?.signature.s ?? 0n),
    ...workerSignals(secret),
  };
}

/** Witness input of OperationRollup. @param secret the worker's, undefined for an anonymous one */
export function operationInput(statement: BaseStatement, trace: OperationNodeTrace, secret?: SecretKey): CircuitInput {
  const { operations, crownDepth } = trace;
  return {
    ...statement,
    crown: trace.crown,
    word0: operations.map(({ words }) => words[0]),
    word1: operations.map(({ words }) => words[1]),
    ...accountSignals(operations, crownDepth),
    ...workerSignals(secret),
  };
}

/** Witness input of MergeRollup. @param votes the counted vote of each child, undefined where its mask bit is 0 */
export function mergeInput(
  statement: MergeStatement,
  children: readonly Content[],
  votes: readonly (Vote | undefined)[],
  secret?: SecretKey,
): CircuitInput {
  return { ...statement, ...childSignals(children), ...voteSignals(votes), ...workerSignals(secret) };
}

/**
 * Witness input of RootRollup.
 * @param votes those of the children and, at position `arity`, of the root's own prover
 */
export function rootInput(
  statement: RootStatement,
  children: readonly Content[],
  votes: readonly (Vote | undefined)[],
  secret?: SecretKey,
): CircuitInput {
  const { commitment, x, y } = rootInputs(rootVector(statement));
  const { domain, proposalId, burnBid, roundSeed, ownKey, assigned, mask, childKey } = statement;
  return {
    C: commitment,
    x,
    y,
    domain,
    proposalId,
    burnBid,
    roundSeed,
    ownKey,
    assigned,
    mask,
    childKey,
    ...childSignals(children),
    ...voteSignals(votes),
    ...workerSignals(secret),
  };
}

/** Witness input of KeyOwnership. */
export function keyOwnershipInput(statement: KeyOwnershipStatement, secret: SecretKey): CircuitInput {
  return { ...statement, secret: assertSecretKey(secret) };
}

interface AccountsTrace {
  readonly sender: Account;
  readonly senderPath: TreePath;
  readonly receiver: Account;
  readonly receiverPath: TreePath;
}

/** @param crownDepth the one that the trace was recorded with */
function accountSignals(traces: readonly AccountsTrace[], crownDepth: number): CircuitInput {
  const senders = traces.map(({ sender }) => sender);
  const receivers = traces.map(({ receiver }) => receiver);
  const below = (path: TreePath): TreePath => path.slice(0, path.length - crownDepth);
  return {
    senderKey: senders.map(({ key }) => key),
    senderBalance: senders.map(({ balance }) => balance),
    senderNonce: senders.map(({ nonce }) => nonce),
    senderL1Owner: senders.map(({ l1Owner }) => l1Owner),
    senderChildren: traces.map(({ senderPath }) => below(senderPath)),
    receiverKey: receivers.map(({ key }) => key),
    receiverBalance: receivers.map(({ balance }) => balance),
    receiverNonce: receivers.map(({ nonce }) => nonce),
    receiverL1Owner: receivers.map(({ l1Owner }) => l1Owner),
    receiverChildren: traces.map(({ receiverPath }) => below(receiverPath)),
  };
}

function childSignals(children: readonly Content[]): CircuitInput {
  return {
    stateRoot: [children[0]!.prevStateRoot, ...children.map(({ nextStateRoot }) => nextStateRoot)],
    childTxsRoot: children.map(({ txsRoot }) => txsRoot),
    childFees: children.map(({ fees }) => fees),
    childL1OpCount: children.map(({ l1OpCount }) => l1OpCount),
    childTxCount: children.map(({ txCount }) => txCount),
    childWithdrawalsRoot: children.map(({ withdrawalsRoot }) => withdrawalsRoot),
    childDataEval: children.map(({ dataEval }) => dataEval),
    childRPow: children.map(({ rPow }) => rPow),
    childProversRoot: children.map(({ proversRoot }) => proversRoot),
  };
}

function voteSignals(votes: readonly (Vote | undefined)[]): CircuitInput {
  return {
    voteKeyX: votes.map((vote) => vote?.key.x ?? 0n),
    voteKeyY: votes.map((vote) => vote?.key.y ?? 0n),
    votePacked: votes.map((vote) => (vote === undefined ? 0n : packVote(vote))),
    voteR8x: votes.map((vote) => vote?.signature.r8.x ?? 0n),
    voteR8y: votes.map((vote) => vote?.signature.r8.y ?? 0n),
    voteS: votes.map((vote) => vote?.signature.s ?? 0n),
  };
}

/** The circuit wants a valid scalar of an anonymous worker too; 1 tells nothing. */
function workerSignals(secret: SecretKey | undefined): CircuitInput {
  return secret === undefined ? { secret: 1n, anonymous: 1n } : { secret: assertSecretKey(secret), anonymous: 0n };
}
