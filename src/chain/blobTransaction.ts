import { type ContractTransactionReceipt, type Provider, type Signer, toQuantity, Transaction, Wallet } from "ethers";
import { B52Error } from "../protocol/errors.ts";
import { bidFor } from "./blobBid.ts";
import { reasonOf, TransactionError } from "./errors.ts";
import { inTurn } from "./inTurn.ts";
import { mined, MINING_TIMEOUT_MS, receiptOf, whyReverted } from "./mined.ts";
import { waitingOf } from "./provider.ts";
import { decodeRevert } from "./revert.ts";

/** A blob with everything that sending it takes. Computed before it is needed: that takes seconds for a full one. */
export interface BlobSidecar {
  /** 32 bytes as hexadecimal: what L1 shows of it. */
  readonly versionedHash: string;
  /** 131,072 bytes. */
  readonly blob: Uint8Array;
  /** 48 bytes as hexadecimal, like all points of KZG here. */
  readonly commitment: string;
  /** For the wrapper of EIP-4844. */
  readonly proof: string;
  /** For the wrapper of EIP-7594: 128 points, back to back. */
  readonly cellProofs: string;
}

export interface BlobTransaction {
  readonly to: string;
  /** As hexadecimal. */
  readonly data: string;
  readonly gasLimit: bigint;
  readonly sidecars: readonly BlobSidecar[];
  /** Slots in which it may be mined, for the bid, see `bidFor`. */
  readonly slots: number;
}

/** A node signs no blob transactions: that takes a key that is here. */
export class NoBlobSignerError extends B52Error {
  constructor(sender: string) {
    super(`the node signs for ${sender}, expected a private key of its own that signs blob transactions`, { sender });
  }
}

/** How blobs are packed for the network: EIP-4844, or EIP-7594 with a proof for each cell. */
type Wrapper = "blobProofs" | "cellProofs";

/** What a node has taken before. Clients differ: geth takes cell proofs alone, Hardhat blob proofs alone. */
const taken = new WeakMap<Provider, Wrapper>();

/** What says nothing about the wrapper. */
const OTHER_FAULTS = /nonce|insufficient funds|underpriced|fee|balance|already known|known transaction|limit/i;

/** Hashes of transactions that were sent, and not mined while somebody waited, by what identifies them. */
const unmined = new WeakMap<Provider, Map<string, string>>();

/**
 * Sends a transaction with blobs and waits until it is mined. It bids for the whole window at once and is never
 * replaced: a pool takes a replacement of a blob transaction for twice the price alone. Called again with the same
 * transaction after it was not mined in time, it sends no second one while the node has the first, and waits on. Its
 * sender should send nothing else: geth keeps blob transactions and others of one address apart.
 *
 * @param call what is called, for messages
 * @param signer has a private key: nodes do not sign blobs
 * @throws {ContractError} when a contract refuses it
 * @throws {TransactionError} when it cannot be sent, or is not mined in time
 * @throws {NoBlobSignerError}
 */
export async function sendBlobs(
  call: string,
  signer: Signer,
  transaction: BlobTransaction,
  timeoutMs = MINING_TIMEOUT_MS,
): Promise<ContractTransactionReceipt> {
  const sender = await signer.getAddress();
  const { provider } = signer;
  if (!(signer instanceof Wallet) || provider === null) throw new NoBlobSignerError(sender);
  const waiting = waitingOf(provider);
  const left = unmined.get(provider) ?? new Map<string, string>();
  unmined.set(provider, left);
  const identity = [sender, transaction.to, transaction.data, ...versionedHashes(transaction)].join();
  let hash: string | undefined;
  let isReverted = false;
  try {
    const sent = await stillKnown(provider, left.get(identity));
    left.delete(identity);
    hash = sent ?? (await inTurn(sender, () => submit(signer, provider, transaction)));
    const receipt = await mined(waiting, { hash, call, timeoutMs, receipt: receiptOf(provider, hash, timeoutMs) });
    isReverted = receipt.status === 0;
    if (isReverted) throw new Error(`transaction ${hash} was reverted`);
    return receipt as ContractTransactionReceipt;
  } catch (failure) {
    if (hash !== undefined && !isReverted) left.set(identity, hash);
    waiting.signal?.throwIfAborted();
    const again = (): Promise<unknown> => callAgain(sender, provider, transaction);
    const refusal = decodeRevert(call, failure) ?? (isReverted ? await whyReverted(call, again) : undefined);
    throw refusal ?? new TransactionError(call, sender, reasonOf(failure), { cause: failure });
  }
}

/** The call that a transaction with blobs makes. */
async function callAgain(
  from: string,
  provider: Provider,
  { to, data, ...transaction }: BlobTransaction,
): Promise<unknown> {
  const blobVersionedHashes = versionedHashes(transaction);
  const maxFeePerBlobGas = toQuantity(await blobBaseFee(provider));
  return send(provider, "eth_call", [{ from, to, data, blobVersionedHashes, maxFeePerBlobGas }, "latest"]);
}

const versionedHashes = ({ sidecars }: Pick<BlobTransaction, "sidecars">): string[] =>
  sidecars.map(({ versionedHash }) => versionedHash);

/** @returns `hash` if the node has the transaction, mined or not */
async function stillKnown(provider: Provider, hash: string | undefined): Promise<string | undefined> {
  if (hash === undefined) return undefined;
  return (await send(provider, "eth_getTransactionByHash", [hash])) === null ? undefined : hash;
}

async function submit(
  signer: Wallet,
  provider: Provider,
  { to, data, gasLimit, sidecars, slots }: BlobTransaction,
): Promise<string> {
  const [nonce, balance, { chainId }, fees, blobFee] = await Promise.all([
    signer.getNonce("pending"),
    provider.getBalance(signer.address),
    provider.getNetwork(),
    provider.getFeeData(),
    blobBaseFee(provider),
  ]);
  const tip = fees.maxPriorityFeePerGas ?? 0n;
  // Ethers makes the fee from twice the base fee and the tip.
  const baseFee = ((fees.maxFeePerGas ?? tip) - tip) / 2n + 1n;
  const plain = {
    type: 3,
    ...{ to, data, gasLimit, nonce, chainId },
    ...bidFor({ baseFee, tip, blobFee }, { gasLimit, blobs: sidecars.length, slots, balance }),
  };
  const sign = (wrapper: Wrapper): string => {
    const unsigned = Transaction.from({
      ...plain,
      ...(wrapper === "cellProofs" && { blobWrapperVersion: 1 }),
      blobs: sidecars.map(({ blob, commitment, proof, cellProofs }) => ({
        data: blob,
        commitment,
        proof: wrapper === "cellProofs" ? cellProofs : proof,
      })),
    });
    unsigned.signature = signer.signingKey.sign(unsigned.unsignedHash);
    return unsigned.serialized;
  };
  const known = taken.get(provider);
  const wrappers: Wrapper[] = known === undefined ? ["cellProofs", "blobProofs"] : [known];
  let refused: unknown;
  for (const wrapper of wrappers) {
    try {
      const { hash } = await provider.broadcastTransaction(sign(wrapper));
      taken.set(provider, wrapper);
      return hash;
    } catch (error) {
      // The wrapper is no part of what is signed: sent twice, it is the same transaction.
      if (decodeRevert("", error) !== undefined || OTHER_FAULTS.test(reasonOf(error))) throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** Wei for a unit of blob gas in the next block. */
async function blobBaseFee(provider: Provider): Promise<bigint> {
  const answer = await send(provider, "eth_blobBaseFee", []);
  return BigInt(answer as string);
}

/** Asks what ethers has no function for. */
const send = (provider: Provider, method: string, params: readonly unknown[]): Promise<unknown> =>
  (provider as Provider & { send(method: string, params: readonly unknown[]): Promise<unknown> }).send(method, params);
