import { randomUUID } from "node:crypto";
import { Wallet } from "ethers";
import { senderOf, type TxManager } from "../../chain/tx/index.ts";
import { type Log, Reminders } from "../../log/index.ts";
import { rollupName } from "../../sync/index.ts";
import type { Closing } from "../closing.ts";
import { RelayServer } from "../relay/index.ts";
import type { Configuration } from "../settings/index.ts";
import { keySocket } from "./keyLock.ts";
import type { NodePorts } from "./ports.ts";

/** L1 blocks for which a transaction is looked after once it is in one: what a reorganisation drops is sent again. */
const CONFIRMATIONS = 12;

export interface SenderOptions {
  readonly configuration: Configuration;
  readonly ports: Pick<NodePorts, "client" | "database" | "reader" | "clock">;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The sender of a key's transactions, which remembers them across restarts and looks after them until the signal. */
export async function openSender(
  privateKey: string,
  { configuration: { settings }, ports: { client, database, reader, clock }, log, signal }: SenderOptions,
): Promise<TxManager> {
  const onTrouble = troubleTo(log);
  const sender = await senderOf(new Wallet(privateKey, client.provider), {
    ...{ journal: database.transactions, confirmations: CONFIRMATIONS, worth: settings.maxGasEther, onTrouble },
    onMined: (block) => reader.expect(block),
  });
  clock.onHead(() => sender.look());
  void sender.run(signal).catch((error: unknown) => {
    log.error("transactions-ended", "nobody looks after the transactions any more: restart", { error });
  });
  return sender;
}

/** Tells of trouble that lasts once a minute: whoever sends looks at L1 several times in a block. */
export function troubleTo(log: Pick<Log, "warn">, now = Date.now): (error: Error) => void {
  const reminders = new Reminders();
  return (error) => {
    if (reminders.isNews("", error.message, now() / 1_000)) log.warn("transaction-trouble", error.message, { error });
  };
}

/** The sender of the key whose lock this program has: commands of this machine with the key send through it, too. */
export async function openSharedSender(
  privateKey: string,
  options: SenderOptions & { readonly closing: Closing },
): Promise<TxManager> {
  const sender = await openSender(privateKey, options);
  const { log, closing, ports } = options;
  const { deployment } = ports.client;
  const path = keySocket(await sender.getAddress(), deployment);
  try {
    const relay = await RelayServer.open(path, sender, {
      rollup: rollupName(deployment),
      journal: await journalName(ports.database),
    });
    closing.add("the sender for commands", () => relay.close());
  } catch (error) {
    log.warn("relay-off", `commands with this key are refused while it runs: ${(error as Error).message}`, { error });
  }
  return sender;
}

/** Given once to each database. */
async function journalName(database: NodePorts["database"]): Promise<string> {
  const store = database.store("relay");
  const known = store.get("journal");
  const name = known ?? randomUUID();
  if (known === undefined) await store.write(new Map([["journal", name]]));
  return name;
}
