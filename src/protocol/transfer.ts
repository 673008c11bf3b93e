import { publicKey, sign, verify, type PublicKey, type SecretKey, type Signature } from "./eddsa.ts";
import { assertField, assertUint, TAG } from "./field.ts";
import { AMOUNT_MANTISSA_BITS, decodeFloat, encodeFloat, FEE_MANTISSA_BITS } from "./float.ts";
import { poseidon } from "./poseidon.ts";

/** A payment from an account of the L2, to another one or, as an exit, to the L1 owner of the sending account. */
export interface Transfer {
  /** Account index, from 1. */
  readonly from: number;
  /** The same, or 0: an exit. */
  readonly to: number;
  /** Wei. */
  readonly amount: bigint;
  /** Wei; goes to the winning proposer. */
  readonly fee: bigint;
}

/** A transfer as users send it. */
export interface SignedTransfer extends Transfer {
  /** The sender's nonce before the transfer. */
  readonly nonce: bigint;
  /** Its y coordinate is the account's key. */
  readonly sender: PublicKey;
  readonly signature: Signature;
}

/** Bits of a packed transfer. */
export const TRANSFER_BITS = 80;

/**
 * 80 bits: `from (16) << 64 | to (16) << 48 | amount (32) << 16 | fee (16)`.
 * @throws {OutOfRangeError | NotRepresentableError}
 */
export function packTransfer({ from, to, amount, fee }: Transfer): bigint {
  return (
    (assertUint(from, 16, "from") << 64n) |
    (assertUint(to, 16, "to") << 48n) |
    (encodeFloat(amount, AMOUNT_MANTISSA_BITS) << 16n) |
    encodeFloat(fee, FEE_MANTISSA_BITS)
  );
}

/** The inverse of {@link packTransfer}; 0 gives undefined: no operation. */
export function unpackTransfer(packed: bigint): Transfer | undefined {
  assertUint(packed, TRANSFER_BITS, "packed transfer");
  if (packed === 0n) return undefined;
  return {
    from: Number(packed >> 64n),
    to: Number((packed >> 48n) & 0xffffn),
    amount: decodeFloat(encodedAmountOf(packed), AMOUNT_MANTISSA_BITS),
    fee: decodeFloat(packed & 0xffffn, FEE_MANTISSA_BITS),
  };
}

/** The amount of a packed transfer as it is encoded there: it may have several encodings. */
export function encodedAmountOf(packed: bigint): bigint {
  return (packed >> 16n) & 0xffff_ffffn;
}

/** The signed field element: bound to the rollup, the very encoding and the nonce. */
export function transferMessage(domain: bigint, packed: bigint, nonce: bigint): bigint {
  return poseidon([TAG.transfer, assertField(domain, "domain"), packed, nonce]);
}

export function signTransfer(secret: SecretKey, domain: bigint, transfer: Transfer, nonce: bigint): SignedTransfer {
  const { from, to, amount, fee } = transfer;
  const signature = sign(secret, transferMessage(domain, packTransfer(transfer), nonce));
  return { from, to, amount, fee, nonce, sender: publicKey(secret), signature };
}

/** Whether the signature is the named sender's. Whether that key owns the account, only the state knows. */
export function verifyTransfer(domain: bigint, transfer: SignedTransfer): boolean {
  return verify(transfer.sender, transferMessage(domain, packTransfer(transfer), transfer.nonce), transfer.signature);
}
