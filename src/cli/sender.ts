import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { ChainClient } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { Sender, TxManager } from "../chain/tx/index.ts";
import type { TransactionRow } from "../chain/tx/journal.ts";
import type { NodeDatabase } from "../database/index.ts";
import { accountName } from "../sync/syncedState.ts";
import type { Output } from "./output.ts";

/** Where commands write down what they send for an address. */
export const sentFolder = (address: string, deployment: Deployment): string =>
  join(homedir(), ".b52", "transactions", accountName(address, deployment));

/**
 * Runs `task` with a sender that writes down what it sends. What a command has left that was killed is looked after
 * first, and taken by whoever does the same again. One process at a time sends for an address.
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
    await opened?.then(({ database }) => database.close()).catch(() => undefined);
  }
}

interface Opened {
  readonly sender: TxManager;
  readonly database: NodeDatabase;
}

async function openSender(
  { deployment }: ChainClient,
  signer: Parameters<typeof TxManager.open>[0],
  folder: string,
  { note }: Output,
): Promise<Opened> {
  const { NodeDatabase } = await import("../database/index.ts");
  const { senderOf } = await import("../chain/tx/index.ts");
  const { rollupName } = await import("../sync/syncedState.ts");
  const database = await NodeDatabase.open(folder, rollupName(deployment));
  try {
    const sender = await senderOf(signer, {
      ...{ journal: database.transactions, isRerun: true },
      onTaken: (row) => note(`${nameOf(row)} is taken, and not sent again`),
    });
    for (const { call } of sender.rows.map(({ intent }) => intent))
      note(`an earlier command has left ${call} under way`);
    for (const row of await sender.settleLeft())
      note(`${nameOf(row)} of an earlier command is ${row.inclusion ? "mined" : row.state}`);
    return { sender, database };
  } catch (error) {
    database.close();
    throw error;
  }
}

function nameOf({ intent: { call }, inclusion, attempts }: TransactionRow): string {
  const hash = inclusion?.hash ?? attempts.at(-1)?.hash;
  return hash === undefined ? call : `${call} (transaction ${hash})`;
}
