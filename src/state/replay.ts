import { decodeData, unpackWords } from "../protocol/data.ts";
import { B52Error } from "../protocol/errors.ts";
import { toHex32 } from "../protocol/hex.ts";
import { type Profile, wordsPerBase } from "../protocol/profile.ts";
import { unpackTransfer } from "../protocol/transfer.ts";
import { charge, credit } from "./movement.ts";
import type { State } from "./state.ts";

/** Data that do not lead to the proven state root. */
export class ReplayMismatchError extends B52Error {
  constructor(root: bigint, expected: bigint) {
    super(`replayed state root is ${toHex32(root)}, expected ${toHex32(expected)}`, { root, expected });
  }
}

/**
 * The state after a proven block, from its data on L1 alone: the proof stands in for the signatures, which are not there.
 * `state` stays as it is.
 * @param nextStateRoot the one that was proven
 * @throws {ReplayMismatchError} if the data are not that block's
 * @throws {MalformedError | OutOfRangeError} if they are no block's
 */
export function replayBlock(state: State, profile: Profile, data: string, nextStateRoot: bigint): State {
  const words = decodeData(profile, data);
  const next = state.fork();
  for (let i = 0; i < words.length; i += wordsPerBase(profile)) {
    for (const packed of unpackWords(profile, words.slice(i, i + wordsPerBase(profile)))) {
      const transfer = unpackTransfer(packed);
      if (transfer === undefined) continue;
      charge(next, transfer);
      credit(next, transfer);
    }
  }
  if (next.root !== nextStateRoot) throw new ReplayMismatchError(next.root, nextStateRoot);
  return next;
}
