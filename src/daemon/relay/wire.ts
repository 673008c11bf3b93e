import { keccak256, toUtf8Bytes, TransactionReceipt, type Provider } from "ethers";
import { z } from "zod";

/** The longest line that either side reads, bytes: calls and receipts are far shorter. */
export const MAX_LINE_BYTES = 4_194_304;

const hex = z.string().regex(/^0x[0-9a-fA-F]*$/);

/** What a command wants to be sent. Calls with blobs are a program's alone. */
export const relayRequest = z.strictObject({
  call: z.strictObject({
    call: z.string().max(100),
    to: hex.length(42),
    data: hex,
    value: z.bigint().optional(),
    gasLimit: z.bigint().optional(),
  }),
  wanted: z.strictObject({
    deadline: z.bigint().optional(),
    worth: z.bigint().optional(),
    once: z.string().max(200).optional(),
  }),
});

export type RelayRequest = z.output<typeof relayRequest>;

/** A request as it is sent: its encoding, and what proves that its sender has the key. */
export const signedRequest = z.strictObject({ request: z.string(), signature: hex });

/** What whoever connects hears first; `journal` is the name of the journal that the program sends with. */
export const relayChallenge = z.strictObject({ challenge: hex.length(66), journal: z.string() });

/**
 * What became of it: a receipt as `receiptData` has it, and whether it was sent before under the same name; or why
 * there is none, and whether it may still be mined.
 */
export const relayAnswer = z.union([
  z.strictObject({ receipt: z.record(z.string(), z.unknown()), isTaken: z.boolean() }),
  z.strictObject({ error: z.strictObject({ name: z.string(), message: z.string() }), isOpen: z.boolean() }),
]);

export type RelayAnswer = z.output<typeof relayAnswer>;

/** What the key signs: no signature for it is good for another request, connection or rollup, or for anything else. */
export const relayMessage = (rollup: string, challenge: string, request: string): string =>
  `b52: send for ${rollup}\n${challenge}\n${keccak256(toUtf8Bytes(request))}`;

/** A receipt as plain values. */
export function receiptData(receipt: TransactionReceipt): Record<string, unknown> {
  const { to, from, contractAddress, hash, index, blockHash, blockNumber, logsBloom, type, status, root } = receipt;
  const { gasUsed, cumulativeGasUsed, gasPrice } = receipt;
  const logs = receipt.logs.map(({ transactionHash, transactionIndex, address, data, topics, removed, ...log }) => ({
    ...{ transactionHash, transactionIndex, address, data, topics, removed, index: log.index },
    ...{ blockHash: log.blockHash, blockNumber: log.blockNumber },
  }));
  return {
    ...{ to, from, contractAddress, hash, index, blockHash, blockNumber, logsBloom, type, status, root },
    ...{ gasUsed, cumulativeGasUsed, gasPrice, logs },
  };
}

export const receiptOf = (data: Record<string, unknown>, provider: Provider): TransactionReceipt =>
  new TransactionReceipt(data as unknown as ConstructorParameters<typeof TransactionReceipt>[0], provider);
