import { toHex32 } from "../../protocol/hex.ts";
import { concat, type ContractTransactionReceipt, dataSlice, keccak256, toBigInt } from "ethers";
import { B52Error } from "../../protocol/errors.ts";
import type { Order } from "../../protocol/proposal.ts";
import type { BlobSidecar } from "../blobSidecar.ts";
import type { ChainClient } from "../client.ts";
import { ContractError } from "../errors.ts";
import { eventsOf } from "../events.ts";
import { send, type From } from "../tx/index.ts";
import { openingOf, type Commitment } from "./commitment.ts";

/** A blob that an order names, and its polynomial's value at the point that the commitment fixes. */
export interface RevealedBlob {
  readonly sidecar: BlobSidecar;
  readonly y: bigint;
  /** Of the value: 48 bytes as hexadecimal. */
  readonly proof: string;
}

export interface RevealParameters {
  readonly commitment: Commitment;
  readonly order: Pick<Order, "txsRoot" | "txCount" | "blobHashes" | "operationsHash" | "salt">;
  /** The L1 operations due, see `encodeOperations`. */
  readonly operations: string;
  /** All that the order names, in order. */
  readonly blobs: readonly RevealedBlob[];
  /** L1 slots until the reveal window closes, for the bid. */
  readonly slots?: number;
}

export interface RevealReturn {
  /** Of each transaction that this call sent, in order. */
  readonly receipts: readonly ContractTransactionReceipt[];
  /** Of the one that brought what was missing last. */
  readonly receipt: ContractTransactionReceipt;
  readonly proposalId: bigint;
  /** L1 operations that the block begins with. */
  readonly l1OpCount: number;
}

/** All of a proposal is on L1 already. */
export class AlreadyRevealedError extends B52Error {
  constructor(proposalId: bigint) {
    super(
      `proposal ${toHex32(proposalId)} is revealed already, expected one of which something is still to be put on L1`,
      {
        proposalId,
      },
    );
  }
}

/** Blobs in one transaction, as EIP-7594 has it. */
const BLOBS_PER_TRANSACTION = 6;

/** Of public presets, whose reveal windows are as long at least. */
const WINDOW_SLOTS = 32;

/**
 * Gas that a reveal may take, above what was measured (see test/snapshots/gas.json): 80,000, 55,000 for each blob, and
 * what an operation's 60 bytes of calldata cost. The first reveal of a round may make the height before final: 110,000,
 * and 30,000 for each uncle, of which there are at most 15. Nothing estimates it: few nodes give a call its blobs.
 */
const GAS = { reveal: 700_000n, blob: 65_000n, operation: 5_000n };

/** A commitment and a proof as the contract takes them. */
export function kzgPoints(commitment: string, proof: string): [string, string, string] {
  const points = concat([commitment, proof]);
  return [dataSlice(points, 0, 32), dataSlice(points, 32, 64), dataSlice(points, 64, 96)];
}

export interface RevealPartParameters extends Omit<RevealParameters, "blobs"> {
  /** At most six, each with its number among those that the order names. */
  readonly blobs: readonly (RevealedBlob & { readonly number: number })[];
}

/**
 * Publishes a part of an order's data in one transaction: its operations, or none (`0x`), and some of its blobs. By
 * anyone who knows the order.
 * @param sender has a private key of its own if there are blobs, and sends nothing else
 * @throws {AlreadyRevealedError} when all is on L1
 * @throws {ContractError} @throws {TransactionError} @throws {NoBlobSignerError}
 */
export async function revealPart(
  { rollup }: ChainClient,
  sender: From,
  { commitment, order, operations, blobs, slots = WINDOW_SLOTS }: RevealPartParameters,
): Promise<ContractTransactionReceipt> {
  const openings = blobs.map(({ number, sidecar, y, proof }, place) => ({
    ...{ number, place, y },
    points: kzgPoints(sidecar.commitment, proof),
  }));
  const opened = { ...order, blobHashes: [...order.blobHashes] };
  const call = [openingOf(commitment), keccak256(commitment.transcript), opened, operations, openings] as const;
  try {
    if (blobs.length === 0) return await send("reveal", sender, rollup.reveal.populateTransaction(...call));
    const { to, data } = await rollup.reveal.populateTransaction(...call);
    const gasLimit = GAS.reveal + BigInt(blobs.length) * GAS.blob + (BigInt(operations.length) / 120n) * GAS.operation;
    const sidecars = blobs.map(({ sidecar }) => sidecar);
    return await send("reveal", sender, { to, data, gasLimit, sidecars, slots });
  } catch (error) {
    if (error instanceof ContractError && error.error === "AlreadyRevealed")
      throw new AlreadyRevealedError(toBigInt(error.args["proposalId"] as bigint));
    throw error;
  }
}

/**
 * Opens a commit's order and publishes its data, in as many transactions as its blobs take. By anyone who knows it.
 * After a failure it goes on where it stopped: what is on L1 already, whoever sent it, is skipped there.
 * @param sender has a private key of its own if there are blobs, and sends nothing else
 * @throws {AlreadyRevealedError} when nothing is missing
 * @throws {ContractError} @throws {TransactionError} @throws {NoBlobSignerError}
 */
export async function reveal(
  client: ChainClient,
  sender: From,
  { operations, blobs, ...common }: RevealParameters,
): Promise<RevealReturn> {
  const numbered = blobs.map((blob, number) => ({ ...blob, number }));
  const receipts: ContractTransactionReceipt[] = [];
  for (let first = 0; first === 0 || first < blobs.length; first += BLOBS_PER_TRANSACTION) {
    const part = numbered.slice(first, first + BLOBS_PER_TRANSACTION);
    const data = { operations: first === 0 ? operations : "0x", blobs: part };
    const receipt = await revealPart(client, sender, { ...common, ...data });
    receipts.push(receipt);
    const [revealed] = eventsOf(client.rollup, receipt, "Revealed");
    if (revealed === undefined) continue;
    const { proposalId, l1OpCount } = revealed;
    return { receipts, receipt, proposalId: proposalId as bigint, l1OpCount: Number(l1OpCount) };
  }
  throw new B52Error(`the blobs of the proposal are on L1, but L1 does not take it for revealed`, {});
}
