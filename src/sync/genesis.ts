import { concat, dataLength, dataSlice, isHexString, toBeHex } from "ethers";
import type { ChainClient } from "../chain/client.ts";
import { TOPICS } from "../chain/actions/publish.ts";
import { B52Error, MalformedError } from "../protocol/errors.ts";
import { assertField, assertUint, FIELD } from "../protocol/field.ts";
import { toHex32 } from "../protocol/hex.ts";
import { accountCount } from "../protocol/profile.ts";
import { type Account, BALANCE_BITS } from "../state/account.ts";
import { genesisRoot } from "../state/state.ts";

/** Bytes of key, balance and l1Owner. */
const ACCOUNT = [32, 12, 20] as const;
const ACCOUNT_BYTES = 64;

/** One transaction publishes the accounts of a genesis, and nodes take transactions of up to 128 KiB. */
export const MAX_GENESIS_ACCOUNTS = 2_000;

/** Nobody has published the accounts that the rollup began with. */
export class UnknownGenesisError extends B52Error {
  constructor(root: bigint) {
    super(
      `no accounts with the genesis root ${toHex32(root)} are published on L1, expected what the deployment ` +
        "publishes there",
      { root },
    );
  }
}

/** The accounts that an L2 begins with, 64 bytes each, as hexadecimal. */
export function encodeGenesis(accounts: readonly Account[]): string {
  return concat(
    accounts.flatMap(({ key, balance, l1Owner }) => [
      toBeHex(assertField(key, "key"), ACCOUNT[0]),
      toBeHex(assertUint(balance, BALANCE_BITS, "balance"), ACCOUNT[1]),
      toBeHex(assertUint(l1Owner, 160, "l1Owner"), ACCOUNT[2]),
    ]),
  );
}

/**
 * The inverse of {@link encodeGenesis}.
 * @throws {MalformedError} unless `encoded` is whole accounts, not more than a genesis has
 */
export function decodeGenesis(encoded: string): Account[] {
  if (
    !isHexString(encoded, true) ||
    dataLength(encoded) % ACCOUNT_BYTES !== 0 ||
    dataLength(encoded) > MAX_GENESIS_ACCOUNTS * ACCOUNT_BYTES
  ) {
    const length = `${(encoded.length - 2) / 2} bytes`;
    throw new MalformedError(
      "encoded genesis",
      length,
      `at most ${MAX_GENESIS_ACCOUNTS} accounts of ${ACCOUNT_BYTES} bytes`,
    );
  }
  return Array.from({ length: dataLength(encoded) / ACCOUNT_BYTES }, (_, i) => {
    let from = i * ACCOUNT_BYTES;
    const [key, balance, l1Owner] = ACCOUNT.map((size) => BigInt(dataSlice(encoded, from, (from += size)))) as [
      bigint,
      bigint,
      bigint,
    ];
    return { key, balance, nonce: 0n, l1Owner };
  });
}

/**
 * The accounts that the L2 began with, as they are published on L1. Anybody may publish anything, so the first accounts
 * that have the genesis root are taken.
 * @throws UnknownGenesisError
 */
export async function findGenesis({ bulletin, provider, deployment, scan }: ChainClient): Promise<Account[]> {
  const { domain, genesis, profile, started } = deployment;
  const filter = bulletin.filters.Published(TOPICS.indexOf("Genesis"), domain);
  const logsOf = async (from: number, to: number) => bulletin.queryFilter(filter, from, to);
  for await (const logs of scan.forwards(started.number, await provider.getBlockNumber(), logsOf)) {
    for (const { args } of logs) {
      const accounts = accountsIn(args.data, profile.accountDepth);
      if (accounts && genesisRoot({ accountDepth: profile.accountDepth, accounts }) === genesis.root) return accounts;
    }
  }
  throw new UnknownGenesisError(genesis.root);
}

/** Undefined if it is no genesis that this rollup could have. */
function accountsIn(encoded: string, accountDepth: number): Account[] | undefined {
  try {
    const accounts = decodeGenesis(encoded);
    return accounts.length < accountCount({ accountDepth }) && accounts.every(({ key }) => key !== 0n && key < FIELD)
      ? accounts
      : undefined;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
