import type { Provider, TransactionReceipt } from "ethers";
import { NodeUnusableError } from "../errors.ts";
import type { Market } from "./blobBid.ts";
import type { Inclusion, TransactionRow } from "./journal.ts";
import { rpc } from "./rpc.ts";

/** Wei for a unit of gas, where a node suggests nothing. */
const USUAL_TIP = 10n ** 9n;

export interface L1Block {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly timestamp: bigint;
  readonly baseFee: bigint;
}

/** The latest block. @throws {NodeUnusableError} */
export async function latestBlock(provider: Provider): Promise<L1Block> {
  const block = await provider.getBlock("latest");
  if (block?.hash === undefined || block.hash === null || block.baseFeePerGas === null)
    throw new NodeUnusableError("the node", `has no latest block with a base fee`, "a chain with EIP-1559");
  const { number, hash, parentHash, timestamp, baseFeePerGas } = block;
  return { number, hash, parentHash, timestamp: BigInt(timestamp), baseFee: baseFeePerGas };
}

/** What a sender has and what L1 asks for, as of a block. */
export interface Standing {
  /** Its transactions up to that block. */
  readonly count: number;
  /** Wei. */
  readonly balance: bigint;
  readonly market: Market;
}

/** @param isOfBlobs whether the price of blobs matters */
export async function standingAt(
  provider: Provider,
  address: string,
  { number, baseFee }: L1Block,
  isOfBlobs: boolean,
): Promise<Standing> {
  const [count, tip, blobFee, balance] = await Promise.all([
    provider.getTransactionCount(address, number),
    rpc(provider, "eth_maxPriorityFeePerGas", []).then(
      (answer) => BigInt(answer as string),
      () => USUAL_TIP,
    ),
    isOfBlobs ? blobBaseFee(provider) : 0n,
    isOfBlobs ? provider.getBalance(address) : 0n,
  ]);
  return { count, balance, market: { baseFee, tip, blobFee } };
}

/** Wei for a unit of blob gas in the next block. */
export async function blobBaseFee(provider: Provider): Promise<bigint> {
  return BigInt((await rpc(provider, "eth_blobBaseFee", [])) as string);
}

/** The attempt of a row that is in a block, if one is. */
export async function receiptOf(
  provider: Provider,
  { attempts }: TransactionRow,
): Promise<TransactionReceipt | undefined> {
  const hashes = attempts.flatMap(({ hash }) => hash ?? []);
  const receipts = await Promise.all(hashes.map((hash) => provider.getTransactionReceipt(hash)));
  return receipts.find((receipt) => receipt !== null) ?? undefined;
}

export const inclusionOf = ({ hash, blockNumber, blockHash, status }: TransactionReceipt): Inclusion => ({
  hash,
  block: { number: blockNumber, hash: blockHash },
  isReverted: status === 0,
});

/** Whether the node has what the row sent last, in a block or not. */
export async function isKnown(provider: Provider, { attempts }: TransactionRow): Promise<boolean | undefined> {
  const hash = attempts.at(-1)?.hash;
  return hash === undefined ? undefined : (await rpc(provider, "eth_getTransactionByHash", [hash])) !== null;
}
