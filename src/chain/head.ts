import { type Block, getBytes, keccak256, type Provider } from "ethers";
import { MissingBlockError, NodeUnusableError } from "./errors.ts";
import { nodeNameOf } from "./provider.ts";
import { rpc } from "./tx/rpc.ts";

/** The latest block of L1, as far as it matters to who follows it. */
export interface L1Head {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** Unix seconds. */
  readonly timestamp: bigint;
  /** 256 bytes as hexadecimal, in which each address with a log has its bits. Undefined where a node has none. */
  readonly logsBloom: string | undefined;
}

/** Asks a node for its latest block, in one call. @throws {NodeUnusableError} */
export async function headOf(provider: Provider): Promise<L1Head> {
  const block = (await rpc(provider, "eth_getBlockByNumber", ["latest", false])) as Record<string, string> | null;
  if (block === null) throw new NodeUnusableError("the node", "has no latest block", "a node that follows a chain");
  return {
    number: Number(block["number"]),
    hash: block["hash"]!,
    parentHash: block["parentHash"]!,
    timestamp: BigInt(block["timestamp"]!),
    logsBloom: block["logsBloom"],
  };
}

/** A block that the node must have: its latest, or one that its logs have told of. @throws {MissingBlockError} */
export async function knownBlock(provider: Provider, which: number | "latest"): Promise<Block> {
  const block = await provider.getBlock(which);
  if (block !== null) return block;
  const latest = which === "latest" ? undefined : await provider.getBlockNumber();
  throw new MissingBlockError(nodeNameOf(provider), which, latest);
}

/**
 * The hash of the block of a number; undefined above the latest one.
 * @param latest number of the latest block that the node has told of
 * @throws {NodeUnusableError} if it lacks one up to there: then nothing can be said of the chain
 */
export async function hashAt(provider: Provider, number: number, latest: number): Promise<string | undefined> {
  const hash = (await provider.getBlock(number))?.hash ?? undefined;
  if (hash === undefined && number <= latest)
    throw new NodeUnusableError("the node", `lacks block ${number} and tells of block ${latest}`, "all up to that one");
  return hash;
}

const BLOOM_BYTES = 256;

/** Whether a block may have logs of one of these contracts. If not, it has none: nobody need ask. */
export function mayHaveLogs({ logsBloom }: Pick<L1Head, "logsBloom">, addresses: readonly string[]): boolean {
  if (logsBloom === undefined) return true;
  const bloom = getBytes(logsBloom);
  return addresses.some((address) => {
    const hash = getBytes(keccak256(address));
    return [0, 2, 4].every((at) => {
      const bit = ((hash[at]! << 8) | hash[at + 1]!) & 0x7ff;
      return (bloom[BLOOM_BYTES - 1 - (bit >> 3)]! & (1 << (bit & 7))) !== 0;
    });
  });
}
