import { type Provider, Wallet } from "ethers";
import { TxManager } from "../../chain/tx/index.ts";
import type { NodeDatabase } from "../../database/index.ts";
import type { Log } from "../../log/index.ts";

/** The sender of a key's transactions, which remembers them across restarts and looks after them until the signal. */
export async function openSender(
  privateKey: string,
  provider: Provider,
  { transactions: journal }: Pick<NodeDatabase, "transactions">,
  log: Log,
  signal: AbortSignal,
): Promise<TxManager> {
  const onTrouble = (error: Error): void => log.warn("transaction-trouble", error.message, { error });
  const sender = await TxManager.open(new Wallet(privateKey, provider), { journal, onTrouble });
  void sender.run(signal).catch((error: unknown) => {
    log.error("transactions-ended", "nobody looks after the transactions any more: restart", { error });
  });
  return sender;
}
