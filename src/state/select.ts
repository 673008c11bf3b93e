import type { PackedOperation } from "../protocol/operation.ts";
import { type Profile, transfersPerBlock } from "../protocol/profile.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { InadmissibleTransferError } from "./admission.ts";
import { applyTransfer } from "./executor.ts";
import { executeOperation } from "./operation.ts";
import { rankRivals } from "./rivals.ts";
import type { State } from "./state.ts";

/** A transfer that was left out, and why. */
export interface Dropped {
  readonly transfer: SignedTransfer;
  readonly reason: InadmissibleTransferError;
}

export interface Selection {
  /** At most a full block, every one admissible in this order. */
  readonly block: readonly SignedTransfer[];
  readonly dropped: readonly Dropped[];
  /** Not looked at: the block was full. */
  readonly rest: readonly SignedTransfer[];
}

/**
 * Takes a block's worth of admissible transfers from the front of `pool`, of those with one account and nonce the one
 * that `rankRivals` puts first; `state` stays as it is.
 * @param operations that the block begins with: they take room, and may give or take what transfers need
 * @throws {OutOfRangeError} if there are more operations than a block has places for
 */
export function selectTransfers(
  state: State,
  operations: readonly PackedOperation[],
  pool: readonly SignedTransfer[],
  rules: { readonly profile: Profile; readonly domain: bigint },
): Selection {
  const capacity = transfersPerBlock(rules.profile, operations.length);
  const next = state.fork();
  for (const operation of operations) executeOperation(next, operation);
  const ranked = rankRivals(pool);
  const block: SignedTransfer[] = [];
  const dropped: Dropped[] = [];
  let looked = 0;
  while (looked < ranked.length && block.length < capacity) {
    const transfer = ranked[looked++]!;
    try {
      applyTransfer(next, transfer, rules.domain);
      block.push(transfer);
    } catch (reason) {
      if (!(reason instanceof InadmissibleTransferError)) throw reason;
      dropped.push({ transfer, reason });
    }
  }
  return { block, dropped, rest: ranked.slice(looked) };
}
