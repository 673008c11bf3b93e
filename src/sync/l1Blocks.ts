import { decodeBlob } from "../blobs/blob.ts";
import type { BlobSource } from "../blobs/source.ts";
import type { ChainClient } from "../chain/client.ts";
import { knownBlock } from "../chain/head.ts";
import type { BlockData } from "../protocol/blockData.ts";
import { roundOf } from "../protocol/round.ts";
import { MissingDataError } from "./errors.ts";
import type { FinalBlock, L1Block } from "./finalBlock.ts";

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

/** L1 blocks in which something was revealed. */
export interface RevealRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What is public of a revealed proposal: its operations from L1's logs, all else from the blobs that they name.
 * @param range of the L1 blocks of its round
 * @throws {MissingDataError} where the node does not have the logs
 * @throws {MissingBlockError} where it does not have a block of them
 * @throws {BlobUnavailableError} where nobody has a blob
 */
export async function dataOf(
  { rollup, scan, provider }: ChainClient,
  blobs: BlobSource,
  proposalId: bigint,
  { from, to }: RevealRange,
  signal?: AbortSignal,
): Promise<BlockData> {
  const [revealed] = await scan.all(from, to, (first, last) =>
    rollup.queryFilter(rollup.filters.Revealed(proposalId), first, last),
  );
  if (revealed === undefined) throw new MissingDataError("reveal", proposalId);
  const [brought] = await scan.all(from, to, (first, last) =>
    rollup.queryFilter(rollup.filters.OperationsRevealed(proposalId), first, last),
  );
  const { l1OpCount, blobHashes } = revealed.args;
  if (l1OpCount > 0n && brought === undefined) throw new MissingDataError("operations", proposalId);
  const operations = brought?.args.operations ?? "0x";
  if (blobHashes.length === 0) return { operations, elements: [] };
  const timeOf = async (number: number): Promise<bigint> => BigInt((await knownBlock(provider, number)).timestamp);
  const [notBefore, notAfter] = await Promise.all([timeOf(from), timeOf(revealed.blockNumber)]);
  const elements: bigint[] = [];
  for (const versionedHash of blobHashes)
    elements.push(...decodeBlob(await blobs.get({ versionedHash, notBefore, notAfter }, signal)));
  return { operations, elements };
}
