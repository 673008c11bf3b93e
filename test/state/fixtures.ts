import {
  keyOf,
  PROFILES,
  type SecretKey,
  secretKeyFromSeed,
  type SignedTransfer,
  signTransfer,
  type Transfer,
} from "../../src/protocol/index.ts";
import { type Account, type Genesis, State } from "../../src/state/index.ts";

export const ETHER = 10n ** 18n;
export const DOMAIN = 1234n;
export const PROFILE = PROFILES.dev;
export const RULES = { profile: PROFILE, domain: DOMAIN, crownDepth: 1 };

/** The owner of account `index`. */
export function userSecret(index: number): SecretKey {
  return secretKeyFromSeed(`user ${index}`);
}

/** Accounts 1 to 5 with 100 ether each. */
export const GENESIS: Genesis = {
  accountDepth: PROFILE.accountDepth,
  accounts: [1, 2, 3, 4, 5].map((index): Account => ({
    key: keyOf(userSecret(index)),
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
  return signTransfer(userSecret(from), DOMAIN, { from, to, amount: ETHER, fee: ETHER / 1000n, ...change }, BigInt(nonce));
}
