import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { toQuantity } from "ethers";
import { z } from "zod";
import { fetchBytes } from "../blobs/http.ts";
import { within } from "../blobs/source.ts";
import { fileFault } from "../chain/fileFault.ts";
import type { ChainClient } from "../chain/client.ts";
import { makeFolder } from "../chain/folders.ts";
import { replaceFile } from "../chain/replaceFile.ts";
import { endpointOf } from "../chain/url.ts";
import { B52Error, MalformedError, OutOfRangeError } from "../protocol/errors.ts";
import { blockWithdrawalsRoot, type PlacedExit, unpackExit } from "../protocol/exit.ts";
import { toHex32 } from "../protocol/hex.ts";
import { accountCount, type Profile } from "../protocol/profile.ts";
import { type Account, decodeAccount, encodeAccount } from "../state/account.ts";
import { findAccounts } from "../state/lookup.ts";
import { MissingHeightError } from "./errors.ts";
import type { FinalBlock } from "./finalBlock.ts";
import { decidedIn } from "./l1Blocks.ts";
import { rollupName } from "./names.ts";
import type { SyncedState } from "./syncedState.ts";

const hex = z
  .string()
  .regex(/^0x[0-9a-f]+$/)
  .transform(BigInt);

/** Whether the first numbers of entries increase: then none is there twice. */
const increase = (entries: readonly (readonly [number, ...unknown[]])[]): boolean =>
  entries.every(([each], i) => i === 0 || each > entries[i - 1]![0]);

const exitsOfHeight = z
  .array(z.tuple([z.number().int().nonnegative(), hex]))
  .refine(increase, "positions that increase");

const schema = z.strictObject({
  version: z.literal(1),
  /** {@link rollupName} */
  rollup: z.string(),
  height: z.number().int().positive(),
  /** `encodeAccount` */
  accounts: z.array(z.tuple([z.number().int().positive(), z.string()])),
  /** All exits of every height that has any, claimed or not: all together have the root that L1 has. */
  exits: z.array(z.tuple([z.number().int().positive(), exitsOfHeight])).refine(increase, "heights that increase"),
});

/** The L2 after some height. Nothing in it has to be believed: L1 has its state root, and the roots of its exits. */
export interface Snapshot {
  readonly rollup: string;
  readonly height: number;
  readonly accounts: ReadonlyMap<number, Account>;
  /** By height, those of all heights up to this one. */
  readonly exits: ReadonlyMap<number, readonly PlacedExit[]>;
}

/** What should be a snapshot is none, or one that L1 does not know. */
export class SnapshotError extends B52Error {
  constructor(source: string, fault: string, expected: string, options?: ErrorOptions) {
    super(`the snapshot ${source} ${fault}, expected ${expected}`, { source, fault, expected }, options);
  }
}

/** The L2 as it is here. */
export function takeSnapshot(synced: SyncedState, rollup: string): Snapshot {
  const { height } = synced.head;
  const exits = new Map<number, readonly PlacedExit[]>();
  for (let each = 1; each <= height; each++) {
    const found = synced.exitsOf(each);
    if (found.length > 0) exits.set(each, found);
  }
  const accounts = new Map(findAccounts(synced.state, {}).map(({ index, ...account }) => [index, account]));
  return { rollup, height, accounts, exits };
}

/** Writes a snapshot; a reader never sees half of it. @throws {FolderError} */
export async function writeSnapshot(path: string, { rollup, height, accounts, exits }: Snapshot): Promise<void> {
  const text = JSON.stringify({
    ...{ version: 1, rollup, height },
    accounts: [...accounts].map(([index, account]) => [index, encodeAccount(account)]),
    exits: [...exits].map(([of, placed]) => [of, placed.map(({ position, packed }) => [position, toQuantity(packed)])]),
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

export interface FetchSnapshotOptions {
  /** Longest answer of a server that is read. */
  readonly maxBytes?: number;
  /** What a server may take for all of it. */
  readonly timeoutMs?: number;
}

/** More than a million accounts, at some 200 bytes each. */
const MAX_BYTES = 2 ** 28;
const TIMEOUT_MS = 600_000;

/** The text of a snapshot in a file, or at an address. @throws {SnapshotError} @throws the signal's reason */
export async function fetchSnapshot(
  place: string,
  signal?: AbortSignal,
  { maxBytes = MAX_BYTES, timeoutMs = TIMEOUT_MS }: FetchSnapshotOptions = {},
): Promise<string> {
  if (!/^https?:\/\//i.test(place))
    return readFile(place, "utf8").catch((cause: NodeJS.ErrnoException) => {
      throw new SnapshotError(
        place,
        cause.code === "ENOENT" ? "does not exist" : `cannot be read: ${fileFault(cause)}`,
        "a file of `b52 archive`",
        { cause },
      );
    });
  const endpoint = endpointOf(place, "the address of the snapshot");
  try {
    const bytes = await within(timeoutMs, signal, (limited) =>
      fetchBytes(endpoint, "", { signal: limited, accept: "application/json", maxBytes }),
    );
    if (bytes === undefined) throw new Error("there is none");
    return Buffer.from(bytes).toString("utf8");
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SnapshotError(`at ${endpoint.name}`, `cannot be read: ${(cause as Error).message}`, "a file", { cause });
  }
}

/**
 * Brings a database without heights to that of a snapshot, if L1 has decided exactly that.
 * @param source of the snapshot, for errors
 * @throws {SnapshotError} and changes nothing, if any of it is not what L1 has
 * @throws {MissingHeightError} if the node does not tell of every height
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
  const gap = blocks.findIndex((block, i) => block.height !== i + 1);
  if (gap >= 0) throw new MissingHeightError(blocks[gap]!.height, gap + 1);
  const last = blocks.at(-1);
  if (last?.height !== height)
    throw new SnapshotError(source, `is of height ${height}`, `at most ${last?.height ?? 0}, which L1 has decided`);
  for (const index of accounts.keys())
    if (index >= accountCount(profile))
      throw new SnapshotError(source, `has account ${index}`, `1 to ${accountCount(profile) - 1}`);
  for (const of of exits.keys())
    if (of > height) throw new SnapshotError(source, `has exits of height ${of}`, `1 to ${height}`);
  await requireExits(client, blocks, exits, source);
  try {
    await synced.adopt(blocks, accounts, exits);
  } catch (cause) {
    if (!(cause instanceof B52Error)) throw cause;
    throw new SnapshotError(source, `cannot be taken over: ${cause.message}`, `the L2 at height ${height}`, { cause });
  }
}

/** Heights whose roots are asked for at once. */
const AT_ONCE = 50;

/**
 * Checks that every height's exits are those that L1 has. One that were left out could never be claimed once its blobs
 * are gone.
 * @throws {SnapshotError}
 */
async function requireExits(
  { rollup, deployment: { profile } }: ChainClient,
  blocks: readonly FinalBlock[],
  exits: Snapshot["exits"],
  source: string,
): Promise<void> {
  const rootOfNone = blockWithdrawalsRoot(profile, []);
  for (let from = 0; from < blocks.length; from += AT_ONCE) {
    const some = blocks.slice(from, from + AT_ONCE);
    const roots = await Promise.all(some.map(({ proposalId }) => rollup.withdrawalsRootOf(proposalId)));
    for (const [i, { height }] of some.entries()) {
      const placed = exits.get(height) ?? [];
      const found = placed.length === 0 ? rootOfNone : rootOf(profile, placed);
      const what = `${placed.length === 0 ? "no" : "other"} exits of height ${height}`;
      if (found === undefined)
        throw new SnapshotError(source, `has an exit at no place of height ${height}`, "its place");
      if (found !== roots[i])
        throw new SnapshotError(source, `has ${what} (root ${toHex32(found)})`, toHex32(roots[i]!));
    }
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
