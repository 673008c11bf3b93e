import { poseidon } from "../../../src/protocol/poseidon.ts";
import { type Accounts, BALANCE_LIMIT, bits, replaced, tag, wei } from "./encodings.ts";
import { isSigned, type OracleSignature } from "./signatures.ts";

/** A transfer as it stands in the data, and who signed it. */
export interface OracleTransfer {
  readonly packed: bigint;
  /** x of a point whose y is the sender's key. */
  readonly signerX: bigint;
  readonly signature: OracleSignature;
}

/** What is public of a transfer, in bits, least significant first. */
export interface PublicBits {
  readonly bits: readonly bigint[];
  readonly r8yBits: readonly bigint[];
  readonly sBits: readonly bigint[];
}

/** What a transfer that is allowed does. */
export interface TransferEffect extends PublicBits {
  readonly accounts: Accounts;
  readonly fee: bigint;
  readonly executed: bigint;
  readonly exit: bigint;
}

/** `Poseidon(TAG_TRANSFER, domain, transfer, nonce)`. */
export const transferMessage = (domain: bigint, packed: bigint, nonce: bigint): bigint =>
  poseidon([tag("transfer"), domain, packed, nonce]);

const digits = (value: bigint, count: number): bigint[] => Array.from({ length: count }, (_, i) => bits(value, i, 1));

/** A no-op is 0, whatever its signature is said to be. */
export const publicBits = ({ packed, signature: { r8, s } }: OracleTransfer): PublicBits => ({
  bits: digits(packed, 80),
  r8yBits: digits(packed === 0n ? 0n : r8.y, 254),
  sBits: digits(packed === 0n ? 0n : s, 251),
});

/** What the transfer does, undefined if it is not allowed. */
export function transferEffect(
  accounts: Accounts,
  domain: bigint,
  transfer: OracleTransfer,
): TransferEffect | undefined {
  const { packed, signerX, signature } = transfer;
  const shown = publicBits(transfer);
  if (packed === 0n) return { accounts, fee: 0n, executed: 0n, exit: 0n, ...shown };
  if (packed >= 2n ** 80n) return undefined;
  const from = Number(bits(packed, 64, 16));
  const to = Number(bits(packed, 48, 16));
  const amount = wei(bits(packed, 16, 32));
  const fee = wei(bits(packed, 0, 16));
  if (from === 0 || from >= accounts.length || to >= accounts.length) return undefined;

  const sender = accounts[from]!;
  const signer = { x: signerX, y: sender.key };
  if (!isSigned(signer, transferMessage(domain, packed, sender.nonce), signature)) return undefined;
  if (sender.balance < amount + fee) return undefined;
  const debited = replaced(accounts, from, {
    ...sender,
    balance: sender.balance - amount - fee,
    nonce: sender.nonce + 1n,
  });
  if (to === 0) {
    if (sender.l1Owner === 0n) return undefined;
    const exit = bits(packed, 16, 32) * 2n ** 160n + sender.l1Owner;
    return { accounts: debited, fee, executed: 1n, exit, ...shown };
  }
  const receiver = debited[to]!;
  if (receiver.key === 0n || receiver.balance + amount >= BALANCE_LIMIT) return undefined;
  const credited = replaced(debited, to, { ...receiver, balance: receiver.balance + amount });
  return { accounts: credited, fee, executed: 1n, exit: 0n, ...shown };
}
