import type { ContractTransactionReceipt, Signer } from "ethers";
import type { BlobSidecar } from "../blobSidecar.ts";

/** What a transaction is to do. */
export interface Call {
  /** What is called, for messages. */
  readonly call: string;
  readonly to: string;
  /** As hexadecimal. */
  readonly data: string;
  /** Wei of ether to bring along. */
  readonly value?: bigint;
  /** Without one, what the node estimates and a quarter more. */
  readonly gasLimit?: bigint;
  readonly sidecars?: readonly BlobSidecar[];
  /** L1 slots in which it may be mined, for the bid of one with blobs. */
  readonly slots?: number;
}

/** How long a transaction is wanted, and how much. */
export interface Wanted {
  /** L1 time, Unix seconds, from which on nobody wants it any more. */
  readonly deadline?: bigint;
  /** Wei of ether that all its gas may cost at most. */
  readonly worth?: bigint;
  /** A name of what is wanted, for whoever must not have it twice: what was sent under it is not sent again. */
  readonly once?: string;
}

/** Sends the transactions of one address. Any number may be sent at the same time. */
export interface Sender {
  getAddress(): Promise<string>;
  /**
   * Sends a transaction and waits until it is mined. Called again with the same transaction after it was not mined in
   * time, or after a restart, it sends no second one while the first may still be mined, and waits on.
   * @throws {ContractError} when a contract refuses it
   * @throws {TransactionError} when it cannot be sent, or is not mined in time
   * @throws {NoBlobSignerError}
   */
  send(call: Call, wanted?: Wanted): Promise<ContractTransactionReceipt>;
}

/** Whoever sends: a signer of ethers is given a sender that remembers nothing once the process has ended. */
export type From = Sender | Signer;
