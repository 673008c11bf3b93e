import { getBytes, keccak256, type Provider } from "ethers";
import { NodeUnusableError } from "./errors.ts";
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
