import type { ContractTransactionReceipt, Provider, Signer } from "ethers";
import { NoProviderError } from "./key.ts";
import { TxManager, type TxManagerOptions } from "./manager.ts";
import type { Call, From, Sender, Wanted } from "./sender.ts";

/** The senders of this process, by node and address: two for one key would take each other's nonces. */
const senders = new WeakMap<Provider, Map<string, Promise<TxManager>>>();

/**
 * The sender for a signer: of one process there is one for each address and node.
 * @param options of the first who asks
 * @throws {NoProviderError}
 */
export async function senderOf(signer: Signer, options?: TxManagerOptions): Promise<TxManager> {
  const address = await signer.getAddress();
  const { provider } = signer;
  if (provider === null) throw new NoProviderError(address);
  const known = senders.get(provider) ?? new Map<string, Promise<TxManager>>();
  senders.set(provider, known);
  const sender = known.get(address) ?? TxManager.open(signer, options);
  known.set(address, sender);
  sender.catch(() => known.delete(address));
  return sender;
}

/** A transaction without what it is called. */
export type Prepared = Omit<Call, "call">;

/**
 * Sends a transaction and waits until it is mined, see `Sender`.
 * @param call what is called, for messages
 * @param transaction e.g. what a contract of ethers populates
 * @throws {ContractError} @throws {TransactionError} @throws {NoBlobSignerError}
 */
export async function send(
  call: string,
  from: From,
  transaction: Prepared | Promise<Prepared>,
): Promise<ContractTransactionReceipt> {
  return (await senderFor(from)).send({ call, ...(await transaction) });
}

/** The same sender, for what is wanted for so long and so much. */
export function wanted(from: From, limits: Wanted): Sender {
  return {
    getAddress: () => from.getAddress(),
    send: async (call, more) => (await senderFor(from)).send(call, { ...limits, ...more }),
  };
}

const senderFor = async (from: From): Promise<Sender> => ("send" in from ? from : senderOf(from));
