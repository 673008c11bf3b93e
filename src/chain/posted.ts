import type { ContractTransactionReceipt } from "ethers";
import type { Bridge } from "../../typechain-types/index.ts";
import { eventOf } from "./events.ts";

/** An operation that the bridge's queue has taken. */
export interface PostedOperation {
  readonly receipt: ContractTransactionReceipt;
  /** Its number in the queue. */
  readonly index: number;
}

/** The first operation that a transaction posted. */
export const postedIn = (bridge: Bridge, receipt: ContractTransactionReceipt): PostedOperation => ({
  receipt,
  index: Number(eventOf(bridge, receipt, "OperationPosted")["index"]),
});
