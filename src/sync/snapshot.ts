import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { ChainClient } from "../chain/client.ts";
import { makeFolder } from "../chain/folders.ts";
import { replaceFile } from "../chain/replaceFile.ts";
import { B52Error, MalformedError, OutOfRangeError } from "../protocol/errors.ts";
import { blockWithdrawalsRoot, type PlacedExit, unpackExit } from "../protocol/exit.ts";
import { toHex32 } from "../protocol/hex.ts";
import { accountCount, type Profile } from "../protocol/profile.ts";
import { type Account, decodeAccount, encodeAccount } from "../state/account.ts";
import { findAccounts } from "../state/lookup.ts";
import { decidedIn } from "./l1Blocks.ts";
import { rollupName, type SyncedState } from "./syncedState.ts";

const hex = z
  .string()
  .regex(/^0x[0-9a-f]+$/)
  .transform(BigInt);

const schema = z.strictObject({
  version: z.literal(1),
  /** {@link rollupName} */
  rollup: z.string(),
  height: z.number().int().positive(),
  /** `encodeAccount` */
  accounts: z.array(z.tuple([z.number().int().positive(), z.string()])),
  /** All exits of every height with one that nobody has claimed: a claim shows where it is among them. */
  exits: z.array(z.tuple([z.number().int().positive(), z.array(z.tuple([z.number().int().nonnegative(), hex]))])),
});

/** The L2 after some height. Nothing in it has to be believed: L1 has its state root, and the roots of its exits. */
export interface Snapshot {
  readonly rollup: string;
  readonly height: number;
  readonly accounts: ReadonlyMap<number, Account>;
  /** By height. */
  readonly exits: ReadonlyMap<number, readonly PlacedExit[]>;
}

/** What should be a snapshot is none, or one that L1 does not know. */
export class SnapshotError extends B52Error {
  constructor(source: string, fault: string, expected: string, options?: ErrorOptions) {
    super(`the snapshot ${source} ${fault}, expected ${expected}`, { source, fault, expected }, options);
  }
}

/**
 * The L2 as it is here, with the exits that may still be claimed.
 * @param isClaimed whether L1 has paid an exit
 */
export async function takeSnapshot(
  synced: SyncedState,
  rollup: string,
  isClaimed: (exit: { readonly proposalId: bigint; readonly position: number }) => Promise<boolean>,
): Promise<Snapshot> {
  const { height } = synced.head;
  const exits = new Map<number, readonly PlacedExit[]>();
  for (let each = 1; each <= height; each++) {
    const found = synced.exitsOf(each);
    const claimed = await Promise.all(found.map(isClaimed));
    if (claimed.some((isPaid) => !isPaid)) exits.set(each, found);
  }
  const accounts = new Map(findAccounts(synced.state, {}).map(({ index, ...account }) => [index, account]));
  return { rollup, height, accounts, exits };
}

/** Writes a snapshot; a reader never sees half of it. @throws {FolderError} */
export async function writeSnapshot(path: string, { rollup, height, accounts, exits }: Snapshot): Promise<void> {
  const text = JSON.stringify({
    ...{ version: 1, rollup, height },
    accounts: [...accounts].map(([index, account]) => [index, encodeAccount(account)]),
    exits: [...exits].map(([of, placed]) => [of, placed.map(({ position, packed }) => [position, toHex(packed)])]),
  });
  await makeFolder(dirname(path));
  await replaceFile(path, [`${text}\n`]);
}

/** Reads what {@link writeSnapshot} wrote. @throws {SnapshotError} */
export function parseSnapshot(text: string, source: string): Snapshot {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new SnapshotError(source, "is not JSON", "a file that `b52 archive` wrote", { cause });
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SnapshotError(source, `has another ${issue?.path.join(".") || "form"}`, issue?.message ?? "a snapshot");
  }
  const { rollup, height, accounts, exits } = parsed.data;
  try {
    return {
      ...{ rollup, height },
      accounts: new Map(accounts.map(([index, encoded]) => [index, decodeAccount(encoded)])),
      exits: new Map(exits.map(([of, placed]) => [of, placed.map(([position, packed]) => exitAt(position, packed))])),
    };
  } catch (cause) {
    throw new SnapshotError(source, `has an account or exit that is none (${String(cause)})`, "whole ones", { cause });
  }
}

/** The text of a snapshot in a file, or at an address. @throws {SnapshotError} @throws the signal's reason */
export async function fetchSnapshot(place: string, signal?: AbortSignal): Promise<string> {
  if (!/^https?:\/\//i.test(place))
    return readFile(place, "utf8").catch((cause: Error) => {
      throw new SnapshotError(place, `cannot be read: ${cause.message}`, "a file", { cause });
    });
  const { endpointOf } = await import("../chain/url.ts");
  const { url, headers, name } = endpointOf(place, "the address of the snapshot");
  try {
    const answer = await fetch(url, { headers, ...(signal && { signal }) });
    if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
    return await answer.text();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SnapshotError(`at ${name}`, `cannot be read: ${(cause as Error).message}`, "a file", { cause });
  }
}

/**
 * Brings a database without heights to that of a snapshot, if L1 has decided exactly that.
 * @param source of the snapshot, for errors
 * @throws {SnapshotError} and changes nothing, if any of it is not what L1 has
 */
export async function restoreSnapshot(
  client: ChainClient,
  synced: SyncedState,
  { rollup, height, accounts, exits }: Snapshot,
  source: string,
): Promise<void> {
  const { deployment, provider } = client;
  const { profile, started } = deployment;
  const name = rollupName(deployment);
  if (rollup !== name) throw new SnapshotError(source, `is of ${rollup}`, name);
  const decided = await decidedIn(client, started.number, await provider.getBlockNumber());
  const blocks = decided.filter((block) => block.height <= height);
  const last = blocks.at(-1);
  if (last?.height !== height)
    throw new SnapshotError(source, `is of height ${height}`, `at most ${last?.height ?? 0}, which L1 has decided`);
  for (const index of accounts.keys())
    if (index >= accountCount(profile))
      throw new SnapshotError(source, `has account ${index}`, `1 to ${accountCount(profile) - 1}`);
  for (const [of, placed] of exits) {
    const block = blocks.find((each) => each.height === of);
    if (block === undefined) throw new SnapshotError(source, `has exits of height ${of}`, `1 to ${height}`);
    const found = rootOf(profile, placed);
    const expected = await client.rollup.withdrawalsRootOf(block.proposalId);
    if (found === undefined) throw new SnapshotError(source, `has an exit at no place of height ${of}`, "its place");
    if (found !== expected)
      throw new SnapshotError(source, `has other exits of height ${of} (root ${toHex32(found)})`, toHex32(expected));
  }
  try {
    await synced.adopt(blocks, accounts, exits);
  } catch (cause) {
    if (!(cause instanceof B52Error)) throw cause;
    throw new SnapshotError(source, `cannot be taken over: ${cause.message}`, `the L2 at height ${height}`, { cause });
  }
}

/** Undefined where an exit is at no place of a block. */
function rootOf(profile: Profile, exits: readonly PlacedExit[]): bigint | undefined {
  try {
    return blockWithdrawalsRoot(profile, exits);
  } catch (error) {
    if (error instanceof OutOfRangeError || error instanceof MalformedError) return undefined;
    throw error;
  }
}

function exitAt(position: number, packed: bigint): PlacedExit {
  const exit = unpackExit(packed);
  if (exit === undefined) throw new Error(`no exit at position ${position}`);
  return { ...exit, position, packed };
}

const toHex = (value: bigint): string => `0x${value.toString(16)}`;
