import { type BlockData, decodeOperations, elementsByBase } from "../protocol/blockData.ts";
import { unpackTransferElements } from "../protocol/elements.ts";
import { B52Error } from "../protocol/errors.ts";
import { type PlacedExit, placeExits } from "../protocol/exit.ts";
import { toHex32 } from "../protocol/hex.ts";
import { operationNodes, type Profile } from "../protocol/profile.ts";
import { unpackTransfer } from "../protocol/transfer.ts";
import { charge, credit, exitOf } from "./movement.ts";
import { executeOperation } from "./operation.ts";
import type { State } from "./state.ts";

/** Data that do not lead to the proven state root. */
export class ReplayMismatchError extends B52Error {
  constructor(root: bigint, expected: bigint) {
    super(`replayed state root is ${toHex32(root)}, expected ${toHex32(expected)}`, { root, expected });
  }
}

/** What a block did. */
export interface ReplayedBlock {
  /** The state after it, not yet committed. */
  readonly state: State;
  /** The block's exits by position. Owners can claim them on L1 once the block is final. */
  readonly exits: readonly PlacedExit[];
}

/**
 * What a proven block did, from its data alone. The signatures among them are not checked: the proof stands for them.
 * `state` stays as it is.
 * @param nextStateRoot the one that was proven
 * @throws {ReplayMismatchError} if the data are not that block's
 * @throws {MalformedError | OutOfRangeError} if they are no block's
 */
export function replayBlock(state: State, profile: Profile, block: BlockData, nextStateRoot: bigint): ReplayedBlock {
  const { operationsPerBase } = profile;
  const operations = decodeOperations(block.operations);
  const nodes = operationNodes(profile, operations.length);
  const next = state.fork();
  const exits = elementsByBase(profile, block).map((elements, base) =>
    base < nodes
      ? operations
          .slice(base * operationsPerBase, (base + 1) * operationsPerBase)
          .map((operation) => executeOperation(next, operation).exit)
      : unpackTransferElements(profile, elements).map(({ packed }) => replayTransfer(next, packed)),
  );
  if (next.root !== nextStateRoot) throw new ReplayMismatchError(next.root, nextStateRoot);
  return { state: next, exits: placeExits(exits) };
}

function replayTransfer(state: State, packed: bigint): bigint {
  const transfer = unpackTransfer(packed);
  if (transfer === undefined) return 0n;
  const { l1Owner } = state.account(transfer.from);
  charge(state, transfer);
  credit(state, transfer);
  return exitOf(packed, transfer, l1Owner);
}
