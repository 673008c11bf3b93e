import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Provider } from "ethers";
import type { L1Connection } from "../chain/connection.ts";
import { NodeTooEarlyError } from "../chain/errors.ts";
import { replaceFile } from "../chain/replaceFile.ts";
import { LOCAL_CHAIN_IDS } from "../proving/keys/networks.ts";
import { projectPath } from "../setup/project.ts";
import { parametersHash, type ModuleParameters } from "./parameters.ts";

/** Where Ignition keeps a journal of every deployment, one folder each. */
const DEPLOYMENTS = projectPath("deploy", "deployments");

/** A line of Ignition's journal, as far as it is read here. */
interface JournalLine {
  readonly type: string;
  readonly futureId?: string;
  readonly nonce?: number;
  readonly from?: string;
  readonly transaction?: { readonly hash: string };
  readonly receipt?: { readonly blockNumber: number; readonly blockHash: string };
}

/**
 * The name of a deployment's journal: those with other parameters, and those on other chains, have others. A chain for
 * development may have been restarted with the same first block: what was written down on the one before is not taken
 * for this one's, and stays where it is.
 */
export async function journalName(provider: Provider, parameters: ModuleParameters, label?: string): Promise<string> {
  const [{ chainId }, genesis] = await Promise.all([provider.getNetwork(), provider.getBlock(0)]);
  const name = [
    "b52",
    chainId,
    genesis!.hash!.slice(2, 10),
    parametersHash(parameters).slice(0, 8),
    ...(label === undefined ? [] : [label]),
  ].join("-");
  for (let run = 1; ; run++) {
    const candidate = run === 1 ? name : `${name}-${run}`;
    if (await isOf(provider, await readJournal(candidate), chainId)) return candidate;
  }
}

export const journalFolder = (name: string): string => join(DEPLOYMENTS, name);

/** Whether anything was deployed, or was to be, under this name. */
export const isBegun = async (name: string): Promise<boolean> => (await readJournal(name)).length > 0;

/** Whether a journal tells of this chain, or of none. */
async function isOf(provider: Provider, journal: readonly JournalLine[], chainId: bigint): Promise<boolean> {
  const receipt = journal.find(({ type }) => type === "TRANSACTION_CONFIRM")?.receipt;
  if (receipt !== undefined) {
    const block = await provider.getBlock(receipt.blockNumber);
    // A chain for development that is shorter was restarted; any other may not have come so far.
    if (block === null && !LOCAL_CHAIN_IDS.includes(chainId))
      throw new NodeTooEarlyError(await provider.getBlockNumber(), receipt.blockNumber);
    return block?.hash === receipt.blockHash;
  }
  const sent = journal.flatMap(({ type, transaction }) => (type === "TRANSACTION_SEND" ? (transaction ?? []) : []));
  const known = await Promise.all(sent.map(({ hash }) => provider.getTransaction(hash)));
  return known.length === 0 || known.some((transaction) => transaction !== null);
}

/** Empty if there is none; a last line that was cut off is left out. */
async function readJournal(name: string): Promise<JournalLine[]> {
  const text = await readFile(join(journalFolder(name), "journal.jsonl"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    },
  );
  return text.split("\n").flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): JournalLine | undefined {
  try {
    return JSON.parse(line) as JournalLine;
  } catch {
    return undefined;
  }
}

/** What a deployment with this name has deployed: addresses by the names that its module has for them. */
export async function deployedAddresses(name: string): Promise<Record<string, string> | undefined> {
  const text = await readFile(join(journalFolder(name), "deployed_addresses.json"), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, string>);
}

/** The names of all deployments that there are journals of. */
export const journalNames = async (): Promise<string[]> => readdir(DEPLOYMENTS).catch(() => []);

/** How many blocks are looked through for a transaction that was sent and not written down. */
const LOOK_BACK = 256;

/**
 * Mends the journal of a run that was killed between sending a transaction and writing that down: the transaction is
 * looked up by its sender and nonce, and without one it was never sent.
 */
export async function resumeJournal(name: string, connection: L1Connection, confirmations: number): Promise<void> {
  const journal = await readJournal(name);
  for (const prepared of journal) {
    if (prepared.type !== "TRANSACTION_PREPARE_SEND" || prepared.nonce === undefined) continue;
    const isWritten = journal.some(
      ({ type, futureId, nonce }) =>
        type === "TRANSACTION_SEND" && futureId === prepared.futureId && nonce === prepared.nonce,
    );
    if (isWritten) continue;
    const from = journal.find(({ futureId, from }) => futureId === prepared.futureId && from !== undefined)?.from;
    const hash = from && (await findTransaction(connection.ethers.provider, from, prepared.nonce));
    if (hash) {
      const { trackTransaction } = await import("@nomicfoundation/ignition-core");
      await trackTransaction(journalFolder(name), hash, connection.provider, confirmations);
    } else {
      await removeLine(name, prepared);
    }
  }
}

async function findTransaction(provider: Provider, from: string, nonce: number): Promise<string | undefined> {
  if ((await provider.getTransactionCount(from, "pending")) <= nonce) return undefined;
  const latest = await provider.getBlockNumber();
  for (const tag of ["pending", ...Array.from({ length: Math.min(latest, LOOK_BACK) + 1 }, (_, i) => latest - i)]) {
    const block = await provider.getBlock(tag, true);
    const found = block?.prefetchedTransactions.find(
      (transaction) => transaction.nonce === nonce && transaction.from.toLowerCase() === from.toLowerCase(),
    );
    if (found) return found.hash;
  }
  return undefined;
}

async function removeLine(name: string, { type, futureId, nonce }: JournalLine): Promise<void> {
  const path = join(journalFolder(name), "journal.jsonl");
  const lines = (await readFile(path, "utf8")).split("\n").filter((line) => {
    const parsed = parseLine(line);
    return !(parsed?.type === type && parsed.futureId === futureId && parsed.nonce === nonce);
  });
  await replaceFile(path, [lines.join("\n")]);
}
