import type { BaseContract, ContractTransactionReceipt, Result } from "ethers";

/** The arguments of every event `name` of `contract` in a receipt, in order. */
export function eventsOf(contract: BaseContract, receipt: ContractTransactionReceipt, name: string): Result[] {
  // Those of a client are connected by address.
  const address = (contract.target as string).toLowerCase();
  return receipt.logs
    .filter((log) => log.address.toLowerCase() === address)
    .map((log) => contract.interface.parseLog(log))
    .filter((event) => event?.name === name)
    .map((event) => event!.args);
}

/** The arguments of the one event `name` that a call always emits. */
export function eventOf(contract: BaseContract, receipt: ContractTransactionReceipt, name: string): Result {
  const [event] = eventsOf(contract, receipt, name);
  if (event === undefined) throw new Error(`transaction ${receipt.hash} has no event ${name}`);
  return event;
}
