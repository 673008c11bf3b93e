import { concat } from "ethers";
import type { ChainClient } from "../chain/client.ts";
import type { BlockData } from "../protocol/data.ts";
import { roundOf } from "../protocol/round.ts";
import { MissingDataError } from "./errors.ts";
import type { FinalBlock, L1Block } from "./syncedState.ts";

/**
 * What a node has at a block's number: that block, another one, or none. Another block means that L1 dropped the first.
 * None may mean that the node is behind.
 */
export async function lookUp({ provider }: ChainClient, { number, hash }: L1Block): Promise<"same" | "other" | "none"> {
  const found = (await provider.getBlock(number))?.hash;
  return found === undefined || found === null ? "none" : found === hash ? "same" : "other";
}

/** The heights that L1 decided in the blocks `from .. to`, in order. */
export async function decidedIn({ rollup, scan }: ChainClient, from: number, to: number): Promise<FinalBlock[]> {
  const logs = await scan.all(from, to, (first, last) => rollup.queryFilter(rollup.filters.Advanced(), first, last));
  return logs.map(({ args, blockNumber, blockHash }) => ({
    height: roundOf(args.roundId).height,
    proposalId: args.proposalId,
    stateRoot: args.stateRoot,
    l1Block: { number: blockNumber, hash: blockHash },
  }));
}

/**
 * The data of a decided proposal. It was revealed no earlier than the height before was decided.
 * @throws {MissingDataError}
 */
export async function dataOf(
  { rollup, scan }: ChainClient,
  proposalId: bigint,
  from: number,
  to: number,
): Promise<BlockData> {
  const [revealed] = await scan.all(from, to, (first, last) =>
    rollup.queryFilter(rollup.filters.Revealed(proposalId), first, last),
  );
  if (revealed === undefined) throw new MissingDataError("reveal", proposalId);
  const logs = await scan.all(from, to, (first, last) =>
    rollup.queryFilter(rollup.filters.DataRevealed(proposalId), first, last),
  );
  const chunks = new Map(logs.map(({ args }) => [Number(args.chunk), args.data]));
  const data = Array.from({ length: Math.max(-1, ...chunks.keys()) + 1 }, (_, chunk) => {
    const bytes = chunks.get(chunk);
    if (bytes === undefined) throw new MissingDataError(`chunk ${chunk}`, proposalId);
    return bytes;
  });
  if (data.length === 0) throw new MissingDataError("chunk 0", proposalId);
  return { data: concat(data), l1OpCount: Number(revealed.args.l1OpCount) };
}
