import { concat, keccak256, toBeHex } from "ethers";
import { packTransfer, TRANSFER_BITS, type SignedTransfer } from "./transfer.ts";
import { assertUint } from "./field.ts";
import type { TransferElements } from "./elements.ts";

/**
 * The name of a transfer, 32 bytes as hexadecimal: the hash of what a block publishes of it. Its nonce is not among
 * that, and need not be: the signature is over it.
 */
export function publishedTransferId({ packed, r8y, s }: TransferElements): string {
  const word = toBeHex(assertUint(packed, TRANSFER_BITS, "packed transfer"), TRANSFER_BITS / 8);
  return keccak256(concat([word, toBeHex(r8y, 32), toBeHex(s, 32)]));
}

/** The same of a transfer as its user signed it. */
export function transferId(transfer: SignedTransfer): string {
  const { r8, s } = transfer.signature;
  return publishedTransferId({ packed: packTransfer(transfer), r8y: r8.y, s });
}
