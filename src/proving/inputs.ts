import { type Content, contentElements } from "../protocol/content.ts";
import { assertSecretKey, type PublicKey, type SecretKey, type Signature } from "../protocol/eddsa.ts";
import type { BaseStatement, KeyOwnershipStatement, MergeStatement } from "../protocol/publicInputs.ts";
import { type RootStatement, rootInputs, rootVector } from "../protocol/rootInputs.ts";
import { packVote, type Vote } from "../protocol/vote.ts";
import type { Account } from "../state/account.ts";
import type { OperationNodeTrace, TransferNodeTrace } from "../state/executor.ts";
import type { TreePath } from "../state/tree.ts";
import type { CircuitInput, SignalValue } from "./circuitInput.ts";

// circuits/README.md says what the signals mean. A bus is given as the array of its signals, in their order.

/** Witness input of BaseRollup. @param secret the worker's, undefined for an anonymous one */
export function baseInput(statement: BaseStatement, trace: TransferNodeTrace, secret?: SecretKey): CircuitInput {
  const { transfers, crownDepth } = trace;
  const signed = transfers.map((transfer) => transfer.signed);
  return {
    ...statement,
    crown: trace.crown,
    transfer: transfers.map(({ packed }) => packed),
    ...accountSignals(transfers, crownDepth),
    signerX: signed.map((transfer) => transfer?.sender.x ?? 0n),
    signature: signed.map((transfer) => signatureBus(transfer?.signature)),
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
  return {
    ...statement,
    child: children.map(contentElements),
    vote: votes.map(voteBus),
    ...workerSignals(secret),
  };
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
    child: children.map(contentElements),
    vote: votes.map(voteBus),
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
  const below = (path: TreePath): TreePath => path.slice(0, path.length - crownDepth);
  return {
    sender: traces.map(({ sender }) => accountBus(sender)),
    senderChildren: traces.map(({ senderPath }) => below(senderPath)),
    receiver: traces.map(({ receiver }) => accountBus(receiver)),
    receiverChildren: traces.map(({ receiverPath }) => below(receiverPath)),
  };
}

/** The bus Account. */
export const accountBus = ({ key, balance, nonce, l1Owner }: Account): SignalValue => [key, balance, nonce, l1Owner];

/** The bus Point; 0 where none is needed. */
export const pointBus = (point?: PublicKey): SignalValue => [point?.x ?? 0n, point?.y ?? 0n];

/** The bus Signature; 0 where none is needed. */
export const signatureBus = (signature?: Signature): SignalValue => [pointBus(signature?.r8), signature?.s ?? 0n];

/** The bus SignedVote; 0 where none is counted. */
export const voteBus = (vote?: Vote): SignalValue => [
  pointBus(vote?.key),
  vote === undefined ? 0n : packVote(vote),
  signatureBus(vote?.signature),
];

/** The circuit wants a valid scalar of an anonymous worker too; 1 tells nothing. */
function workerSignals(secret: SecretKey | undefined): CircuitInput {
  return secret === undefined ? { secret: 1n, anonymous: 1n } : { secret: assertSecretKey(secret), anonymous: 0n };
}
