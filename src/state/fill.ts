import type { PackedOperation } from "../protocol/operation.ts";
import type { SignedTransfer } from "../protocol/transfer.ts";
import { InadmissibleTransferError } from "./admission.ts";
import { applyTransfer, type ExecutedBlock, executePlaces, type Rules } from "./executor.ts";
import { rankRivals } from "./rivals.ts";
import type { State } from "./state.ts";

/** A transfer that was left out, and why. */
export interface Dropped {
  readonly transfer: SignedTransfer;
  readonly reason: InadmissibleTransferError;
}

export interface FilledBlock {
  readonly executed: ExecutedBlock;
  /** At most a full block, every one admissible in this order. */
  readonly transfers: readonly SignedTransfer[];
  readonly dropped: readonly Dropped[];
  /** Not looked at: the block was full. */
  readonly rest: readonly SignedTransfer[];
}

/**
 * Executes a block of admissible transfers from the front of `pool`. Of transfers with one account and nonce it takes
 * the one that `rankRivals` puts first. `state` stays as it is. Every signature is checked once.
 * @param operations that the block begins with: they take room, and may give or take what transfers need
 * @throws {OutOfRangeError} if there are more operations than a block has places for
 */
export function fillBlock(
  state: State,
  operations: readonly PackedOperation[],
  pool: readonly SignedTransfer[],
  rules: Rules,
): FilledBlock {
  const ranked = rankRivals(pool);
  const transfers: SignedTransfer[] = [];
  const dropped: Dropped[] = [];
  let looked = 0;
  const executed = executePlaces(state, operations, rules, (next) => {
    while (looked < ranked.length) {
      const transfer = ranked[looked++]!;
      try {
        const trace = applyTransfer(next, transfer, rules.domain);
        transfers.push(transfer);
        return trace;
      } catch (reason) {
        if (!(reason instanceof InadmissibleTransferError)) throw reason;
        dropped.push({ transfer, reason });
      }
    }
    return undefined;
  });
  return { executed, transfers, dropped, rest: ranked.slice(looked) };
}
