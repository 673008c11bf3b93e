import { id, type Provider, type Signer, Wallet } from "ethers";
import { type SecretKey, secretKeyFromSeed } from "../protocol/eddsa.ts";
import { keyOf } from "../protocol/keys.ts";
import { signTransfer, type SignedTransfer } from "../protocol/transfer.ts";
import type { Account } from "../state/account.ts";
import type { State } from "../state/state.ts";

/** Somebody with an L1 account. */
export interface Party {
  readonly name: string;
  readonly signer: Signer;
  readonly address: string;
}

export interface Prover extends Party {
  readonly secret: SecretKey;
  readonly key: bigint;
  /** In the registry, from 1. */
  index: number;
}

/** Somebody with an L2 account, which the L1 account owns. */
export interface User extends Party {
  /** Index on the L2. */
  readonly account: number;
  readonly secret: SecretKey;
}

export interface Cast {
  readonly provers: readonly Prover[];
  readonly proposers: { readonly bob: Party; readonly sally: Party };
  /** With accounts from the beginning. */
  readonly users: readonly User[];
  /** Comes later, with a deposit. */
  readonly newcomer: User;
}

const PROVERS = ["Ada", "Blaise", "Carl", "Dorothy", "Emmy"];
const USERS = ["Ines", "Juan", "Kofi", "Lena", "Mei", "Noor"];
const NEWCOMER = "Otto";

const ETHER = 10n ** 18n;
const GENESIS_BALANCE = 1_000n * ETHER;

/** Everybody in the demo; all keys follow from `seed`. */
export function castOf(seed: string, provider: Provider): Cast {
  const party = (name: string): Party => {
    const wallet = new Wallet(id(`${seed}/l1/${name}`), provider);
    return { name, signer: wallet, address: wallet.address };
  };
  const secret = (name: string): SecretKey => secretKeyFromSeed(`${seed}/l2/${name}`);
  const user = (name: string, i: number): User => ({ ...party(name), account: i + 1, secret: secret(name) });
  return {
    provers: PROVERS.map((name) => ({ ...party(name), secret: secret(name), key: keyOf(secret(name)), index: 0 })),
    proposers: { bob: party("Bob"), sally: party("Sally") },
    users: USERS.map(user),
    newcomer: user(NEWCOMER, USERS.length),
  };
}

/** The L2 that the demo starts with: the same balance for everyone. */
export function accountsOf(users: readonly User[]): Account[] {
  return users.map(({ secret, address }) => ({
    key: keyOf(secret),
    balance: GENESIS_BALANCE,
    nonce: 0n,
    l1Owner: BigInt(address),
  }));
}

/** What users send before a block: everyone pays the next one, as often as it takes to fill a block. */
export function transfersOf(users: readonly User[], state: State, domain: bigint, count: number): SignedTransfer[] {
  return Array.from({ length: count }, (_, i) => {
    const from = users[i % users.length]!;
    const to = users[(i + 1) % users.length]!;
    const nonce = state.account(from.account).nonce + BigInt(Math.floor(i / users.length));
    const transfer = {
      from: from.account,
      to: to.account,
      amount: BigInt(i + 1) * ETHER,
      fee: BigInt(i + 1) * (ETHER / 100n),
    };
    return signTransfer(from.secret, domain, transfer, nonce);
  });
}
