import { isDisconnect, NodeUnusableError, reasonOf } from "../errors.ts";
import { decodeRevert } from "../revert.ts";

/**
 * What a node says to a transaction. `taken`: it has it. `underpriced`: it wants more, for it has another one with this
 * nonce or too low a fee. `used`: the nonce is. `reserved`: of this address it has one with blobs, or without. `never`:
 * it will not take it as it is. `unclear`: it may have it or not.
 */
export type Answer = "taken" | "underpriced" | "used" | "reserved" | "never" | "unclear";

/** What nodes, and ethers for them, say to an address that cannot pay. */
const NO_ETHER = "insufficient funds|doesn't have enough funds";

/** Whether it is ether that the sender lacks. @param reason what was said, see `reasonOf` */
export const lacksEther = (reason: string): boolean => new RegExp(NO_ETHER, "i").test(reason);

const ANSWERS: readonly (readonly [Answer, RegExp])[] = [
  ["taken", /already known|known transaction|already imported|already in (the )?(mem)?pool/i],
  ["reserved", /address already reserved/i],
  ["used", /nonce (is )?too low|nonce has already been used/i],
  [
    "underpriced",
    new RegExp(
      "underpriced|replacement fee too low|gas price too low to replace|" +
        "(max ?fee per (blob ?)?gas|maxFeePer(Blob)?Gas).*(less than|too low|below)|fee cap.*(less than|below)",
      "i",
    ),
  ],
  [
    "never",
    new RegExp(
      `${NO_ETHER}|intrinsic gas|exceeds (the )?(block|transaction) gas|` +
        "gas limit.*(exceeds|too high)|exceeds the configured cap|oversized|invalid (sender|signature|chain)|" +
        "wrong chain|unknown account|execution reverted|reverted",
      "i",
    ),
  ],
];

/** @param failure what sending a transaction threw */
export function answerOf(failure: unknown): Answer {
  if (isOfTransport(failure)) return "unclear";
  if (decodeRevert("", failure) !== undefined) return "never";
  const reason = reasonOf(failure);
  return ANSWERS.find(([, pattern]) => pattern.test(reason))?.[0] ?? "unclear";
}

/** Whether no node has answered at all. */
export const isOfTransport = (failure: unknown): boolean =>
  isDisconnect(failure) || failure instanceof NodeUnusableError || (failure as Error).name === "AbortError";
