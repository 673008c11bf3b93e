import { id, type Provider, type Signer, Wallet } from "ethers";
import { accountSecret } from "../protocol/accountSecret.ts";
import { type SecretKey, secretKeyFromSeed } from "../protocol/eddsa.ts";
import { accountKeyOf, keyOf } from "../protocol/keys.ts";
import { signTransfer, type SignedTransfer } from "../protocol/transfer.ts";
import type { Account } from "../state/account.ts";
import type { State } from "../state/state.ts";

/** Somebody with an L1 account. */
export interface Party {
  readonly name: string;
  readonly signer: Signer;
  readonly address: string;
}

export interface Proposer extends Party {
  /** Sends its reveals, and nothing else. */
  readonly revealer: Signer;
}

export interface Prover extends Party {
  readonly secret: SecretKey;
  readonly key: bigint;
  /** In the registry, from 1; 0 until it is registered. */
  index: number;
}

/** Somebody with an L2 account, which the L1 account owns. All of it follows from the L1 key, as in a wallet. */
export interface User extends Party {
  readonly privateKey: string;
  /** Index on the L2. */
  readonly account: number;
  readonly secret: SecretKey;
  readonly key: bigint;
}

/** Everybody in a world, besides the deployer. */
export interface Cast {
  readonly provers: readonly Prover[];
  readonly proposers: readonly Proposer[];
  /** With accounts from the beginning: 1, 2, ... */
  readonly users: readonly User[];
  /** Users who come later, with deposits: the accounts behind those of the users. */
  readonly newcomers: readonly User[];
}

/** Who there is, by name. */
export type CastNames = Readonly<Record<keyof Cast, readonly string[]>>;

/** Names of a cast that nobody reads about. */
export const extras = (sizes: Partial<Record<keyof Cast, number>>): CastNames => {
  const names = (role: keyof Cast): string[] => Array.from({ length: sizes[role] ?? 0 }, (_, i) => `${role} ${i + 1}`);
  return {
    provers: names("provers"),
    proposers: names("proposers"),
    users: names("users"),
    newcomers: names("newcomers"),
  };
};

/** A cast whose keys all follow from `seed`. */
export function castOf(seed: string, provider: Provider, names: CastNames): Cast {
  const keyFor = (name: string): string => id(`${seed}/l1/${name}`);
  const user = (name: string, i: number): User => userOf(name, keyFor(name), i + 1, provider);
  return {
    provers: names.provers.map((name) => {
      const secret = secretKeyFromSeed(`${seed}/l2/${name}`);
      return { ...partyOf(name, keyFor(name), provider), secret, key: keyOf(secret), index: 0 };
    }),
    proposers: names.proposers.map((name) => ({
      ...partyOf(name, keyFor(name), provider),
      revealer: new Wallet(keyFor(`${name}/reveals`), provider),
    })),
    users: names.users.map(user),
    newcomers: names.newcomers.map((name, i) => user(name, names.users.length + i)),
  };
}

function partyOf(name: string, privateKey: string, provider: Provider): Party {
  const signer = new Wallet(privateKey, provider);
  return { name, signer, address: signer.address };
}

/** The owner of the L1 key, and of what a wallet makes of it. */
function userOf(name: string, privateKey: string, account: number, provider: Provider): User {
  const secret = accountSecret(privateKey);
  return { ...partyOf(name, privateKey, provider), privateKey, account, secret, key: accountKeyOf(secret) };
}

const ETHER = 10n ** 18n;
const GENESIS_BALANCE = 1_000n * ETHER;

/** The L2 that a world begins with: the same balance for everyone. */
export function accountsOf(users: readonly User[]): Account[] {
  return users.map(({ key, address }) => ({ key, balance: GENESIS_BALANCE, nonce: 0n, l1Owner: BigInt(address) }));
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
