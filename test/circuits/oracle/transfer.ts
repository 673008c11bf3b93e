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

/** What a transfer that is allowed does. */
export interface TransferEffect {
  readonly accounts: Accounts;
  readonly fee: bigint;
  readonly executed: bigint;
  readonly exit: bigint;
}

/** `Poseidon(TAG_TRANSFER, domain, transfer, nonce)`. */
export const transferMessage = (domain: bigint, packed: bigint, nonce: bigint): bigint =>
  poseidon([tag("transfer"), domain, packed, nonce]);

/** What the transfer does, undefined if it is not allowed. */
export function transferEffect(
  accounts: Accounts,
  domain: bigint,
  { packed, signerX, signature }: OracleTransfer,
): TransferEffect | undefined {
  if (packed === 0n) return { accounts, fee: 0n, executed: 0n, exit: 0n };
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
    return { accounts: debited, fee, executed: 1n, exit: bits(packed, 16, 32) * 2n ** 160n + sender.l1Owner };
  }
  const receiver = debited[to]!;
  if (receiver.key === 0n || receiver.balance + amount >= BALANCE_LIMIT) return undefined;
  const credited = replaced(debited, to, { ...receiver, balance: receiver.balance + amount });
  return { accounts: credited, fee, executed: 1n, exit: 0n };
}
