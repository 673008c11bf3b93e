import { type BlockData, decodeOperations, elementsByBase } from "../protocol/blockData.ts";
import { unpackTransferElements } from "../protocol/elements.ts";
import { operationNodes, type Profile } from "../protocol/profile.ts";
import { unpackTransfer } from "../protocol/transfer.ts";

/** Key of the lowest fee of a full block in a store. */
export const fullKey = (height: number): string => `full:${height}`;

/** The lowest fee in a block that has no room for another transfer, wei; undefined: it has some. */
export function lowestFeeIfFull(profile: Profile, block: BlockData): bigint | undefined {
  const nodes = operationNodes(profile, decodeOperations(block.operations).length);
  let lowest: bigint | undefined;
  for (const elements of elementsByBase(profile, block).slice(nodes)) {
    for (const { packed } of unpackTransferElements(profile, elements)) {
      const transfer = unpackTransfer(packed);
      if (transfer === undefined) return undefined;
      if (lowest === undefined || transfer.fee < lowest) lowest = transfer.fee;
    }
  }
  return lowest;
}
