import { readFile } from "node:fs/promises";
import { getAddress, isAddress } from "ethers";
import { z } from "zod";
import { B52Error } from "../src/protocol/errors.ts";
import { secretKeyFromSeed } from "../src/protocol/eddsa.ts";
import { keyOf } from "../src/protocol/keys.ts";
import { accountCount, type Profile } from "../src/protocol/profile.ts";
import { type Account } from "../src/state/account.ts";
import { genesisRoot } from "../src/state/state.ts";
import type { Genesis } from "./parameters.ts";

/** A genesis file that is missing, damaged or does not fit the profile. */
export class GenesisFileError extends B52Error {
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path} is not a usable genesis file: ${reason}`, { path, reason }, options);
  }
}

const uint = z.string().regex(/^\d+$/, "expected a decimal number").transform(BigInt);

const schema = z.array(
  z.strictObject({
    /** Poseidon(TAG_KEY, Ax, Ay) of the owner. */
    key: uint,
    /** Wei. */
    balance: uint,
    /** The L1 address that may force operations. */
    l1Owner: z
      .string()
      .refine(isAddress, "expected an Ethereum address")
      .transform((address) => BigInt(getAddress(address))),
  }),
);

/** The accounts of a genesis file: a JSON list of `{key, balance, l1Owner}`. @throws GenesisFileError */
export async function readGenesisAccounts(path: string): Promise<Account[]> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    throw new GenesisFileError(path, (cause as NodeJS.ErrnoException).code === "ENOENT" ? "it does not exist" : "it is not JSON", {
      cause,
    });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new GenesisFileError(path, `${issue?.path.join(".") || "it"}: ${issue?.message}`);
  }
  return parsed.data.map((account) => ({ ...account, nonce: 0n }));
}

/** Accounts for development: their secret keys are `secretKeyFromSeed("b52.account.1")` and so on. */
export function developmentAccounts(count = 8): Account[] {
  return Array.from({ length: count }, (_, i) => ({
    key: keyOf(secretKeyFromSeed(`b52.account.${i + 1}`)),
    balance: 1_000n * 10n ** 18n,
    nonce: 0n,
    l1Owner: 0n,
  }));
}

/** @throws B52Error when there are more accounts than the profile's tree holds */
export function genesisOf(profile: Profile, accounts: readonly Account[]): Genesis {
  if (accounts.length >= accountCount(profile)) {
    throw new B52Error(`genesis has ${accounts.length} accounts, expected fewer than ${accountCount(profile)} in profile ${profile.name}`);
  }
  return {
    root: genesisRoot({ accountDepth: profile.accountDepth, accounts }),
    supply: accounts.reduce((sum, { balance }) => sum + balance, 0n),
  };
}
