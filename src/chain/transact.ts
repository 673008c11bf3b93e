import type { ContractTransactionReceipt, ContractTransactionResponse, Overrides, Signer } from "ethers";
import { reasonOf, TransactionError } from "./errors.ts";
import { GasHeadroom } from "./gasHeadroom.ts";
import { inTurn } from "./inTurn.ts";
import { mined, MINING_TIMEOUT_MS as timeoutMs, whyReverted } from "./mined.ts";
import { waitingOf } from "./provider.ts";
import { decodeRevert } from "./revert.ts";

/**
 * Sends a transaction and waits until it is mined. Any number may be sent at the same time, by the same or different
 * senders.
 *
 * @param call what is called, for messages
 * @param submit sends it, through the signer and with the overrides that it is given
 * @throws ContractError when a contract refuses it
 * @throws TransactionError when it cannot be sent, or is not mined in time
 */
export async function transact(
  call: string,
  signer: Signer,
  submit: (sender: Signer, overrides: Overrides) => Promise<ContractTransactionResponse>,
): Promise<ContractTransactionReceipt> {
  const sender = await signer.getAddress();
  const waiting = waitingOf(signer.provider);
  let response: ContractTransactionResponse | undefined;
  try {
    response = await inTurn(sender, async () =>
      submit(new GasHeadroom(signer), { nonce: await signer.getNonce("pending") }),
    );
    const { hash } = response;
    return await mined(waiting, { hash, call, timeoutMs, receipt: response.wait(1, timeoutMs) });
  } catch (failure) {
    waiting.signal?.throwIfAborted();
    const again = async ({ to, from, data }: ContractTransactionResponse) => signer.provider?.call({ to, from, data });
    const refusal =
      decodeRevert(call, failure) ?? (response && (await whyReverted(call, async () => again(response!))));
    throw refusal ?? new TransactionError(call, sender, reasonOf(failure), { cause: failure });
  }
}

/** Runs a read-only call. @throws ContractError when a contract refuses it */
export async function ask<T>(call: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (failure) {
    throw decodeRevert(call, failure) ?? failure;
  }
}
