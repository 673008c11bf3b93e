import { type BlockData, decodeOperations, elementsByBase } from "../protocol/blockData.ts";
import { pointsAt, verify } from "../protocol/eddsa.ts";
import { type TransferElements, unpackTransferElements } from "../protocol/elements.ts";
import { operationNodes } from "../protocol/profile.ts";
import { type SignedTransfer, transferMessage, unpackTransfer } from "../protocol/transfer.ts";
import { BadSignatureError, checkMovement } from "./admission.ts";
import { type ExecutedBlock, executePlaces, moveTransfer, type Rules, type TransferTrace } from "./executor.ts";
import type { State } from "./state.ts";

/**
 * A block with all that its witnesses need, from what is public of it and the state before: nobody has to tell a prover
 * more. It takes exactly the blocks that the circuits prove. `state` stays as it is.
 * @throws {MalformedError | OutOfRangeError | InadmissibleTransferError} for a block that cannot be proven
 */
export function traceBlock(state: State, data: BlockData, rules: Rules): ExecutedBlock {
  const { profile, domain } = rules;
  const operations = decodeOperations(data.operations);
  const places = elementsByBase(profile, data)
    .slice(operationNodes(profile, operations.length))
    .flatMap((elements) => unpackTransferElements(profile, elements));
  let place = 0;
  return executePlaces(state, operations, rules, (next) => {
    const elements = places[place++]!;
    return elements.packed === 0n ? undefined : applyElements(next, elements, domain);
  });
}

/** Applies the transfer that a place's elements stand for. @throws {InadmissibleTransferError} */
function applyElements(state: State, elements: TransferElements, domain: bigint): TransferTrace {
  const { packed } = elements;
  const transfer = unpackTransfer(packed)!;
  // An account that is not there has no nonce, and is refused as such.
  const { nonce, key } = state.account(transfer.from);
  checkMovement(state, { ...transfer, nonce });
  const signed = findSigned(elements, key, transferMessage(domain, packed, nonce));
  if (signed === undefined) throw new BadSignatureError(transfer.from);
  return moveTransfer(state, packed, { ...transfer, nonce, ...signed });
}

/**
 * Of a signature R8.y and S are public, and of the account's key y. Two points have each y, so four pairs may have
 * signed: the signature is valid for the one that did.
 */
function findSigned(
  { r8y, s }: TransferElements,
  key: bigint,
  message: bigint,
): Pick<SignedTransfer, "sender" | "signature"> | undefined {
  for (const sender of pointsAt(key))
    for (const r8 of pointsAt(r8y)) if (verify(sender, message, { r8, s })) return { sender, signature: { r8, s } };
  return undefined;
}
