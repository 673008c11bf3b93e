import { type ContractTransactionReceipt, keccak256, type Signer } from "ethers";
import { B52Error } from "../../protocol/errors.ts";
import { chunkHashes, dataChunks } from "../../protocol/data.ts";
import type { ChainClient } from "../client.ts";
import { ContractError } from "../errors.ts";
import { eventsOf } from "../events.ts";
import { transact } from "../transact.ts";
import { openingOf, type Commitment } from "./commitment.ts";

export interface RevealParameters {
  readonly commitment: Commitment;
  readonly txsRoot: bigint;
  /** 32 bytes. */
  readonly salt: string;
  /** The packed operations and transactions, 30 bytes a word, as hexadecimal. */
  readonly data: string;
}

export interface RevealReturn {
  /** Of each chunk that this call put on L1, in order. */
  readonly receipts: readonly ContractTransactionReceipt[];
  /** Of the chunk that was missing last. */
  readonly receipt: ContractTransactionReceipt;
  readonly proposalId: bigint;
  /** L1 operations that the data begin with. */
  readonly l1OpCount: number;
}

/** All of a proposal's data are on L1 already. */
export class AlreadyRevealedError extends B52Error {
  constructor(proposalId: bigint) {
    super(`proposal ${proposalId} is revealed already, expected one with data that are still to be put on L1`, {
      proposalId,
    });
  }
}

/**
 * Opens a commit's order and publishes its data, in as many transactions as they take. By anyone who knows it. After a
 * failure it goes on where it stopped: chunks that are on L1 already, whoever sent them, are left out.
 * @throws AlreadyRevealedError when none is missing
 */
export async function reveal(
  { rollup, deployment }: ChainClient,
  signer: Signer,
  { commitment, txsRoot, salt, data }: RevealParameters,
): Promise<RevealReturn> {
  const chunks = dataChunks(data, deployment.chunkWords);
  const hashes = chunkHashes(data, deployment.chunkWords);
  const receipts: ContractTransactionReceipt[] = [];
  let proposalId = 0n;
  // One after the other: what a chunk costs depends on whether it is the last one.
  for (const [chunk, bytes] of chunks.entries()) {
    const send = transact("reveal", signer, (sender, overrides) =>
      rollup
        .connect(sender)
        .reveal(
          openingOf(commitment),
          keccak256(commitment.transcript),
          txsRoot,
          salt,
          hashes,
          chunk,
          bytes,
          overrides,
        ),
    );
    const receipt = await send.catch((error: unknown) => {
      if (!(error instanceof ContractError && error.error === "AlreadyRevealed")) throw error;
      proposalId = error.args["proposalId"] as bigint;
    });
    if (receipt === undefined) continue;
    receipts.push(receipt);
    const [revealed] = eventsOf(rollup, receipt, "Revealed");
    if (revealed === undefined) continue;
    return {
      receipts,
      receipt,
      proposalId: revealed["proposalId"] as bigint,
      l1OpCount: Number(revealed["l1OpCount"]),
    };
  }
  throw new AlreadyRevealedError(proposalId);
}
