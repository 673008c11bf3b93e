import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Provider, Wallet } from "ethers";
import type { ChainClient } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { Sender, TxManager } from "../chain/tx/index.ts";
import type { TransactionRow } from "../chain/tx/journal.ts";
import type { NodeDatabase } from "../database/index.ts";
import { accountName, rollupName } from "../sync/names.ts";
import type { Output } from "./output.ts";

/** Where commands write down what they send for an address. */
export const sentFolder = (address: string, deployment: Deployment): string =>
  join(homedir(), ".b52", "transactions", accountName(address, deployment));

/**
 * Runs `task` with a sender that writes down what it sends. What a command has left that was killed is looked after
 * first, and taken by whoever does the same again. One process at a time sends for an address: a program that runs with
 * the key sends for commands.
 * @throws {LockedError} when another command sends
 */
export async function withSender<T>(
  client: ChainClient,
  privateKey: string,
  output: Output,
  task: (sender: Sender) => Promise<T>,
): Promise<T> {
  const { Wallet } = await import("ethers");
  const { DATABASE_FILE } = await import("../database/index.ts");
  const signer = new Wallet(privateKey, client.provider);
  const folder = sentFolder(signer.address, client.deployment);
  let opened: Promise<Opened> | undefined;
  const open = (): Promise<Opened> => (opened ??= openSender(client, signer, folder, output));
  try {
    if (existsSync(join(folder, DATABASE_FILE))) await open();
    return await task({
      getAddress: () => Promise.resolve(signer.address),
      send: async (call, wanted) => (await open()).sender.send(call, wanted),
    });
  } finally {
    await opened?.then(({ close }) => close()).catch(() => undefined);
  }
}

interface Opened {
  readonly sender: Pick<Sender, "send">;
  readonly close: () => void;
}

/** Takes the key, or what the program offers that has it. @throws {LockedError} when neither is to be had */
async function openSender(client: ChainClient, signer: Wallet, folder: string, output: Output): Promise<Opened> {
  const { lockKey } = await import("../daemon/compose/keyLock.ts");
  const { LockedError } = await import("../database/index.ts");
  try {
    const lock = await lockKey(signer.address, client.deployment);
    try {
      const { manager, database } = await openJournal(client, signer, folder, output);
      const close = (): void => {
        database.close();
        lock.release();
      };
      return { sender: manager, close };
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    const relayed = await openRelay(client, signer, output);
    if (relayed === undefined) throw error;
    return withLeft(relayed, client, signer, folder, output);
  }
}

async function openRelay({ deployment }: ChainClient, signer: Wallet, { note }: Output): Promise<Sender | undefined> {
  const { keySocket } = await import("../daemon/compose/keyLock.ts");
  const { relaySender } = await import("../daemon/relay/index.ts");
  const path = keySocket(signer.address, deployment);
  const wallet = signer as Wallet & { provider: Provider };
  const relayed = await relaySender(path, wallet, rollupName(deployment), (what) =>
    note(`${what} is taken, and not sent again`),
  );
  if (relayed !== undefined) note(`a program runs with the key of ${signer.address}: it sends`);
  return relayed;
}

/**
 * What a command has left before the program ran is taken all the same. Its journal is open meanwhile, so that one
 * command at a time sends: of two that approve the same spender, the second would take the first one's allowance.
 */
async function withLeft(
  relayed: Sender,
  client: ChainClient,
  signer: Wallet,
  folder: string,
  output: Output,
): Promise<Opened> {
  const { manager, database } = await openJournal(client, signer, folder, output);
  const sender: Opened["sender"] = {
    send: async (call, wanted) => manager.take(call, wanted) ?? relayed.send(call, wanted),
  };
  return { sender, close: () => database.close() };
}

interface OpenedJournal {
  readonly manager: TxManager;
  readonly database: NodeDatabase;
}

async function openJournal(
  { deployment }: ChainClient,
  signer: Wallet,
  folder: string,
  { note }: Output,
): Promise<OpenedJournal> {
  const { NodeDatabase } = await import("../database/index.ts");
  const { senderOf } = await import("../chain/tx/index.ts");
  const database = await NodeDatabase.open(folder, rollupName(deployment));
  try {
    const manager = await senderOf(signer, {
      ...{ journal: database.transactions, isRerun: true },
      onTaken: (row) => note(`${nameOf(row)} is taken, and not sent again`),
    });
    for (const { call } of manager.rows.map(({ intent }) => intent))
      note(`an earlier command has left ${call} under way`);
    for (const row of await manager.settleLeft())
      note(`${nameOf(row)} of an earlier command is ${row.inclusion ? "mined" : row.state}`);
    return { manager, database };
  } catch (error) {
    database.close();
    throw error;
  }
}

function nameOf({ intent: { call }, inclusion, attempts }: TransactionRow): string {
  const hash = inclusion?.hash ?? attempts.at(-1)?.hash;
  return hash === undefined ? call : `${call} (transaction ${hash})`;
}
