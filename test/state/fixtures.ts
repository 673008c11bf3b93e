import {
  accountKeyOf,
  type Operation,
  type PackedOperation,
  packOperation,
  PROFILES,
  type SecretKey,
  secretKeyFromSeed,
  type SignedTransfer,
  signTransfer,
  type Transfer,
} from "../../src/protocol/index.ts";
import {
  type Account,
  type BaseTrace,
  type Genesis,
  type OperationTrace,
  State,
  type TransferTrace,
} from "../../src/state/index.ts";

export const ETHER = 10n ** 18n;
export const DOMAIN = 1234n;
export const PROFILE = PROFILES.dev;
export const RULES = { profile: PROFILE, domain: DOMAIN, crownDepth: 1, operationCrownDepth: 1 };

/** The owner of account `index`. */
export function userSecret(index: number): SecretKey {
  return secretKeyFromSeed(`user ${index}`);
}

/** Accounts 1 to 5 with 100 ether each. */
export const GENESIS: Genesis = {
  accountDepth: PROFILE.accountDepth,
  accounts: [1, 2, 3, 4, 5].map((index): Account => ({
    key: accountKeyOf(userSecret(index)),
    balance: 100n * ETHER,
    nonce: 0n,
    l1Owner: BigInt(index),
  })),
};

export function genesisState(): State {
  return State.ofGenesis(GENESIS);
}

/** A transfer by the owner of `from`: one ether for a fee of 0.001 unless told otherwise. */
export function transfer(from: number, to: number, nonce: number, change: Partial<Transfer> = {}): SignedTransfer {
  return signTransfer(
    userSecret(from),
    DOMAIN,
    { from, to, amount: ETHER, fee: ETHER / 1000n, ...change },
    BigInt(nonce),
  );
}

/** A deposit of one ether to account `to` of its user, whose L1 address is `to` as well. */
export function deposit(to: number, change: Partial<Operation> = {}): PackedOperation {
  return packOperation({
    from: 0,
    to,
    amount: ETHER,
    l1Owner: BigInt(to),
    key: accountKeyOf(userSecret(to)),
    ...change,
  });
}

/** The owner of `from` moves one ether from L1. */
export function forcedTransfer(from: number, to: number, change: Partial<Operation> = {}): PackedOperation {
  return packOperation({ from, to, amount: ETHER, l1Owner: BigInt(from), key: 0n, ...change });
}

/** The owner of `from` takes out one ether from L1. */
export function forcedExit(from: number, change: Partial<Operation> = {}): PackedOperation {
  return forcedTransfer(from, 0, change);
}

/** A block on the genesis with operations and transfers of every kind, and a sender that an operation has opened. */
export function everyKind(): { readonly operations: PackedOperation[]; readonly transfers: SignedTransfer[] } {
  return {
    operations: [deposit(7), forcedExit(2), forcedTransfer(2, 3, { l1Owner: 3n })],
    transfers: [
      transfer(1, 2, 0),
      transfer(2, 2, 0),
      transfer(1, 0, 1, { fee: 0n }),
      transfer(7, 1, 0, { amount: ETHER / 2n }),
    ],
  };
}

/** @throws {TypeError} for a base of operations */
export function transfersOf(base: BaseTrace): readonly TransferTrace[] {
  if (base.kind !== "transfers") throw new TypeError(`a base of ${base.kind}`);
  return base.transfers;
}

/** @throws {TypeError} for a base of transfers */
export function operationsOf(base: BaseTrace): readonly OperationTrace[] {
  if (base.kind !== "operations") throw new TypeError(`a base of ${base.kind}`);
  return base.operations;
}
