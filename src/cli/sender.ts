import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Provider, Wallet } from "ethers";
import type { ChainClient } from "../chain/client.ts";
import type { Deployment } from "../chain/deployment.ts";
import type { Sender } from "../chain/tx/index.ts";
import type { TransactionRow } from "../chain/tx/journal.ts";
import type { RelaySender } from "../daemon/relay/index.ts";
import { accountName, rollupName } from "../sync/names.ts";
import { type Asked, Errand, type ErrandSenders } from "./errand.ts";
import type { Output } from "./output.ts";

/** Where commands write down what they send for an address. */
export const sentFolder = (address: string, deployment: Deployment): string =>
  join(homedir(), ".b52", "transactions", accountName(address, deployment));

/** Of commands of a key, in their database. */
const ERRANDS = "errands";

/**
 * Runs `task` with a sender that writes down what it sends. What a command has left that was killed is looked after
 * first. One process at a time sends for an address: a program that runs with the key sends for commands.
 * @param asked what the task does once, see {@link Errand}. Without it, what it sends must be harmless a second time
 * @throws {LockedError} when another command sends
 */
export async function withSender<T>(
  client: ChainClient,
  privateKey: string,
  output: Output,
  asked: Asked | undefined,
  task: (sender: Sender) => Promise<T>,
): Promise<T> {
  const { Wallet } = await import("ethers");
  const { DATABASE_FILE } = await import("../database/index.ts");
  const signer = new Wallet(privateKey, client.provider);
  const folder = sentFolder(signer.address, client.deployment);
  let opened: Promise<Opened> | undefined;
  const open = (): Promise<Opened> => (opened ??= openSender(client, signer, folder, output));
  try {
    const known = existsSync(join(folder, DATABASE_FILE)) ? await open() : undefined;
    if (asked === undefined)
      return await task({
        getAddress: () => Promise.resolve(signer.address),
        send: async (call, wanted) => {
          const { own, program } = await open();
          return (program ?? own).send(call, wanted);
        },
      });
    const errand = await Errand.begin(asked, signer.address, open, known, output.note);
    const done = await task(errand);
    await errand.end();
    return done;
  } finally {
    await opened?.then(({ close }) => close()).catch(() => undefined);
  }
}

interface Opened extends ErrandSenders {
  readonly close: () => void;
}

/** Takes the key, or what the program offers that has it. @throws {LockedError} when neither is to be had */
async function openSender(client: ChainClient, signer: Wallet, folder: string, output: Output): Promise<Opened> {
  const { lockKey } = await import("../daemon/compose/keyLock.ts");
  const { LockedError } = await import("../database/index.ts");
  try {
    const lock = await lockKey(signer.address, client.deployment);
    try {
      const { close, ...journal } = await openJournal(client, signer, folder, output);
      const closeAll = (): void => {
        close();
        lock.release();
      };
      return { ...journal, program: undefined, close: closeAll };
    } catch (error) {
      lock.release();
      throw error;
    }
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    const program = await openRelay(client, signer, output);
    if (program === undefined) throw error;
    // What a command has left before the program ran is in the journal. That is open meanwhile, so that one command at
    // a time sends: of two that approve the same spender, the second would take the first one's allowance.
    return { ...(await openJournal(client, signer, folder, output)), program };
  }
}

async function openRelay(
  { deployment }: ChainClient,
  signer: Wallet,
  { note }: Output,
): Promise<RelaySender | undefined> {
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

async function openJournal(
  { deployment }: ChainClient,
  signer: Wallet,
  folder: string,
  { note }: Output,
): Promise<Omit<Opened, "program">> {
  const { NodeDatabase } = await import("../database/index.ts");
  const { senderOf } = await import("../chain/tx/index.ts");
  const database = await NodeDatabase.open(folder, rollupName(deployment));
  try {
    const manager = await senderOf(signer, {
      journal: database.transactions,
      onTaken: (row) => note(`${nameOf(row)} is taken, and not sent again`),
    });
    for (const { call } of manager.rows.map(({ intent }) => intent))
      note(`an earlier command has left ${call} under way`);
    for (const row of await manager.settleLeft())
      note(`${nameOf(row)} of an earlier command is ${row.inclusion ? "mined" : row.state}`);
    return { own: manager, store: database.store(ERRANDS), close: () => database.close() };
  } catch (error) {
    database.close();
    throw error;
  }
}

function nameOf({ intent: { call }, inclusion, attempts }: TransactionRow): string {
  const hash = inclusion?.hash ?? attempts.at(-1)?.hash;
  return hash === undefined ? call : `${call} (transaction ${hash})`;
}
