import { computeAddress, getAddress, HDNodeWallet, isAddress } from "ethers";
import { z } from "zod";
import { readJsonFile } from "../chain/textFile.ts";
import { B52Error } from "../protocol/errors.ts";
import { accountSecret } from "../protocol/accountSecret.ts";
import { isPublicKey, pointsAt } from "../protocol/eddsa.ts";
import { accountKeyOf } from "../protocol/keys.ts";
import { accountCount, type Profile } from "../protocol/profile.ts";
import { LOCAL_CHAIN_IDS } from "../proving/keys/networks.ts";
import { type Account, BALANCE_BITS } from "../state/account.ts";
import { genesisRoot } from "../state/state.ts";
import { MAX_GENESIS_ACCOUNTS } from "../sync/genesis.ts";
import type { Genesis } from "./parameters.ts";

/** A genesis file that is missing, damaged or does not fit the profile. */
export class GenesisFileError extends B52Error {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} is not a usable genesis file: ${reason}`, { path, reason }, options);
  }
}

const uint = z.string().regex(/^\d+$/, "expected a decimal number").transform(BigInt);

/** Nobody signs with any other key: only its L1 owner gets at the account, by force. */
const isAccountKey = (key: bigint): boolean => pointsAt(key).some(isPublicKey);

const account = z.strictObject({
  /** The y coordinate of the owner's public key. */
  key: z
    .string()
    .regex(/^0x[0-9a-f]{64}$/i, "expected 0x and 64 hexadecimal digits")
    .transform(BigInt)
    .refine(isAccountKey, "expected a key that can sign, such as `b52 wallet address` shows"),
  /** Wei. */
  balance: uint.refine((balance) => balance < 1n << BigInt(BALANCE_BITS), `expected wei below 2^${BALANCE_BITS}`),
  /** The L1 address that may force operations. */
  l1Owner: z
    .string()
    .refine(isAddress, "expected an Ethereum address")
    .transform((address) => BigInt(getAddress(address)))
    .refine((owner) => owner !== 0n, "expected an address that is somebody's, not zero"),
});

const schema = z
  .array(account)
  .min(1, "expected one account or more")
  .superRefine((accounts, context) => {
    const entries = new Map<bigint, number>();
    for (const [i, { key }] of accounts.entries()) {
      const first = entries.get(key);
      if (first !== undefined)
        context.addIssue({
          ...{ code: "custom", path: [i, "key"] },
          message: `expected another key than that of entry ${first + 1}`,
        });
      else entries.set(key, i);
    }
  });

/** The accounts of a genesis file: a JSON list of `{key, balance, l1Owner}`. @throws GenesisFileError */
export async function readGenesisAccounts(path: string): Promise<Account[]> {
  const parsed = schema.safeParse(await readJsonFile(path, GenesisFileError));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new GenesisFileError(path, `${placeOf(issue?.path ?? [])}: ${issue?.message}`);
  }
  return parsed.data.map((account) => ({ ...account, nonce: 0n }));
}

/** For readers, who count entries as the L2 counts accounts: from 1. */
function placeOf([entry, ...names]: readonly PropertyKey[]): string {
  return entry === undefined ? "it" : [`entry ${Number(entry) + 1}`, ...names].join(", ");
}

/** What Hardhat and anvil give their accounts ether for. */
const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** The L1 keys that {@link developmentAccounts} belong to: anybody knows them. */
export function developmentKeys(count = 8): string[] {
  const root = HDNodeWallet.fromPhrase(DEVELOPMENT_MNEMONIC, "", "m/44'/60'/0'/0");
  return Array.from({ length: count }, (_, i) => root.deriveChild(i).privateKey);
}

/** Accounts for development: those of the wallets with the first accounts of Hardhat and anvil. */
export function developmentAccounts(count = 8): Account[] {
  return developmentKeys(count).map((privateKey) => ({
    key: accountKeyOf(accountSecret(privateKey)),
    balance: 1_000n * 10n ** 18n,
    nonce: 0n,
    l1Owner: BigInt(computeAddress(privateKey)),
  }));
}

/** No genesis file on a chain where what belongs to development accounts belongs to anybody. */
export class GenesisMissingError extends B52Error {
  constructor(chainId: bigint) {
    super(
      `there is no genesis file for chain ${chainId}, expected --genesis FILE: anybody knows the secrets of the ` +
        `development accounts that chain ${LOCAL_CHAIN_IDS.join(" or ")} begins with`,
      { chainId },
    );
  }
}

/**
 * The accounts of a genesis file, or without one, on a chain for development, {@link developmentAccounts}.
 * @throws {GenesisFileError} @throws {GenesisMissingError}
 */
export async function genesisAccountsOn(chainId: bigint, path?: string): Promise<Account[]> {
  if (path !== undefined) return readGenesisAccounts(path);
  if (!LOCAL_CHAIN_IDS.includes(chainId)) throw new GenesisMissingError(chainId);
  return developmentAccounts();
}

/**
 * @throws B52Error when there are more accounts than the profile's tree, or the transaction that publishes them, holds
 */
export function genesisOf(profile: Profile, accounts: readonly Account[]): Genesis {
  const limit = Math.min(accountCount(profile) - 1, MAX_GENESIS_ACCOUNTS);
  if (accounts.length > limit) {
    throw new B52Error(`genesis has ${accounts.length} accounts, expected at most ${limit} in profile ${profile.name}`);
  }
  return {
    root: genesisRoot({ accountDepth: profile.accountDepth, accounts }),
    supply: accounts.reduce((sum, { balance }) => sum + balance, 0n),
    accounts,
  };
}
